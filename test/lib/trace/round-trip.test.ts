/** What goes through the codec comes out the same. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type AttentionTrace, decodeAttentionTrace, encodeAttentionTrace, readTrace } from "cotangent/trace";
import { sampleTrace, withVerdict } from "./sample.js";

const anyFloat32 = fc.float({ noDefaultInfinity: false, noNaN: false });
const anyFloat64 = fc.double({ noDefaultInfinity: false, noNaN: false });
const float32s = (length: number) =>
  fc.array(anyFloat32, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
const float64s = (length: number) =>
  fc.array(anyFloat64, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

const anyTrace: fc.Arbitrary<AttentionTrace> = fc
  .record({
    N: fc.integer({ min: 1, max: 4 }),
    H: fc.integer({ min: 1, max: 3 }),
    K: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ N, H, K }) =>
    fc.record({
      trace: fc.constant(sampleTrace({ tokens: N, heads: H, iterations: K })),
      tokens: fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { minLength: N, maxLength: N }),
      weights: float32s(K * H * N * N),
      perToken: float32s(K * N),
      curves: fc.tuple(float64s(K), float64s(K), float64s(K), float64s(K)),
    }),
  )
  .map(({ trace, tokens, weights, perToken, curves: [absolute, relative, drift, tokenSpread] }) => ({
    ...trace,
    tokens,
    frames: { ...trace.frames, weights },
    residuals: { absolute, relative, perToken },
    drift,
    tokenSpread,
  }));

/** The JSON that another program would read. */
const throughJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

/** The same bytes at an odd offset inside a larger buffer, as a comm may deliver them. */
function shifted(bytes: Uint8Array, offset: number): DataView {
  const larger = new Uint8Array(bytes.length + offset + 3).fill(0xaa);
  larger.set(bytes, offset);
  return new DataView(larger.buffer, offset, bytes.length);
}

describe("an attention trace", () => {
  it("survives the round trip through JSON with base64, NaN and infinities included", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const { data, buffers } = encodeAttentionTrace(trace);
        assert.deepEqual(buffers, []);
        assert.deepEqual(decodeAttentionTrace(throughJson(data)), trace);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("survives the round trip through binary buffers at any byte offset", () => {
    fc.assert(
      fc.property(anyTrace, fc.nat({ max: 9 }), (trace, offset) => {
        const { data, buffers } = encodeAttentionTrace(trace, { arrays: "buffers" });
        const received = buffers.map((bytes) => shifted(bytes, offset));
        assert.deepEqual(decodeAttentionTrace(throughJson(data), received), trace);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it("carries the verdict, the spectrum and the rivals of version 1.1; one of 1.0 is read without them", () => {
    const full = withVerdict(sampleTrace());
    for (const arrays of ["base64", "buffers"] as const) {
      const { data, buffers } = encodeAttentionTrace(full, { arrays });
      assert.deepEqual(decodeAttentionTrace(throughJson(data), buffers), full);
    }
    const old = decodeAttentionTrace(
      throughJson(encodeAttentionTrace({ ...sampleTrace(), version: "1.0" }).data),
    );
    assert.equal(old.version, "1.0");
    for (const name of ["diagnosis", "spectrum", "rivals"]) assert.ok(!(name in old));
    assert.ok(!("stoppedAt" in old.residuals));
  });

  it("is read from whole ArrayBuffers too", () => {
    const trace = sampleTrace();
    const { data, buffers } = encodeAttentionTrace(trace, { arrays: "buffers" });
    assert.equal(buffers.length, 7);
    const received = buffers.map((bytes) => bytes.slice().buffer);
    assert.deepEqual(decodeAttentionTrace(data, received), trace);
  });

  it("writes the base64 that everyone else reads, little-endian", () => {
    const trace = sampleTrace({ tokens: 1, heads: 1, iterations: 1 });
    const weights = Float32Array.of(1.5);
    const { data } = encodeAttentionTrace({ ...trace, frames: { ...trace.frames, weights } });
    assert.deepEqual(data.frames.weights, { dtype: "float32", shape: [1, 1, 1, 1], base64: "AADAPw==" });
    for (const length of [1, 2, 3, 4, 5, 6]) {
      const sample = sampleTrace({ tokens: length, heads: 1, iterations: 1 });
      const { perToken } = encodeAttentionTrace(sample).data.residuals;
      const bytes = Buffer.from(sample.residuals.perToken.buffer);
      assert.deepEqual(perToken, { dtype: "float32", shape: [1, length], base64: bytes.toString("base64") });
    }
  });

  it("is recognised by its kind", () => {
    const trace = sampleTrace();
    const mimeType = "application/vnd.cotangent.attention.v1+json";
    assert.deepEqual(readTrace(encodeAttentionTrace(trace).data, { mimeType }), trace);
  });

  it("may carry fields of a later 1.x, which are ignored", () => {
    const trace = { ...sampleTrace(), version: "1.7" };
    const { data } = encodeAttentionTrace(trace);
    const later = { ...data, gradient: { mode: "implicit" }, solver: { ...data.solver, history: 5 } };
    assert.deepEqual(decodeAttentionTrace(later), trace);
  });

  it("cannot be written when its arrays contradict its lengths", () => {
    const trace = sampleTrace();
    assert.throws(() => encodeAttentionTrace({ ...trace, drift: new Float64Array(7) }), {
      name: "MalformedTraceError",
      message: "An array of 7 values cannot have the shape [4].",
    });
  });
});
