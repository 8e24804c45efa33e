/** The singular values and vectors of a matrix, by one-sided Jacobi rotations: the small values are accurate, too. */
import { checkSize } from "./check-size.js";
import { completeRows } from "./complete-rows.js";
import { orthogonaliseRows } from "./orthogonalise-rows.js";

export interface SVD {
  /** [m, k] with orthonormal columns, k = min(m, n). */
  readonly u: Float64Array;
  /** [k] largest first, ≥ 0. */
  readonly s: Float64Array;
  /** [k, n] with orthonormal rows. */
  readonly vt: Float64Array;
}

/**
 * Thin factors: u diag(s) vt = a. Each singular value has a small error relative to itself where scaling the columns (rows,
 * where m < n) of a makes it well conditioned; below 1e-150 of the largest it may be lost. A NaN or an infinity in a makes
 * everything NaN.
 *
 * @param a [m, n], row-major
 * @see Hestenes (1958); Demmel & Veselić (1992)
 */
export function svd(a: Float64Array, m: number, n: number): SVD {
  checkSize(a, "a", m, n);
  // The shorter side is rotated: rows that become orthogonal, of length max(m, n).
  const wide = m < n;
  const [k, length] = [Math.min(m, n), Math.max(m, n)];
  const rows = wide ? a.slice() : transposed(a, m, n);
  if (!rows.every(Number.isFinite)) {
    return {
      u: new Float64Array(m * k).fill(NaN),
      s: new Float64Array(k).fill(NaN),
      vt: new Float64Array(k * n).fill(NaN),
    };
  }
  const scale = powerOfTwoNear(rows.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0));
  for (let i = 0; i < rows.length; i++) rows[i]! /= scale;

  const turns = orthogonaliseRows(rows, k, length);
  const norms = Float64Array.from({ length: k }, (_, i) =>
    Math.sqrt(rows.subarray(i * length, (i + 1) * length).reduce((sum, entry) => sum + entry * entry, 0)),
  );
  const order = Array.from(norms.keys()).sort((i, j) => norms[j]! - norms[i]!);
  const s = Float64Array.from(order, (i) => norms[i]! * scale);
  const long = new Float64Array(k * length);
  const short = new Float64Array(k * k);
  order.forEach((from, to) => {
    short.set(turns.subarray(from * k, (from + 1) * k), to * k);
    if (norms[from] === 0) return;
    for (let j = 0; j < length; j++) long[to * length + j] = rows[from * length + j]! / norms[from]!;
  });
  completeRows(long, k, length);
  return wide
    ? { u: transposed(short, k, k), s, vt: long }
    : { u: transposed(long, k, length), s, vt: short };
}

function transposed(a: Float64Array, m: number, n: number): Float64Array {
  const turned = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) turned[j * m + i] = a[i * n + j]!;
  return turned;
}

/** By which a division is exact. */
const powerOfTwoNear = (x: number): number => (x === 0 ? 1 : 2 ** Math.max(-1000, Math.floor(Math.log2(x))));
