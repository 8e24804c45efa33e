/** What is sent of a solve that still runs, where its attention is too large to be sent often. */
import assert from "node:assert/strict";

import { decodeAttentionTrace, encodeAttentionTrace, liveAttentionTrace, TraceTooLargeError } from "cotangent/trace"; // prettier-ignore
import { groupTokens } from "../../../lib/src/trace/group-tokens.js";
import { inTraining, sampleTrace, withVerdict } from "./sample.js";

const KIB = 1024;
const bytes = (trace: ReturnType<typeof sampleTrace>): number =>
  Buffer.byteLength(JSON.stringify(encodeAttentionTrace(trace).data));

describe("tokens in groups", () => {
  it("have their attention summed over keys and averaged over queries, and their worst residual", () => {
    const trace = withVerdict(sampleTrace({ tokens: 5, heads: 2, iterations: 3 }));
    const { frames, residuals, tokens, omissions } = groupTokens(trace, 2);
    const groups = [[0, 1], [2, 3], [4]]; // prettier-ignore
    assert.deepEqual(tokens, ["token 0 … token 1", "token 2 … token 3", "token 4"]);
    const of = (square: number, i: number, j: number) => trace.frames.weights[(square * 5 + i) * 5 + j]!;
    for (let square = 0; square < 6; square++)
      groups.forEach((queries, g) =>
        groups.forEach((keys, h) => {
          const sum = queries.flatMap((i) => keys.map((j) => of(square, i, j))).reduce((a, b) => a + b);
          const got = frames.weights[(square * 3 + g) * 3 + h]!;
          assert.ok(Math.abs(got - sum / queries.length) < 1e-6, `${got} at ${square}, ${g}, ${h}`);
        }),
      );
    assert.equal(residuals.perToken[3 + 1], Math.max(...trace.residuals.perToken.subarray(5 + 2, 5 + 4)));
    assert.deepEqual(residuals.stoppedAt, Int32Array.of(-1, 2, 3));
    assert.deepEqual(residuals.absolute, trace.residuals.absolute);
    assert.deepEqual([omissions[0]!.what, omissions[0]!.kept, omissions[0]!.of], ["tokens", 3, 5]);
  });

  it("do not hide what is not finite", () => {
    const trace = sampleTrace({ tokens: 4, heads: 1, iterations: 1 });
    trace.frames.weights[5] = NaN;
    trace.residuals.perToken[2] = NaN;
    const { frames, residuals } = groupTokens(trace, 2);
    assert.deepEqual(Array.from(frames.weights, Number.isNaN), [true, false, false, false]);
    assert.deepEqual(Array.from(residuals.perToken, Number.isNaN), [false, true]);
  });
});

describe("what is sent of a solve that runs", () => {
  it("is the trace itself where that is small", () => {
    const trace = sampleTrace();
    assert.equal(liveAttentionTrace(trace, 256 * KIB), trace);
  });

  it("shows 256 tokens and 8 heads in groups of tokens, within its bytes, and says so", () => {
    const trace = sampleTrace({ tokens: 256, heads: 8, iterations: 12 });
    const live = liveAttentionTrace(trace, 256 * KIB);
    assert.ok(bytes(live) <= 256 * KIB);
    assert.deepEqual(decodeAttentionTrace(encodeAttentionTrace(live).data), live);
    assert.equal(live.tokens.length, 64);
    assert.equal(live.heads.length, 8);
    assert.deepEqual(live.frames.iterations, Int32Array.of(11));
    assert.deepEqual(live.omissions.map(({ what, kept, of }) => [what, kept, of])[1], ["tokens", 64, 256]);
    assert.equal(live.drift.length, 12);
  });

  it("has both fewer steps and groups of tokens where a training run is watched for long", () => {
    const trace = inTraining(sampleTrace({ tokens: 100, heads: 2, iterations: 400 }));
    const live = liveAttentionTrace(trace, 64 * KIB);
    assert.ok(bytes(live) <= 64 * KIB);
    assert.deepEqual(decodeAttentionTrace(encodeAttentionTrace(live).data), live);
    assert.ok(live.omissions.some(({ what }) => what === "tokens"));
  });

  it("is refused only where the words alone are too large", () => {
    assert.throws(() => liveAttentionTrace(sampleTrace({ tokens: 64, iterations: 300 }), KIB), TraceTooLargeError); // prettier-ignore
  });
});
