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

  it("survives the round trip through JSON, and is bounded with the nodes", () => {
    const json = JSON.parse(JSON.stringify(encodeTapeTrace(seen.trace).data)) as unknown;
    assert.deepEqual(decodeTapeTrace(json), seen.trace);
    const size = tapeEncodedSize(seen.trace);
    const bounded = boundTapeTrace(seen.trace, Math.floor(0.8 * size));
    assert.ok(tapeEncodedSize(bounded) <= 0.8 * size);
    const [N, kept] = [seen.trace.nodes.id.length, bounded.nodes.id.length];
    assert.equal(bounded.paths!.value.length, 41 * kept);
    assert.equal(bounded.paths!.value.at(-1), seen.trace.paths!.value.at(-1));
    assert.equal(bounded.paths!.value[0], seen.trace.paths!.value[0]);
    assert.ok(kept < N);
  });

  it("refuses no path at all", () => {
    assert.throws(() => inspectPaths(call, []), { name: "OptionError", message: /it is empty/ });
  });
});
