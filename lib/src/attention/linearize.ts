/** The Jacobian of attention at a state, as products with it: what a small change of z does to the heads' output. */
import { concatColumns } from "../engine/reference/columns.js";
import { add, scale } from "../engine/reference/elementwise.js";
import { matmul, matmulTransposed } from "../engine/reference/matmul.js";
import { type Matrix, row, zeros } from "../matrix.js";
import { attend, headsOf } from "./step.js";
import type { AttentionWeights } from "./weights.js";

export interface LinearizeOptions {
  readonly weights: Pick<AttentionWeights, "query" | "key">;
  readonly temperatures: readonly number[];
  /** V of each head. */
  readonly values: readonly Matrix[];
  /** K of each head where the keys do not follow the state. */
  readonly keys?: readonly Matrix[];
}

/** dA = A ⊙ (dS − Σ_j A_ij·dS_ij): the derivative of the softmax of each row. */
function softmaxTangent(attention: Matrix, scores: Matrix): Matrix {
  const tangent = zeros(scores.rows, scores.cols);
  for (let i = 0; i < scores.rows; i++) {
    const [a, s, to] = [row(attention, i), row(scores, i), row(tangent, i)];
    let mean = 0;
    for (let j = 0; j < a.length; j++) mean += a[j]! * s[j]!;
    for (let j = 0; j < a.length; j++) to[j] = a[j]! * (s[j]! - mean);
  }
  return tangent;
}

/** At z: dz ↦ the change of Concat_h(A_h·V_h), to first order. */
export function linearizeAttention({ weights, temperatures, values, keys: fixed }: LinearizeOptions) {
  const heads = temperatures.length;
  return (z: Matrix): ((dz: Matrix) => Matrix) => {
    const queries = headsOf(matmul(z, weights.query), heads);
    const keys = fixed ?? headsOf(matmul(z, weights.key), heads);
    const { attention } = attend(queries, keys, values, temperatures);
    return (dz) => {
      const dq = headsOf(matmul(dz, weights.query), heads);
      const dk = fixed ? undefined : headsOf(matmul(dz, weights.key), heads);
      const parts = attention.map((a, h) => {
        const byQuery = matmulTransposed(dq[h]!, keys[h]!);
        const both = dk ? add(byQuery, matmulTransposed(queries[h]!, dk[h]!)) : byQuery;
        const scores = scale(both, 1 / (Math.sqrt(queries[h]!.cols) * temperatures[h]!));
        return matmul(softmaxTangent(a, scores), values[h]!);
      });
      return concatColumns(parts);
    };
  };
}
