/** The size bound of a saved ranks trace. */
import assert from "node:assert/strict";
import { boundRanksTrace, decodeRanksTrace, encodeRanksTrace, keepSteps, ranksEncodedSize, type RanksTrace } from "cotangent/trace"; // prettier-ignore
import { sampleRanks } from "./sample.js";

const savedBytes = (trace: RanksTrace): number =>
  Buffer.byteLength(JSON.stringify(encodeRanksTrace(trace).data));

describe("the size bound of a ranks trace", () => {
  it("leaves a trace alone that fits", () => {
    const trace = sampleRanks();
    assert.equal(boundRanksTrace(trace), trace);
  });

  it("estimates the encoded size closely and never too low", () => {
    for (const size of [
      {},
      { steps: 1 },
      { steps: 1000, sites: 4, layers: 5 },
      { steps: 77, singularValues: 0 },
    ]) {
      const trace = sampleRanks(size);
      const real = savedBytes(trace);
      assert.ok(ranksEncodedSize(trace) >= real && ranksEncodedSize(trace) <= real + 200, `${real} ${ranksEncodedSize(trace)}`); // prettier-ignore
    }
  });

  it("thins the steps until the encoded trace fits, keeps the ends, and says so", () => {
    const trace = sampleRanks({ steps: 500 });
    for (const maxBytes of [100_000, 30_000, 10_000]) {
      const bounded = boundRanksTrace(trace, maxBytes);
      assert.ok(
        savedBytes(bounded) <= maxBytes && savedBytes(bounded) > maxBytes - 1200,
        `${savedBytes(bounded)}`,
      );
      assert.deepEqual(decodeRanksTrace(JSON.parse(JSON.stringify(encodeRanksTrace(bounded).data))), bounded);
      const { recorded, omissions, bytes, spectra } = bounded;
      assert.deepEqual([recorded[0], recorded.at(-1)], [0, 499]);
      assert.deepEqual(omissions.map(({ what, kept, of }) => [what, kept, of]), [["steps", recorded.length, 500]]); // prettier-ignore
      assert.match(omissions[0]!.reason, /^the saved trace is bounded to [\d.]+ KiB$/);
      recorded.forEach((t, i) => {
        assert.deepEqual(bytes.up.subarray(i * 6, (i + 1) * 6), trace.bytes.up.subarray(t * 6, (t + 1) * 6));
        assert.deepEqual(spectra.values.subarray(i * 30, (i + 1) * 30), trace.spectra.values.subarray(t * 30, (t + 1) * 30)); // prettier-ignore
      });
      assert.deepEqual(bounded.measures, trace.measures);
    }
  });

  it("says it once when a trace is thinned twice, beside what else was left out", () => {
    const other = { what: "singular values", kept: 5, of: 32, reason: "the largest" };
    const once = boundRanksTrace({ ...sampleRanks({ steps: 100 }), omissions: [other] }, 30_000);
    const twice = boundRanksTrace(once, 20_000);
    assert.deepEqual(twice.omissions.map(({ what }) => what), ["singular values", "steps"]); // prettier-ignore
    assert.equal(twice.omissions[1]!.of, 100);
  });

  it("refuses with the remedy when not even one step fits", () => {
    assert.throws(() => boundRanksTrace(sampleRanks({ layers: 100, sites: 10 }), 10_000), {
      name: "TraceTooLargeError",
      message: /^One step of 100 layers at 10 sites takes [\d.]+ KiB, .*Record fewer singular values/,
    });
  });

  it("keeps chosen steps", () => {
    assert.deepEqual([...keepSteps(sampleRanks(), [1, 3]).recorded], [1, 3]);
  });
});
