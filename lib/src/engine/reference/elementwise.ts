/** Elementwise combinations of matrices of one shape. */
import { ShapeError } from "../../errors.js";
import { type Matrix, shapeOf } from "../../matrix.js";

function combine(a: Matrix, b: Matrix, each: (x: number, y: number) => number): Matrix {
  if (a.rows !== b.rows || a.cols !== b.cols) {
    throw new ShapeError(`Cannot combine ${shapeOf(a)} with ${shapeOf(b)} element by element.`);
  }
  return { rows: a.rows, cols: a.cols, data: a.data.map((x, i) => each(x, b.data[i]!)) };
}

/** a + b */
export const add = (a: Matrix, b: Matrix): Matrix => combine(a, b, (x, y) => x + y);

/** (1 − t)·a + t·b; exactly b at t = 1. */
export const mix = (a: Matrix, b: Matrix, t: number): Matrix =>
  t === 1 ? { ...b, data: b.data.slice() } : combine(a, b, (x, y) => (1 - t) * x + t * y);

/** factor · a */
export const scale = (a: Matrix, factor: number): Matrix => ({ ...a, data: a.data.map((x) => factor * x) });
