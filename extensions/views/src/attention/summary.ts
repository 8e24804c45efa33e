/** One pass over all weights: how many of them are not what a weight should be. */
import type { AttentionTrace } from "cotangent/trace";

export interface AttentionSummary {
  /** Weights that are not finite, over all frames and heads. */
  readonly bad: number;
  /** Frames in which any head has such a weight. */
  readonly badFrames: number;
  /** Finite weights below zero. */
  readonly negative: number;
}

export function summarise({ frames }: AttentionTrace): AttentionSummary {
  const { weights, iterations } = frames;
  const perFrame = weights.length / iterations.length;
  let [bad, badFrames, negative, offset] = [0, 0, 0, 0];
  for (let f = 1; f <= iterations.length; f++) {
    const before = bad;
    for (; offset < f * perFrame; offset++) {
      const value = weights[offset]!;
      // x − x is 0 for every finite number and NaN for the others.
      if (value - value !== 0) bad++;
      else if (value < 0) negative++;
    }
    if (bad > before) badFrames++;
  }
  return { bad, badFrames, negative };
}
