/** Eigenvectors of a symmetric matrix, by Jacobi's rotations (1846): simple, accurate, the same everywhere. */
import { type Matrix, row, zeros } from "../../matrix.js";

const MAX_SWEEPS = 40;

export interface SymmetricEigen {
  /** [n] largest first. */
  readonly values: Float64Array;
  /** [n, n] row i is the eigenvector of value i, of length 1. */
  readonly vectors: Matrix;
}

/** @param a [n, n] symmetric; its upper triangle and diagonal count */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const n = a.rows;
  const m = a.data.slice();
  const v = zeros(n, n).data;
  for (let i = 0; i < n; i++) {
    v[i * n + i] = 1;
    for (let j = 0; j < i; j++) m[i * n + j] = m[j * n + i]!;
  }
  const size = m.reduce((sum, entry) => sum + entry * entry, 0);
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(m, n) > 1e-28 * size; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(m, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[j * n + j]! - m[i * n + i]!);
  const vectors = zeros(n, n);
  order.forEach((from, to) => row(vectors, to).set(v.subarray(from * n, (from + 1) * n)));
  return { values: Float64Array.from(order, (i) => m[i * n + i]!), vectors };
}

function offDiagonal(m: Float64Array, n: number): number {
  let sum = 0;
  for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) sum += 2 * m[p * n + q]! ** 2;
  return sum;
}

/** Zero m[p][q] by a rotation in the plane of p and q; v, with eigenvectors as rows, turns along. */
function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const entry = m[p * n + q]!;
  if (entry === 0) return;
  const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * entry);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (of: Float64Array, i: number, j: number): void => {
    const [x, y] = [of[i]!, of[j]!];
    of[i] = cosine * x - sine * y;
    of[j] = sine * x + cosine * y;
  };
  for (let k = 0; k < n; k++) turn(m, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) turn(m, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) turn(v, p * n + k, q * n + k);
}
