/** Dense matrices in typed arrays, as they travel: products of their rows, summed in double precision. */
import type { NumberArray } from "../engine/engine.js";

/** Floating-point numbers of a message. */
export type Floats = Float32Array | Float64Array;

export interface Dense {
  readonly rows: number;
  readonly cols: number;
  /** [rows, cols], row-major. */
  readonly data: Floats;
}

export const dense = (rows: number, cols: number, data: Floats = new Float64Array(rows * cols)): Dense => ({
  rows,
  cols,
  data,
});

/** Zeros of the same kind of numbers. */
export const likeFloats = (of: Floats, length: number): Floats =>
  of instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);

export const bytesPerValue = (of: NumberArray): number => of.BYTES_PER_ELEMENT;

/** aᵀ b: [a.cols, b.cols]; both have the same rows. */
export function transposedTimes(a: Dense, b: Dense): Float64Array {
  const product = new Float64Array(a.cols * b.cols);
  for (let row = 0; row < a.rows; row++)
    for (let i = 0; i < a.cols; i++) {
      const factor = a.data[row * a.cols + i]!;
      if (factor === 0) continue;
      for (let j = 0, at = i * b.cols, from = row * b.cols; j < b.cols; j++, at++, from++)
        product[at]! += factor * b.data[from]!;
    }
  return product;
}

/** a aᵀ: [a.rows, a.rows], the inner products of rows. */
export function gram(a: Dense): Float64Array {
  const product = new Float64Array(a.rows * a.rows);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0, p = i * a.cols, q = j * a.cols; k < a.cols; k++, p++, q++)
        sum += a.data[p]! * a.data[q]!;
      product[i * a.rows + j] = product[j * a.rows + i] = sum;
    }
  return product;
}

/** a v: [a.rows]. */
export function times(a: Dense, v: ArrayLike<number>): Float64Array {
  const product = new Float64Array(a.rows);
  for (let i = 0, at = 0; i < a.rows; i++) {
    let sum = 0;
    for (let j = 0; j < a.cols; j++, at++) sum += a.data[at]! * v[j]!;
    product[i] = sum;
  }
  return product;
}

/** aᵀ v: [a.cols]. */
export function transposedTimesVector(a: Dense, v: ArrayLike<number>): Float64Array {
  const product = new Float64Array(a.cols);
  for (let i = 0, at = 0; i < a.rows; i++) {
    const factor = v[i]!;
    for (let j = 0; j < a.cols; j++, at++) product[j]! += factor * a.data[at]!;
  }
  return product;
}

/** The sum of each column: what a column of ones makes of a. */
export const columnSums = (a: Dense): Float64Array =>
  transposedTimesVector(a, new Float64Array(a.rows).fill(1));

/** a with a column of ones at the right: with it the gradient of a bias is the last row of that of its weight. */
export function withOnesColumn(a: Dense): Dense {
  const data = likeFloats(a.data, a.rows * (a.cols + 1));
  for (let i = 0; i < a.rows; i++) {
    data.set(a.data.subarray(i * a.cols, (i + 1) * a.cols), i * (a.cols + 1));
    data[i * (a.cols + 1) + a.cols] = 1;
  }
  return dense(a.rows, a.cols + 1, data);
}

export function transposedDense(a: Dense): Dense {
  const data = likeFloats(a.data, a.data.length);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < a.cols; j++) data[j * a.rows + i] = a.data[i * a.cols + j]!;
  return dense(a.cols, a.rows, data);
}

/** Matrices of one width, one under the other. */
export function stacked(parts: readonly Dense[]): Dense {
  const [first] = parts;
  const data = likeFloats(first!.data, parts.reduce((sum, part) => sum + part.data.length, 0)); // prettier-ignore
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return dense(parts.reduce((sum, { rows }) => sum + rows, 0), first!.cols, data); // prettier-ignore
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** √Σ x². */
export const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));
