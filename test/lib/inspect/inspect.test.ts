import assert from "node:assert/strict";
import { inspect } from "cotangent";
import { decodeTapeTrace, TAPE_MIME } from "cotangent/trace";
import { compiled } from "../../support/compiled.js";

/** The mean of a call's discounted payoff over paths, with the normals of those paths. */
const meanCall = compiled<(spot: number, strike: number, shocks: readonly number[]) => number>(
  `(spot, strike, shocks) => { "use ad";
  let sum = 0;
  for (const z of shocks) sum += Math.max(spot * Math.exp(0.2 * z - 0.02) - strike, 0);
  return sum / shocks.length;
}`,
);
/** Evenly spread quantiles of the normal law would need its inverse; any spread of shocks has the kink in its middle. */
const shocks = Array.from({ length: 41 }, (_, i) => (i - 20) / 10);

describe("inspecting a function", () => {
  it("oracle 1: a program that overwrites its variables: exactly 8", () => {
    const f = compiled<(ud: number) => number>(
      `(ud) => { "use ad"; let u = 2 * ud + 4; u = 3 * u + ud; return u + ud; }`,
    );
    const { nodes, edges } = inspect(f, 5).trace;
    assert.equal(nodes.adjoint[0], 8);
    // Each version of u has its own adjoint: p₁ = 3 for 2·ud + 4, p₂ = 1 for 3·u + ud.
    const sums = Array.from(nodes.value, (value, n) => [value, nodes.adjoint[n]]);
    assert.ok(sums.some(([value, adjoint]) => value === 14 && adjoint === 3));
    assert.ok(sums.some(([value, adjoint]) => value === 47 && adjoint === 1));
    assert.ok(edges.from.length > 0);
  });

  it("names the inputs as the function does", () => {
    const { trace } = inspect(meanCall, 100, 95, [0.5]);
    assert.deepEqual(trace.inputs.map(({ path }) => path), ["spot", "strike", "shocks[0]"]); // prettier-ignore
    const one = compiled<(m: { vol: number }) => number>(`(m) => { "use ad"; return m.vol * 2; }`);
    assert.deepEqual(
      inspect(one, { vol: 1 }).trace.inputs.map(({ path }) => path),
      ["m.vol"],
    );
    const destructured = compiled<(m: { vol: number }) => number>(
      `({ vol }) => { "use ad"; return vol * 2; }`,
    );
    assert.deepEqual(
      inspect(destructured, { vol: 1 }).trace.inputs.map(({ path }) => path),
      ["argument.vol"],
    );
  });

  it("shows itself in a kernel as a trace that can be read, and words", () => {
    const seen = inspect(meanCall, 100, 95, [0.5]) as unknown as Record<
      symbol,
      () => Record<string, unknown>
    >;
    const shown = seen[Symbol.for("Jupyter.display")]!();
    assert.equal(decodeTapeTrace(JSON.parse(JSON.stringify(shown[TAPE_MIME]))).inputs[0]!.path, "spot");
    assert.match(String(shown["image/png"]), /^iVBORw0KGgo/);
    assert.match(String(shown["text/plain"]), /^Tape of \S+ = 13\.\d+: \d+ nodes, 3 inputs\n {2}∂\/∂spot/);
  });

  it("has the adjoints of another number of the result when asked", () => {
    const two = compiled<(x: number) => number[]>(`(x) => { "use ad"; return [x * 3, x * x]; }`);
    assert.equal(inspect(two, 5).trace.nodes.adjoint[0], 3);
    assert.equal(inspect(two, 5).of(1).trace.nodes.adjoint[0], 10);
    assert.throws(() => inspect(two, 5).of(2), { name: "OptionError" });
  });

  it("gives the value and the tape as record does", () => {
    const seen = inspect(meanCall, 100, 95, [0.5]);
    assert.equal(seen.value, meanCall(100, 95, [0.5]));
    assert.equal(seen.recorded.replay(101, 95, [0.5]), meanCall(101, 95, [0.5]));
  });
});

describe("the kink check of an inspection", () => {
  const found = inspect(meanCall, 100, 100, shocks).trace;

  it("oracle 19: AD's Γ of a call is exactly 0, and the inspection says so, naming the kink's node", () => {
    const [finding] = found.findings;
    assert.match(
      finding!.what,
      /^∂²\/∂\(spot\)² is 0 by AD, but 0\.0\d+ by a difference of AD's own first derivative/,
    );
    assert.equal(found.operations[found.nodes.operation[finding!.node]!], "max");
    assert.match(finding!.remedy, /likelihood ratio or Vibrato/);
  });

  it("finds the kink that is nearest to its threshold", () => {
    const node = found.findings[0]!.node;
    const margin = found.nodes.value[found.edges.from[found.edges.offsets[node]!]!]!;
    assert.ok(Math.abs(margin) <= 2, `${margin}`);
  });

  it("is silent for a smooth function, for a kink far away, and where AD sees the second derivative", () => {
    const smooth = compiled<(x: number) => number>(`(x) => { "use ad"; return Math.exp(x) * x; }`);
    assert.deepEqual(inspect(smooth, 1).trace.findings, []);
    assert.deepEqual(inspect(meanCall, 100, 50, [0.1]).trace.findings, []);
    const both = compiled<(x: number) => number>(`(x) => { "use ad"; return Math.abs(x) * x * x; }`);
    assert.deepEqual(inspect(both, 1).trace.findings, []);
  });

  it("is silent for a function that draws other numbers every time", () => {
    const drawn = compiled<(x: number, draw: never) => number>(`(x) => { "use ad"; return Math.max(x - 1 + 0.01 * globalThis.__drawn(), 0) * x; }`); // prettier-ignore
    let n = 0;
    (globalThis as unknown as { __drawn: () => number }).__drawn = () => Math.sin(n++);
    assert.deepEqual(inspect(drawn as unknown as (x: number) => number, 1).trace.findings, []);
  });

  it("tells of a branch that makes a kink, with no node", () => {
    const branch = compiled<(x: number, k: readonly number[]) => number>(
      `(x, k) => { "use ad"; let sum = 0; for (const strike of k) if (x > strike) sum += x - strike; return sum; }`,
    );
    const strikes = Array.from({ length: 21 }, (_, i) => 99 + i / 10);
    const [finding] = inspect(branch, 100.05, strikes).trace.findings;
    assert.match(finding!.what, /^∂²\/∂\(x\)² is 0 by AD, but 10 by/);
    assert.equal(finding!.node, -1);
  });
});
