import assert from "node:assert/strict";
import { inspect, inspectPaths, ops } from "cotangent";
import {
  boundTapeTrace,
  decodeTapeTrace,
  encodeTapeTrace,
  tapeEncodedSize,
  traceOfPath,
} from "cotangent/trace";
import { compiled } from "../../support/compiled.js";

const call = compiled<(spot: number, z: number) => number>(
  `function call(spot, z) { "use ad"; return Math.max(spot * Math.exp(0.2 * z) - 100, 0); }`,
);
const shocks = Array.from({ length: 41 }, (_, i) => (i - 20) / 10);
const seen = inspectPaths(call, shocks.map((z) => [100, z] as [number, number])); // prettier-ignore

describe("inspecting many paths", () => {
  it("has every node's value and adjoint on every path, and shows the path in the middle", () => {
    const { paths, nodes, outputs } = seen.trace;
    const N = nodes.id.length;
    assert.equal(paths!.count, 41);
    assert.deepEqual([paths!.value.length, paths!.adjoint.length], [41 * N, 41 * N]);
    const results = shocks.map((_, p) => paths!.value[p * N + outputs[0]!.node]!);
    shocks.forEach((z, p) => assert.equal(results[p], Math.fround(call(100, z))));
    const own = results[paths!.shown]!;
    assert.equal(results.filter((each) => each < own).length <= 20, true);
    assert.equal(results.filter((each) => each > own).length <= 20, true);
  });

  it("gives each path as a tape of its own: the tape that is recorded of it, in single precision", () => {
    const { nodes, edges } = traceOfPath(seen.trace, 35);
    const alone = inspect(call, 100, shocks[35]!).trace;
    const single = (of: Float64Array) => Array.from(of, Math.fround);
    assert.deepEqual(Array.from(nodes.value), single(alone.nodes.value));
    assert.deepEqual(Array.from(nodes.adjoint), single(alone.nodes.adjoint));
    assert.deepEqual(Array.from(edges.partial), single(alone.edges.partial));
    assert.throws(() => traceOfPath(seen.trace, 41), RangeError);
    assert.throws(() => traceOfPath(alone, 0), RangeError);
  });

  it("keeps the paths that go as the first, and tells how many do not", () => {
    const branch = (x: number): number =>
      (ops.gt(x as never, 0 as never)
        ? ops.mul(x as never, 2 as never)
        : ops.sin(x as never)) as unknown as number;
    const { paths, omissions } = inspectPaths(branch, [[1], [-1], [2], [-2], [3]]).trace;
    assert.equal(paths!.count, 3);
    assert.deepEqual(omissions.map(({ what, kept, of }) => [what, kept, of]), [["paths", 3, 5]]); // prettier-ignore
  });

  it("survives the round trip through JSON, and loses paths before it loses nodes", () => {
    const json = JSON.parse(JSON.stringify(encodeTapeTrace(seen.trace).data)) as unknown;
    assert.deepEqual(decodeTapeTrace(json), seen.trace);
    const size = tapeEncodedSize(seen.trace);
    const bounded = boundTapeTrace(seen.trace, Math.floor(0.8 * size));
    assert.ok(tapeEncodedSize(bounded) <= 0.8 * size);
    const { paths, nodes, omissions } = bounded;
    const N = nodes.id.length;
    assert.equal(N, seen.trace.nodes.id.length);
    assert.ok(paths!.count < 41 && paths!.count >= 16, `${paths!.count}`);
    assert.deepEqual(omissions.map(({ what, kept, of }) => [what, kept, of]), [["saved paths", paths!.count, 41]]); // prettier-ignore
    assert.deepEqual(decodeTapeTrace(JSON.parse(JSON.stringify(encodeTapeTrace(bounded).data))), bounded);
    // The least and the largest result, the one that is shown, and kinks counted of all.
    const output = bounded.outputs[0]!.node;
    const results = Array.from({ length: paths!.count }, (_, p) => paths!.value[p * N + output]!);
    assert.deepEqual([Math.min(...results), Math.max(...results)], [0, Math.fround(call(100, 2))]);
    assert.deepEqual(traceOfPath(bounded, paths!.shown), bounded);
    assert.equal(paths!.value[paths!.shown * N + output], Math.fround(nodes.value[output]!));
    assert.deepEqual(paths!.kinks, seen.trace.paths!.kinks);
  });

  it("uses the room that there is, says the first number of paths when bounded twice, and then loses nodes with a few paths left", () => {
    const many = inspectPaths(call, Array.from({ length: 4000 }, (_, i) => [100, Math.sin(i)] as [number, number])).trace; // prettier-ignore
    const whole = tapeEncodedSize(many);
    for (const share of [0.9, 0.5, 0.1]) {
      const bounded = boundTapeTrace(many, Math.floor(share * whole));
      const found = tapeEncodedSize(bounded);
      assert.ok(found <= share * whole && found > 0.97 * share * whole, `${found} of ${share * whole}`);
      assert.equal(bounded.nodes.id.length, many.nodes.id.length);
    }
    const twice = boundTapeTrace(boundTapeTrace(many, whole / 2), whole / 4);
    assert.deepEqual(twice.omissions.map(({ what, of }) => [what, of]), [["saved paths", 4000]]); // prettier-ignore
    const least = boundTapeTrace(many, whole);
    assert.equal(least, many);
    const small = boundTapeTrace(many, 4000);
    assert.equal(small.paths!.count, 16);
    assert.ok(small.nodes.id.length < many.nodes.id.length);
    assert.deepEqual(small.omissions.map(({ what }) => what), ["saved paths", "nodes"]); // prettier-ignore
    assert.ok(tapeEncodedSize(small) <= 4000);
  });

  it("does not keep one kind of path alone where every other one is antithetic", () => {
    const pairs = Array.from({ length: 400 }, (_, i) => [100, (i % 2 === 0 ? 1 : -1) * (0.1 + (i >> 1) / 100)] as [number, number]); // prettier-ignore
    const { trace } = inspectPaths(call, pairs);
    const { paths, nodes, inputs } = boundTapeTrace(trace, 0.5 * tapeEncodedSize(trace));
    const z = inputs[1]!.node;
    const ups = Array.from({ length: paths!.count }, (_, p) => paths!.value[p * nodes.id.length + z]! > 0);
    const share = ups.filter(Boolean).length / ups.length;
    assert.ok(share > 0.4 && share < 0.6, `${share}`);
  });

  it("refuses no path at all", () => {
    assert.throws(() => inspectPaths(call, []), { name: "OptionError", message: /it is empty/ });
  });
});

