/** One step of attention as a map of z, whose fixed point is sought. */
import { columns, concatColumns } from "../engine/reference/columns.js";
import { add, scale } from "../engine/reference/elementwise.js";
import { matmul, matmulTransposed } from "../engine/reference/matmul.js";
import { softmaxRows } from "../engine/reference/softmax.js";
import type { Matrix } from "../matrix.js";
import type { AttentionWeights } from "./weights.js";

export interface AttentionStepOptions {
  /** [tokens, width] the layer's input. */
  readonly x: Matrix;
  readonly weights: AttentionWeights;
  /** τ_h of each head; its length is the number of heads. */
  readonly temperatures: readonly number[];
  /** Whether every step adds x again. */
  readonly inject: boolean;
}

export interface AttentionStep {
  /** f(z) [tokens, width] */
  readonly value: Matrix;
  /** A of each head, [tokens, tokens], rows are queries and sum to 1. */
  readonly attention: readonly Matrix[];
}

/** The columns of each head. */
export function headsOf(all: Matrix, heads: number): readonly Matrix[] {
  const width = all.cols / heads;
  return Array.from({ length: heads }, (_, h) => columns(all, h * width, (h + 1) * width));
}

/** A_h = softmax(Q_h·K_hᵀ / (√d_h·τ_h)) and Concat_h(A_h·V_h). */
export function attend(
  queries: readonly Matrix[],
  keys: readonly Matrix[],
  values: readonly Matrix[],
  temperatures: readonly number[],
): AttentionStep {
  const attention = temperatures.map((temperature, h) => {
    const scores = matmulTransposed(queries[h]!, keys[h]!);
    return softmaxRows(scale(scores, 1 / (Math.sqrt(queries[h]!.cols) * temperature)));
  });
  return { value: concatColumns(attention.map((weights, h) => matmul(weights, values[h]!))), attention };
}

/**
 * The map z ↦ [x +] Concat_h(A_h·V_h)·W_O with A_h = softmax(Q_h·K_hᵀ / (√d_h·τ_h)), Q = z·W_Q, K = z·W_K.
 * V = x·W_V is computed once: only the attention pattern depends on z.
 *
 * @see "Change of Thought: Adaptive Test-Time Computation" (arXiv 2507.13569) and the later fixed-point
 *   self-attention, whose injected form this is
 */
export function attentionStep({ x, weights, temperatures, inject }: AttentionStepOptions) {
  const heads = temperatures.length;
  const values = headsOf(matmul(x, weights.value), heads);

  return (z: Matrix): AttentionStep => {
    const [queries, keys] = [matmul(z, weights.query), matmul(z, weights.key)];
    const { value, attention } = attend(headsOf(queries, heads), headsOf(keys, heads), values, temperatures);
    const update = matmul(value, weights.output);
    return { value: inject ? add(x, update) : update, attention };
  };
}
