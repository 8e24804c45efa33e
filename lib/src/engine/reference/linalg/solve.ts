/** Systems of linear equations, by elimination with partial pivoting. */
import { SingularMatrixError } from "../../../errors.js";
import { checkSize } from "./check-size.js";
import { triangularSolve } from "./triangular-solve.js";

export interface LU {
  /** [n, n] u on and above the diagonal; l, whose diagonal is ones, below it. */
  readonly factors: Float64Array;
  /** [n] row i of l u is row order[i] of the matrix. */
  readonly order: Int32Array;
}

/**
 * l u = a, with its rows in another order.
 *
 * @param a [n, n], row-major
 * @throws SingularMatrixError naming the column in which no pivot is left
 */
export function lu(a: Float64Array, n: number): LU {
  checkSize(a, "a", n, n);
  const factors = a.slice();
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let j = 0; j < n; j++) {
    let best = j;
    for (let i = j + 1; i < n; i++) {
      if (Math.abs(factors[i * n + j]!) > Math.abs(factors[best * n + j]!)) best = i;
    }
    if (best !== j) exchange(factors, order, n, best, j);
    const pivot = factors[j * n + j]!;
    if (pivot === 0) {
      throw new SingularMatrixError(
        `The matrix has no inverse: no pivot is left in column ${j} of ${n}. A least-squares solution may be what is meant.`,
      );
    }
    for (let i = j + 1; i < n; i++) {
      const factor = (factors[i * n + j]! /= pivot);
      for (let k = j + 1; k < n; k++) factors[i * n + k]! -= factor * factors[j * n + k]!;
    }
  }
  return { factors, order };
}

function exchange(factors: Float64Array, order: Int32Array, n: number, i: number, j: number): void {
  const row = factors.slice(i * n, (i + 1) * n);
  factors.copyWithin(i * n, j * n, (j + 1) * n);
  factors.set(row, j * n);
  [order[i], order[j]] = [order[j]!, order[i]!];
}

/**
 * x with a x = b.
 *
 * @param a [n, n], row-major
 * @param b [n, columns], row-major
 * @returns x [n, columns]
 * @throws SingularMatrixError naming the column in which no pivot is left
 */
export function solve(a: Float64Array, b: Float64Array, n: number, columns: number): Float64Array {
  checkSize(b, "b", n, columns);
  const { factors, order } = lu(a, n);
  const ordered = new Float64Array(b.length);
  order.forEach((from, to) => ordered.set(b.subarray(from * columns, (from + 1) * columns), to * columns));
  const half = triangularSolve(factors, ordered, n, columns, { unit: true });
  return triangularSolve(factors, half, n, columns, { lower: false });
}
