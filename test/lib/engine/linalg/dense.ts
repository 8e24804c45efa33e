/** Naive products and comparisons of row-major matrices, for tests of the linear algebra. */
import assert from "node:assert/strict";
import { philox } from "cotangent";

export const random = (seed: number, m: number, n: number): Float64Array => philox(seed).normals(m * n);

/** a · b: [m, k] × [k, n]. */
export function times(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  const product = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      for (let l = 0; l < k; l++) product[i * n + j]! += a[i * k + l]! * b[l * n + j]!;
  return product;
}

export function transposed(a: Float64Array, m: number, n: number): Float64Array {
  const turned = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) turned[j * m + i] = a[i * n + j]!;
  return turned;
}

export function diagonal(entries: Iterable<number>): Float64Array {
  const all = [...entries];
  const made = new Float64Array(all.length ** 2);
  all.forEach((entry, i) => (made[i * all.length + i] = entry));
  return made;
}

export const identity = (n: number): Float64Array => diagonal(Array<number>(n).fill(1));

export function assertClose(got: Float64Array, want: Float64Array, tolerance: number, what = ""): void {
  assert.equal(got.length, want.length, what);
  const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i]!)), 0);
  assert.ok(worst <= tolerance, `${what}: off by ${worst}`);
}

/** Columns of q [m, k] are orthonormal. */
export const assertOrthonormal = (q: Float64Array, m: number, k: number, what = ""): void =>
  assertClose(times(transposed(q, m, k), q, k, m, k), identity(k), 1e-14 * Math.max(1, m), what);

/** [m, n], m ≥ n and m < n, and the odd ones. */
export const shapes: readonly (readonly [number, number])[] = [
  [0, 0], [0, 3], [3, 0], [1, 1], [1, 7], [7, 1], [3, 3], [7, 3], [3, 7], [20, 13],
]; // prettier-ignore
