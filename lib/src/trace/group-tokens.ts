/** An attention trace over groups of neighbouring tokens: what can be shown of one that is too large to be sent often. */
import type { AttentionTrace } from "./attention.js";

/**
 * Every `by` neighbouring tokens as one: attention summed over the keys of a group and averaged over its queries, so that rows still
 * sum to 1; the largest of its residuals; settled when all of it is. What is over all tokens at once is kept as it is.
 *
 * @param by at least 1; the last group may be smaller
 */
export function groupTokens(trace: AttentionTrace, by: number): AttentionTrace {
  const N = trace.tokens.length;
  if (by <= 1 || N < 2) return trace;
  const n = Math.ceil(N / by);
  const groups = Array.from({ length: n }, (_, g) => ({ from: g * by, to: Math.min((g + 1) * by, N) }));
  const { perToken, stoppedAt } = trace.residuals;
  return {
    ...trace,
    tokens: groups.map(({ from, to }) => name(trace.tokens[from]!, trace.tokens[to - 1]!, to - from)),
    frames: { ...trace.frames, weights: summed(trace.frames.weights, N, by) },
    residuals: {
      ...trace.residuals,
      perToken: largest(perToken, N, by),
      ...(stoppedAt && {
        stoppedAt: Int32Array.from(groups, ({ from, to }) => settled(stoppedAt.subarray(from, to))),
      }),
    },
    omissions: [
      ...trace.omissions,
      {
        what: "tokens",
        kept: n,
        of: N,
        reason: `while it runs they are in groups of ${by}, attention summed over the keys and averaged over the queries of each`,
      },
    ],
  };
}

/** "the … orchestra", no longer than the two halves of a name may be. */
const name = (first: string, last: string, count: number): string =>
  count === 1 ? first : `${first.slice(0, 60)} … ${last.slice(0, 60)}`;

const settled = (stoppedAt: Int32Array): number => (stoppedAt.includes(-1) ? -1 : Math.max(...stoppedAt));

/** [any, N, N] → [any, n, n] */
function summed(weights: Float32Array, N: number, by: number): Float32Array {
  const n = Math.ceil(N / by);
  const rows = weights.length / N;
  const grouped = new Float32Array((rows / N) * n * n);
  for (let row = 0; row < rows; row++) {
    const [square, query] = [Math.floor(row / N), row % N];
    const group = Math.floor(query / by);
    const share = 1 / (Math.min((group + 1) * by, N) - group * by);
    const at = (square * n + group) * n;
    for (let key = 0; key < N; key++) grouped[at + Math.floor(key / by)]! += weights[row * N + key]! * share;
  }
  return grouped;
}

/** [K, N] → [K, n]; NaN where one of the group is. */
function largest(values: Float32Array, N: number, by: number): Float32Array {
  const n = Math.ceil(N / by);
  const most = new Float32Array((values.length / N) * n).fill(-Infinity);
  values.forEach((value, i) => {
    const at = Math.floor(i / N) * n + Math.floor((i % N) / by);
    most[at] = Math.max(most[at]!, value);
  });
  return most;
}
