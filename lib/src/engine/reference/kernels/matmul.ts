/** Batched matrix products, summed in index order in double precision. */
import { resultDtype, zerosOf } from "../../dtypes.js";
import type { View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { denseBlocks } from "./elements.js";

/**
 * a · b for each pair of matrices. Nothing is skipped: 0 · ∞ and 0 · NaN count.
 * @param a [...batch, m, k]
 * @param b [...batch, k, n]
 * @returns [...batch, m, n]
 */
export function matmul(a: View, b: View): ArrayStorage {
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const left = denseBlocks(a, 2);
  const right = denseBlocks(b, 2);
  const to = zerosOf(resultDtype(a.storage.dtype, b.storage.dtype), left.count * m * n);
  const row = new Float64Array(n);
  for (let batch = 0; batch < left.count; batch++) {
    const [rows, columns] = [left.block(batch), right.block(batch)];
    for (let i = 0; i < m; i++) {
      row.fill(0);
      for (let l = 0; l < k; l++) {
        const factor = rows[i * k + l]!;
        for (let j = 0, at = l * n; j < n; j++, at++) row[j]! += factor * columns[at]!;
      }
      to.set(row, (batch * m + i) * n);
    }
  }
  return new ArrayStorage(to);
}
