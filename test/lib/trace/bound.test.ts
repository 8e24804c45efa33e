/** The size bound of a saved trace. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  boundAttentionTrace,
  decodeAttentionTrace,
  encodeAttentionTrace,
  encodedSize,
  thinIterations,
} from "cotangent/trace";
import { sampleTrace } from "./sample.js";

const savedBytes = (trace: Parameters<typeof encodeAttentionTrace>[0]): number =>
  Buffer.byteLength(JSON.stringify(encodeAttentionTrace(trace).data));

describe("the size bound", () => {
  it("leaves a trace alone that fits", () => {
    const trace = sampleTrace();
    assert.equal(boundAttentionTrace(trace), trace);
  });

  it("estimates the encoded size closely and never too low", () => {
    for (const size of [{}, { tokens: 1 }, { tokens: 20, heads: 4, iterations: 30 }]) {
      const trace = sampleTrace(size);
      const real = savedBytes(trace);
      assert.ok(encodedSize(trace) >= real && encodedSize(trace) <= real + 40);
    }
  });

  it("thins the iterations until the encoded trace fits, and the trace says so", () => {
    const whole = sampleTrace({ tokens: 8, heads: 4, iterations: 60 });
    const trace = { ...whole, outcome: { ...whole.outcome, bestIteration: 41 } };
    for (const maxBytes of [60_000, 30_000, 14_000]) {
      const bounded = boundAttentionTrace(trace, maxBytes);
      const { iterations, weights } = bounded.frames;
      assert.ok(savedBytes(bounded) <= maxBytes);
      assert.ok(savedBytes(bounded) > maxBytes - 1.1 * 4 * 64 * 4 * (4 / 3) - 40, "no frame too few");
      assert.deepEqual(decodeAttentionTrace(encodeAttentionTrace(bounded).data), bounded);
      assert.equal(iterations[0], 0);
      assert.ok(iterations.includes(41) && iterations.includes(59));
      iterations.forEach((k, f) => {
        const kept = weights.subarray(f * 256, (f + 1) * 256);
        assert.deepEqual(kept, trace.frames.weights.subarray(k * 256, (k + 1) * 256));
      });
      assert.equal(bounded.omissions.length, 1);
      const { what, kept, of, reason } = bounded.omissions[0]!;
      assert.deepEqual([what, kept, of], ["iterations", iterations.length, 60]);
      assert.match(reason, /^the saved trace is bounded to [\d.]+ KiB$/);
      assert.deepEqual(bounded.residuals, trace.residuals);
    }
  });

  it("says it once when a trace is thinned twice", () => {
    const once = boundAttentionTrace(sampleTrace({ iterations: 60 }), 8_000);
    const twice = boundAttentionTrace(once, 7_000);
    assert.equal(twice.omissions.length, 1);
    assert.equal(twice.omissions[0]!.of, 60);
  });

  it("keeps the best iteration alone when only one fits, and says what to do", () => {
    const trace = sampleTrace({ tokens: 40, heads: 2, iterations: 3 });
    const bounded = boundAttentionTrace(trace, 23_000);
    assert.deepEqual([...bounded.frames.iterations], [2]);
    assert.match(bounded.omissions[0]!.reason, /store fewer heads or tokens/);
  });

  it("refuses with the remedy when not even one iteration fits", () => {
    assert.throws(() => boundAttentionTrace(sampleTrace({ tokens: 40 }), 10_000), {
      name: "TraceTooLargeError",
      message: /^One iteration of 2 heads over 40 tokens takes [\d.]+ KiB, .*Solve with fewer tokens/,
    });
  });
});

describe("thinning", () => {
  it("keeps exactly as many as asked, ascending, with the ends and the wanted ones", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 400 }), fc.nat(), fc.nat(), (total, countSeed, wantedSeed) => {
        const count = 3 + (countSeed % (total - 3));
        const wanted = wantedSeed % total;
        const kept = thinIterations(total, count, [wanted]);
        assert.equal(kept.length, count);
        assert.equal(new Set(kept).size, count);
        assert.deepEqual(
          kept,
          kept.toSorted((a, b) => a - b),
        );
        assert.ok(kept.includes(0) && kept.includes(total - 1) && kept.includes(wanted));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("is denser where a solve moves most", () => {
    assert.deepEqual(
      thinIterations(64, 16, [60]),
      [0, 1, 2, 4, 7, 11, 12, 13, 21, 22, 25, 37, 38, 50, 60, 63],
    );
  });
});
