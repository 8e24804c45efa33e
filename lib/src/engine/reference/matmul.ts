/** Matrix products in plain Float64, summed in index order: the oracle that other engines are checked against. */
import { ShapeError } from "../../errors.js";
import { type Matrix, shapeOf, zeros } from "../../matrix.js";

/**
 * a · b.
 * @param a [n, m]
 * @param b [m, p]
 * @returns [n, p]
 */
export function matmul(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) throw new ShapeError(`Cannot multiply ${shapeOf(a)} by ${shapeOf(b)}.`);
  const product = zeros(a.rows, b.cols);
  const [to, from, p] = [product.data, b.data, b.cols];
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.cols; k++) {
      const factor = a.data[i * a.cols + k]!;
      for (let j = 0; j < p; j++) to[i * p + j]! += factor * from[k * p + j]!;
    }
  }
  return product;
}

/**
 * a · bᵀ.
 * @param a [n, m]
 * @param b [p, m]
 * @returns [n, p]
 */
export function matmulTransposed(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.cols)
    throw new ShapeError(`Cannot multiply ${shapeOf(a)} by the transpose of ${shapeOf(b)}.`);
  const product = zeros(a.rows, b.rows);
  const [left, right, m] = [a.data, b.data, a.cols];
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += left[i * m + k]! * right[j * m + k]!;
      product.data[i * b.rows + j] = sum;
    }
  }
  return product;
}
