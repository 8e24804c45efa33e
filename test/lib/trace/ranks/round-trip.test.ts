/** What goes through the codec of ranks traces comes out the same. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeRanksTrace, encodeRanksTrace, RANKS_MIME, type RanksTrace, readTrace } from "cotangent/trace";
import { sampleRanks } from "./sample.js";

const anyFloat32 = fc.float({ noDefaultInfinity: false, noNaN: false });
const anyFloat64 = fc.double({ noDefaultInfinity: false, noNaN: false });
const float32s = (length: number) =>
  fc.array(anyFloat32, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
const float64s = (length: number) =>
  fc.array(anyFloat64, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

const size = (max: number, min = 1) => fc.integer({ min, max });
const anyTrace: fc.Arbitrary<RanksTrace> = fc
  .record({ steps: size(4), layers: size(3), sites: size(3), singularValues: size(4, 0) })
  .chain(({ steps, layers, sites, singularValues }) => {
    const cells = steps * layers * sites;
    return fc.record({
      trace: fc.constant(sampleRanks({ steps, layers, sites, singularValues })),
      names: fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { minLength: sites, maxLength: sites }),
      values: float32s(cells * singularValues),
      effectiveRank: float32s(cells),
      up: float64s(cells),
      loss: float64s(steps * sites),
    });
  })
  .map(({ trace, names, values, effectiveRank, up, loss }) => ({
    ...trace,
    sites: names,
    spectra: { ...trace.spectra, values },
    effectiveRank,
    bytes: { ...trace.bytes, up },
    loss,
  }));

const throughJson = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

describe("a ranks trace", () => {
  it("survives the round trip through JSON with base64, NaN and infinities included", () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const { data, buffers } = encodeRanksTrace(trace);
        assert.deepEqual(buffers, []);
        assert.deepEqual(decodeRanksTrace(throughJson(data)), trace);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("survives the round trip through binary buffers at any byte offset", () => {
    fc.assert(
      fc.property(anyTrace, fc.nat({ max: 9 }), (trace, offset) => {
        const { data, buffers } = encodeRanksTrace(trace, { arrays: "buffers" });
        const received = buffers.map((bytes) => {
          const larger = new Uint8Array(bytes.length + offset + 3).fill(0xaa);
          larger.set(bytes, offset);
          return new DataView(larger.buffer, offset, bytes.length);
        });
        assert.deepEqual(decodeRanksTrace(throughJson(data), received), trace);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it("is recognised by its kind, and by its MIME type", () => {
    const trace = sampleRanks();
    const { data } = encodeRanksTrace(trace);
    assert.deepEqual(readTrace(data, { mimeType: RANKS_MIME }), trace);
    assert.equal(RANKS_MIME, "application/vnd.cotangent.ranks.v1+json");
  });

  it("may carry fields of a later 1.x, which are ignored", () => {
    const trace = { ...sampleRanks(), version: "1.7" };
    const { data } = encodeRanksTrace(trace);
    assert.deepEqual(
      decodeRanksTrace({ ...data, colour: "blue", method: { ...data.method, more: 1 } }),
      trace,
    );
  });

  it("of version 1.0 is a run that is done, of unknown rows, beside no other", () => {
    const { status: _, factorRows: __, others: ___, ...data } = encodeRanksTrace({ ...sampleRanks(), version: "1.0" }).data; // prettier-ignore
    const trace = decodeRanksTrace(data);
    assert.deepEqual(trace, { ...sampleRanks(), version: "1.0", factorRows: new Int32Array(24), others: [] });
  });

  it("cannot be written when its arrays contradict its lengths", () => {
    assert.throws(() => encodeRanksTrace({ ...sampleRanks(), loss: new Float64Array(7) }), {
      name: "MalformedTraceError",
      message: "An array of 7 values cannot have the shape [4, 3].",
    });
  });
});
