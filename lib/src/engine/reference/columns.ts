/** Taking matrices apart and together by columns: how the heads of attention share one matrix. */
import { type Matrix, row, zeros } from "../../matrix.js";

/** A copy of columns start…end − 1. */
export function columns(of: Matrix, start: number, end: number): Matrix {
  const taken = zeros(of.rows, end - start);
  for (let i = 0; i < of.rows; i++) row(taken, i).set(row(of, i).subarray(start, end));
  return taken;
}

/** Matrices with the same number of rows, side by side. */
export function concatColumns(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]?.rows ?? 0;
  const joined = zeros(
    rows,
    parts.reduce((cols, part) => cols + part.cols, 0),
  );
  for (let i = 0; i < rows; i++) {
    let at = 0;
    for (const part of parts) {
      row(joined, i).set(row(part, i), at);
      at += part.cols;
    }
  }
  return joined;
}
