/** The QR factors of a matrix, by Householder's reflections. */
import { checkSize } from "./check-size.js";

export interface QR {
  /** [m, k] with orthonormal columns, k = min(m, n). */
  readonly q: Float64Array;
  /** [k, n] upper triangular, its diagonal ≥ 0; so the factors of a matrix of full rank are unique. */
  readonly r: Float64Array;
}

/**
 * Thin factors: q r = a. Columns of q are orthonormal also where a has not full rank.
 *
 * @param a [m, n], row-major
 * @see Householder (1958); Golub & Van Loan, Algorithm 5.2.1
 */
export function qr(a: Float64Array, m: number, n: number): QR {
  checkSize(a, "a", m, n);
  const k = Math.min(m, n);
  const work = a.slice();
  const mirrors = Array.from({ length: k }, (_, j) => {
    const mirror = mirrorOf(work, m, n, j);
    reflect(work, n, j, mirror);
    return mirror;
  });
  const q = new Float64Array(m * k);
  for (let i = 0; i < k; i++) q[i * k + i] = 1;
  for (let j = k - 1; j >= 0; j--) reflect(q, k, j, mirrors[j]!);
  const r = new Float64Array(k * n);
  for (let i = 0; i < k; i++) {
    const sign = work[i * n + i]! < 0 ? -1 : 1;
    for (let j = i; j < n; j++) r[i * n + j] = sign * work[i * n + j]!;
    if (sign < 0) for (let row = 0; row < m; row++) q[row * k + i]! *= -1;
  }
  return { q, r };
}

/** The unit vector v, from row j on, for which (1 − 2 v vᵀ) turns column j to a multiple of the first axis. */
function mirrorOf(a: Float64Array, m: number, n: number, j: number): Float64Array {
  const v = Float64Array.from({ length: m - j }, (_, i) => a[(j + i) * n + j]!);
  // Divided by its largest entry first, so that no square over- or underflows.
  const largest = v.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  if (largest === 0) return v;
  for (let i = 0; i < v.length; i++) v[i]! /= largest;
  // Away from the axis on the column's own side: nothing cancels.
  v[0]! += (v[0]! < 0 ? -1 : 1) * Math.sqrt(squares(v));
  const length = Math.sqrt(squares(v));
  return v.map((entry) => entry / length);
}

const squares = (v: Float64Array): number => v.reduce((sum, entry) => sum + entry * entry, 0);

/** a ← (1 − 2 v vᵀ) a, on the rows from `first` on; a has `cols` columns. */
function reflect(a: Float64Array, cols: number, first: number, v: Float64Array): void {
  for (let j = 0; j < cols; j++) {
    let dot = 0;
    for (let i = 0; i < v.length; i++) dot += v[i]! * a[(first + i) * cols + j]!;
    for (let i = 0; i < v.length; i++) a[(first + i) * cols + j]! -= 2 * dot * v[i]!;
  }
}
