/** Selective freezing: a token that has settled keeps its value while the others, which still see it, go on. */
import { type Matrix, row } from "../matrix.js";

/** Write the old rows of z into `next` where a token's residual is at most the tolerance. */
export function holdTokens(next: Matrix, z: Matrix, residuals: Float64Array, tolerance: number): void {
  residuals.forEach((residual, i) => {
    if (residual <= tolerance) row(next, i).set(row(z, i));
  });
}
