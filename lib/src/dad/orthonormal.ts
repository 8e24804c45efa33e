/** Orthonormal columns, guarded: a column that depends on the others is dropped, and not divided by almost nothing. */
import { type Dense, dense, dot, norm, transposedDense } from "./dense.js";

/** Below this share of its length a column is nothing but the rounding of the others. */
const negligible = (of: Dense): number => (of.data instanceof Float32Array ? 1e-5 : 1e-11);

/**
 * Gram and Schmidt, twice, in double precision.
 * @param a [m, r]
 * @returns [m, r] in Float64; columns that were dropped are 0
 */
export function orthonormalColumns(a: Dense): Dense {
  const least = negligible(a);
  const { cols: m, rows: r, data } = transposedDense(dense(a.rows, a.cols, Float64Array.from(a.data)));
  const column = (j: number) => data.subarray(j * m, (j + 1) * m);
  for (let j = 0; j < r; j++) {
    const own = column(j);
    const before = norm(own);
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < j; k++) {
        const other = column(k);
        const share = dot(other, own);
        for (let i = 0; i < m; i++) own[i]! -= share * other[i]!;
      }
    const after = norm(own);
    if (!(after > least * before)) own.fill(0);
    else for (let i = 0; i < m; i++) own[i]! /= after;
  }
  return transposedDense(dense(r, m, data));
}
