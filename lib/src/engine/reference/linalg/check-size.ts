/** The one check of what comes in: that an array holds the matrix that it is said to hold. */
import { ShapeError } from "../../../errors.js";

/** @throws ShapeError naming the matrix */
export function checkSize(data: Float64Array, name: string, rows: number, cols: number): void {
  if (data.length === rows * cols && Number.isInteger(rows) && Number.isInteger(cols)) return;
  throw new ShapeError(`${name} should be [${rows}, ${cols}], but its data hold ${data.length} numbers.`);
}
