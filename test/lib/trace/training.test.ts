/** The training run of an attention trace: what goes through the codec, what is refused, what is thinned. */
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import {
  type AttentionTrace,
  boundAttentionTrace,
  decodeAttentionTrace,
  encodeAttentionTrace,
  MalformedTraceError,
  verdict,
} from "cotangent/trace";
import schema from "cotangent/schema/attention.v1.schema.json" with { type: "json" };
import { inTraining, sampleTrace } from "./sample.js";

const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
const throughJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data));
const trace = inTraining(sampleTrace());
const training = trace.training!;
type Training = NonNullable<AttentionTrace["training"]>;
const decoded = (change: Partial<Record<keyof Training, unknown>>) => () =>
  decodeAttentionTrace(encodeAttentionTrace({ ...trace, training: { ...training, ...change } as Training }).data); // prettier-ignore

describe("the training run of an attention trace", () => {
  it("survives the round trip, by JSON and by buffers, and fits the schema", () => {
    for (const arrays of ["base64", "buffers"] as const) {
      const { data, buffers } = encodeAttentionTrace(trace, { arrays });
      assert.ok(validate(throughJson(data)), JSON.stringify(validate.errors));
      assert.deepEqual(decodeAttentionTrace(throughJson(data), buffers), trace);
    }
  });

  it("may have more steps than a solve may have iterations, which a single solve may not", () => {
    const long = { ...trace, solver: { ...trace.solver, maxIterations: 3 } };
    assert.equal(decodeAttentionTrace(encodeAttentionTrace(long).data).outcome.iterations, 4);
    const { training: _, ...single } = long;
    assert.throws(() => decodeAttentionTrace(encodeAttentionTrace(single).data), MalformedTraceError);
  });

  const wrong: [what: string, change: Parameters<typeof decoded>[0], message: RegExp][] = [
    ["steps that do not ascend", { steps: Int32Array.of(0, 5, 5, 6) }, /training.steps\[2\] .* above the one before/],
    ["a step before the first", { steps: Int32Array.of(-1, 5, 6, 7) }, /training.steps\[0\]/],
    ["more iterations than allowed", { iterations: Int32Array.of(0, 1, 5, 1) }, /training.iterations\[2\] should be 0 to solver.maxIterations, 4/],
    ["a third kind of end", { converged: Uint8Array.of(0, 1, 2, 1) }, /training.converged\[2\] should be 0 or 1/],
    ["an infinite radius", { spectralRadius: Float64Array.of(0, Infinity, 0, 0) }, /training.spectralRadius\[1\] .* or NaN/],
    ["a negative radius", { spectralRadius: Float64Array.of(-1, 0, 0, 0) }, /training.spectralRadius\[0\]/],
  ]; // prettier-ignore
  for (const [what, change, message] of wrong)
    it(`refuses ${what}`, () => assert.throws(decoded(change), { name: "MalformedTraceError", message }));

  it("refuses arrays of another length, and names that are no texts, by the path of the field", () => {
    const data = throughJson(encodeAttentionTrace(trace).data) as { training: Record<string, never> };
    const broken = (change: object) => () =>
      decodeAttentionTrace({ ...data, training: { ...data.training, ...change } });
    const short = { dtype: "int32", shape: [2], base64: "AAAAAAEAAAA=" };
    assert.throws(broken({ steps: short }), /^MalformedTraceError: training.steps.shape is \[2\]/);
    assert.throws(broken({ series: "loss" }), /training.series should be a list/);
    assert.throws(broken({ series: [{ name: 3 }] }), /training.series\[0\].name should be a text/);
    assert.throws(broken({ series: Array(9).fill({}) }), /training.series has 9 entries; at most 8/);
  });

  it("stores fewer pictures where they do not fit, and then says so", () => {
    const long = inTraining(sampleTrace({ tokens: 12, heads: 2, iterations: 200 }));
    const bounded = boundAttentionTrace(long, 96 * 1024);
    assert.ok(bounded.frames.iterations.length < 200);
    assert.equal(bounded.outcome.iterations, 200, "every step keeps its numbers");
    assert.equal(bounded.omissions.at(-1)!.what, "pictures");
    assert.deepEqual(decodeAttentionTrace(encodeAttentionTrace(bounded).data), bounded);
  });

  it("drops every second step where the numbers alone are too many, and then says so", () => {
    const long = inTraining(sampleTrace({ tokens: 12, heads: 1, iterations: 3000 }));
    const bounded = boundAttentionTrace(long, 96 * 1024);
    assert.ok(bounded.outcome.iterations < 1500);
    assert.equal(bounded.training!.steps[0], 0);
    assert.equal(bounded.training!.steps.at(-1), 29_990, "the last step stays");
    assert.ok(bounded.frames.iterations.length > 0);
    const said = bounded.omissions.find(({ what }) => what === "training steps")!;
    assert.equal(said.of, 29_991);
    assert.ok(JSON.stringify(encodeAttentionTrace(bounded).data).length <= 96 * 1024);
    assert.deepEqual(decodeAttentionTrace(encodeAttentionTrace(bounded).data), bounded);
  });

  it("is told in words: how far it came, and which solves failed", () => {
    assert.match(verdict(trace), /^trained 31 steps, loss 1 → 0.333, ρ\(J\) 0 → 1.5, .*1 of 4 solves did NOT converge, first at step 10/); // prettier-ignore
    const running = { ...trace, outcome: { ...trace.outcome, reason: "running" as const, converged: false } };
    assert.match(verdict(running), /^training, 31 steps so far/);
  });
});
