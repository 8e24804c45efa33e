/** A small dense linear system whose numbers may be recorded: Gaussian elimination with partial pivoting. */
import type { Scalar } from "../ad/recorded.js";
import { SingularMatrixError } from "../errors.js";
import { add, div, mul, sub } from "../rules/generated/record.js";
import { primalOf } from "../ad/recorded.js";

export const transposed = (matrix: readonly (readonly Scalar[])[]): Scalar[][] =>
  matrix.map((_, j) => matrix.map((row) => row[j]!));

/** @returns x with matrix · x = right. @throws SingularMatrixError naming the column without a pivot */
export function solveLinear(matrix: readonly (readonly Scalar[])[], right: readonly Scalar[]): Scalar[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(primalOf(rows[i]![k]!)) > Math.abs(primalOf(rows[pivot]![k]!))) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const top = rows[k]!;
    if (primalOf(top[k]!) === 0)
      throw new SingularMatrixError(`The matrix of the linear system is singular: column ${k} has no pivot.`);
    for (let i = k + 1; i < n; i++) {
      const row = rows[i]!;
      if (primalOf(row[k]!) === 0 && typeof row[k] === "number") continue;
      const factor = div(row[k]!, top[k]!);
      for (let j = k; j <= n; j++) row[j] = sub(row[j]!, mul(factor, top[j]!));
    }
  }
  const x: Scalar[] = new Array<Scalar>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum: Scalar = 0;
    for (let j = i + 1; j < n; j++) sum = add(sum, mul(rows[i]![j]!, x[j]!));
    x[i] = div(sub(rows[i]![n]!, sum), rows[i]![i]!);
  }
  return x;
}
