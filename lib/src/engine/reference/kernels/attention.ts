/** Scaled dot-product attention, row by row, without the matrix of weights. */
import { resultDtype, zerosOf } from "../../dtypes.js";
import type { View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { denseBlocks } from "./elements.js";
import { softmaxRow } from "./softmax.js";

/**
 * softmax(scale · q kᵀ) v. NaN rules are those of softmax; without any key (n = 0) the result is 0, the sum of nothing.
 * @param q [...batch, m, d]
 * @param k [...batch, n, d]
 * @param v [...batch, n, e]
 * @returns [...batch, m, e]
 */
export function attention(q: View, k: View, v: View, scale: number): ArrayStorage {
  const [m, d, n, e] = [q.shape.at(-2)!, q.shape.at(-1)!, k.shape.at(-2)!, v.shape.at(-1)!];
  const [queries, keys, values] = [denseBlocks(q, 2), denseBlocks(k, 2), denseBlocks(v, 2)];
  const dtype = resultDtype(q.storage.dtype, k.storage.dtype, v.storage.dtype);
  const to = zerosOf(dtype, queries.count * m * e);
  const scores = new Float64Array(n);
  const weights = new Float64Array(n);
  const mixed = new Float64Array(e);
  for (let batch = 0; batch < queries.count; batch++) {
    const [query, key, value] = [queries.block(batch), keys.block(batch), values.block(batch)];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let dot = 0;
        for (let l = 0; l < d; l++) dot += query[i * d + l]! * key[j * d + l]!;
        scores[j] = scale * dot;
      }
      softmaxRow(scores, 0, weights);
      mixed.fill(0);
      for (let j = 0; j < n; j++) {
        for (let l = 0; l < e; l++) mixed[l]! += weights[j]! * value[j * e + l]!;
      }
      to.set(mixed, (batch * m + i) * e);
    }
  }
  return new ArrayStorage(to);
}
