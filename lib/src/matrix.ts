/** The dense matrix that every part of the library speaks: row-major, Float64. */
import { ShapeError } from "./errors.js";

export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  /** [rows × cols], row-major. */
  readonly data: Float64Array;
}

/** A matrix of zeros. */
export const zeros = (rows: number, cols: number): Matrix => ({
  rows,
  cols,
  data: new Float64Array(rows * cols),
});

/**
 * A matrix from rows of equal length.
 * @throws ShapeError when the rows differ in length
 */
export function matrix(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  const made = zeros(rows.length, cols);
  rows.forEach((row, i) => {
    if (row.length !== cols) {
      throw new ShapeError(`Row ${i} has ${row.length} numbers, row 0 has ${cols}; all rows need the same.`);
    }
    made.data.set(row, i * cols);
  });
  return made;
}

/** A view, not a copy, of row i. */
export const row = ({ cols, data }: Matrix, i: number): Float64Array =>
  data.subarray(i * cols, (i + 1) * cols);

export const shapeOf = ({ rows, cols }: Matrix): string => `[${rows}, ${cols}]`;

/**
 * Check that a value from outside is a matrix, of a given shape where one is given.
 * @throws ShapeError naming the value
 */
export function checkMatrix(value: Matrix, name: string, shape: { rows?: number; cols?: number } = {}): void {
  const { rows, cols, data } = (value ?? {}) as Partial<Matrix>;
  if (!(data instanceof Float64Array) || typeof rows !== "number" || typeof cols !== "number") {
    throw new ShapeError(
      `${name} should be a matrix {rows, cols, data: Float64Array}; matrix([[…], …]) makes one.`,
    );
  }
  if (rows * cols !== data.length) {
    throw new ShapeError(`${name} claims ${shapeOf(value)}, but its data hold ${data.length} numbers.`);
  }
  if ((shape.rows ?? rows) !== rows || (shape.cols ?? cols) !== cols) {
    throw new ShapeError(
      `${name} should have the shape [${shape.rows ?? "any"}, ${shape.cols ?? "any"}], but it has ${shapeOf(value)}.`,
    );
  }
}