describe("the kink lens over paths", () => {
  const margin = (z: number) => 100 * Math.exp(0.2 * z) - 100;
  const found = shocks.map(margin);
  const mean = found.reduce((sum, each) => sum + each, 0) / found.length;
  const spread = Math.sqrt(found.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (found.length - 1));

  it("counts, for a call, the paths within δ of the strike, below it and above it, as a direct count does", () => {
    const { kinks, fractions } = seen.trace.paths!;
    assert.equal(kinks.length, 1);
    const [kink] = kinks;
    assert.equal(seen.trace.operations[seen.trace.nodes.operation[kink!.node]!], "max");
    assert.ok(Math.abs(kink!.spread - spread) < 1e-9);
    fractions.forEach((fraction, i) =>
      assert.equal(kink!.within[i], found.filter((each) => Math.abs(each) <= fraction * spread).length),
    );
    assert.deepEqual(
      [kink!.paths, kink!.below, kink!.above],
      [41, found.filter((each) => each < 0).length, found.filter((each) => each > 0).length],
    );
  });

  it("counts those that branch away at a comparison too, but not behind it", () => {
    const barrier = compiled<(x: number, y: number) => number>(
      `(x, y) => { "use ad"; if (x > 1) { return Math.abs(y) * x; } return Math.abs(x) + y; }`,
    );
    const { kinks, count } = inspectPaths(barrier, [[2, 1], [3, -1], [0.5, 1], [1.5, 2], [0, 0]]).trace.paths!; // prettier-ignore
    assert.equal(count, 3);
    const branch = kinks.find(({ isBranch }) => isBranch)!;
    assert.match(branch.what, /> 1/);
    assert.deepEqual([branch.paths, branch.below, branch.above], [5, 2, 3]);
    assert.equal(branch.node, 0);
    const abs = kinks.find(({ what }) => what === "abs")!;
    assert.deepEqual([abs.paths, abs.below, abs.above], [3, 1, 2]);
  });

  it("counts where all paths have the same margin, and a margin that is NaN on none", () => {
    const { kinks } = inspectPaths(call, [[100, 0], [100, 0], [NaN, 0]] as [number, number][]).trace.paths!; // prettier-ignore
    const [kink] = kinks;
    assert.deepEqual([kink!.paths, kink!.spread, kink!.below, kink!.above], [2, 0, 0, 0]);
    assert.deepEqual(kink!.within, kink!.within.map(() => 2)); // prettier-ignore
  });

  it("keeps the 256 that the largest share comes near to, says so, and moves them with the nodes", () => {
    const many = (x: number): number => {
      let sum = x as never;
      for (let i = 0; i < 300; i++) sum = ops.add(sum, ops.abs(ops.sub(x as never, i as never))) as never;
      return sum;
    };
    const { trace } = inspectPaths(many, [[1], [2], [3]]);
    assert.equal(trace.paths!.kinks.length, 256);
    assert.deepEqual(trace.omissions.map(({ what, kept, of }) => [what, kept, of]), [["kinks and branches", 256, 300]]); // prettier-ignore
    const bounded = boundTapeTrace(trace, Math.floor(0.7 * tapeEncodedSize(trace)));
    const gone = bounded.paths!.kinks.filter(({ node }) => node < 0).length;
    assert.ok(gone > 0 && gone < 256);
    for (const { node } of bounded.paths!.kinks)
      if (node >= 0) assert.equal(bounded.operations[bounded.nodes.operation[node]!], "abs");
  });

  it("is in the summary, with what δ is", () => {
    assert.match(
      String(seen),
      /kink +max.*: \d[\d.]* % of 41 paths within δ = 0\.1 σ = 2\.\d+ of it; 48\.8 % below, 48\.8 % above/,
    );
  });
});
