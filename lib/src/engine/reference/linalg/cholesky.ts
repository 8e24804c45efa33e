/** The Cholesky factor of a symmetric positive definite matrix. */
import { NotPositiveDefiniteError } from "../../../errors.js";
import { checkSize } from "./check-size.js";

/**
 * The lower triangular l with l lᵀ = a and a positive diagonal.
 *
 * @param a [n, n], row-major; its lower triangle and diagonal count
 * @returns l [n, n], zero above the diagonal
 * @throws NotPositiveDefiniteError naming the pivot that is not positive, or NaN
 */
export function cholesky(a: Float64Array, n: number): Float64Array {
  checkSize(a, "a", n, n);
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= l[i * n + k]! * l[j * n + k]!;
      if (i !== j) l[i * n + j] = rest / l[j * n + j]!;
      else if (rest > 0) l[i * n + i] = Math.sqrt(rest);
      else {
        throw new NotPositiveDefiniteError(
          `The matrix is not positive definite: pivot ${i} of ${n} is ${rest}. Where it should be and is nearly, add a ` +
            `small multiple of the identity.`,
        );
      }
    }
  }
  return l;
}
