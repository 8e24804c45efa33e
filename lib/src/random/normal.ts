/** Standard normal numbers from uniform ones: Box and Muller 1958, the cosine branch only. */
import { type Matrix, zeros } from "../matrix.js";
import type { Uniform } from "./mulberry32.js";

/** One number from N(0, 1); takes two uniforms, the first drawn again while it is 0. */
export function normal(uniform: Uniform): number {
  let radius = uniform();
  while (radius === 0) radius = uniform();
  return Math.sqrt(-2 * Math.log(radius)) * Math.cos(2 * Math.PI * uniform());
}

/** A matrix of independent N(0, deviation²), drawn row by row. */
export function normalMatrix(uniform: Uniform, rows: number, cols: number, deviation = 1): Matrix {
  const made = zeros(rows, cols);
  for (let i = 0; i < made.data.length; i++) made.data[i] = deviation * normal(uniform);
  return made;
}
