/** Systems of equations with a triangular matrix. */
import { SingularMatrixError } from "../../../errors.js";
import type { TriangularOptions } from "../../engine.js";
import { checkSize } from "./check-size.js";

/**
 * x with l x = b, by substitution.
 *
 * @param l [n, n], row-major
 * @param b [n, columns], row-major
 * @returns x [n, columns]
 * @throws SingularMatrixError naming the first zero met on the diagonal
 */
export function triangularSolve(
  l: Float64Array,
  b: Float64Array,
  n: number,
  columns: number,
  { lower = true, transpose = false, unit = false }: TriangularOptions = {},
): Float64Array {
  checkSize(l, "l", n, n);
  checkSize(b, "b", n, columns);
  const x = b.slice();
  // A transposed lower matrix is an upper one, read by columns.
  const forward = lower !== transpose;
  const [byRow, byColumn] = transpose ? [1, n] : [n, 1];
  for (let step = 0; step < n; step++) {
    const i = forward ? step : n - 1 - step;
    for (let done = 0; done < step; done++) {
      const k = forward ? done : n - 1 - done;
      const factor = l[i * byRow + k * byColumn]!;
      for (let j = 0; j < columns; j++) x[i * columns + j]! -= factor * x[k * columns + j]!;
    }
    if (unit) continue;
    const pivot = l[i * n + i]!;
    if (pivot === 0) {
      throw new SingularMatrixError(
        `The triangular matrix has no inverse: diagonal entry ${i} of ${n} is 0.`,
      );
    }
    for (let j = 0; j < columns; j++) x[i * columns + j]! /= pivot;
  }
  return x;
}
