/** Normalisation over the last axis, with its adjoint. */
import { zerosOf } from "../../dtypes.js";
import type { NumberArray, View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { denseElements, sizeOf } from "./elements.js";

/** Mean and 1/√(variance + epsilon) of a row; the variance is that of the row as a population (divided by n). */
function moments(from: NumberArray, start: number, size: number, epsilon: number): [number, number] {
  let mean = 0;
  for (let i = start; i < start + size; i++) mean += from[i]!;
  mean /= size;
  let variance = 0;
  for (let i = start; i < start + size; i++) variance += (from[i]! - mean) ** 2;
  return [mean, 1 / Math.sqrt(variance / size + epsilon)];
}

/**
 * (x − mean) / √(variance + epsilon), row by row. A NaN or ±∞ makes its row NaN.
 * @param x [...rows, n]
 */
export function layerNorm(x: View, epsilon: number): ArrayStorage {
  const from = denseElements(x);
  const to = zerosOf(x.storage.dtype, sizeOf(x.shape));
  const size = x.shape.at(-1)!;
  for (let start = 0; start < to.length; start += size) {
    const [mean, scale] = moments(from, start, size, epsilon);
    for (let i = start; i < start + size; i++) to[i] = (from[i]! - mean) * scale;
  }
  return new ArrayStorage(to);
}

/**
 * x̄ = (ȳ − mean(ȳ) − y · mean(y ⊙ ȳ)) / √(variance + epsilon), where y = layerNorm(x), row by row.
 * @param x [...rows, n]
 * @param yBar the adjoint of layerNorm(x), of the same shape
 */
export function layerNormVjp(x: View, yBar: View, epsilon: number): ArrayStorage {
  const [from, bar] = [denseElements(x), denseElements(yBar)];
  const to = zerosOf(x.storage.dtype, sizeOf(x.shape));
  const size = x.shape.at(-1)!;
  for (let start = 0; start < to.length; start += size) {
    const [mean, scale] = moments(from, start, size, epsilon);
    let [shift, along] = [0, 0];
    for (let i = start; i < start + size; i++) {
      shift += bar[i]!;
      along += bar[i]! * (from[i]! - mean) * scale;
    }
    shift /= size;
    along /= size;
    for (let i = start; i < start + size; i++) {
      to[i] = (bar[i]! - shift - (from[i]! - mean) * scale * along) * scale;
    }
  }
  return new ArrayStorage(to);
}
