/** One pass over all weights: each head's largest weight and what is not a finite number. */
import type { AttentionTrace } from "cotangent/trace";

export interface AttentionSummary {
  /** [H] the largest finite weight over all stored frames: the end of the head's colour scale; never 0. */
  readonly max: Float64Array;
  /** [H] how many finite weights, over all stored frames, are below zero. */
  readonly negative: Float64Array;
  /** Cells that are not finite, over all frames and heads. */
  readonly bad: number;
  /** Frames in which any head has such a cell. */
  readonly badFrames: number;
}

export function summarise({ tokens, heads, frames }: AttentionTrace): AttentionSummary {
  const cells = tokens.length ** 2;
  const max = new Float64Array(heads.length);
  const negative = new Float64Array(heads.length);
  let [bad, badFrames, offset] = [0, 0, 0];
  for (let f = 0; f < frames.iterations.length; f++) {
    const before = bad;
    for (let h = 0; h < heads.length; h++) {
      let [top, below] = [0, 0];
      const end = offset + cells;
      for (; offset < end; offset++) {
        const value = frames.weights[offset]!;
        if (value - value !== 0) bad++;
        else if (value > top) top = value;
        else if (value < 0) below++;
      }
      max[h] = Math.max(max[h]!, top);
      negative[h]! += below;
    }
    if (bad > before) badFrames++;
  }
  return { max: max.map((value) => value || 1), negative, bad, badFrames };
}
