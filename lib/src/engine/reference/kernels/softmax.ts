/** Softmax over the last axis, with its adjoint. */
import { zerosOf } from "../../dtypes.js";
import type { NumberArray, View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { denseElements, sizeOf } from "./elements.js";

/**
 * e^(xᵢ − max) / Σ e^(xⱼ − max), for elements start…start + to.length − 1.
 * A row with a NaN or +∞, or of −∞ alone, is NaN throughout, as IEEE arithmetic gives it; a −∞ beside others has weight 0.
 */
export function softmaxRow(from: NumberArray, start: number, to: Float64Array): void {
  const size = to.length;
  let largest = -Infinity;
  for (let j = 0; j < size; j++) largest = Math.max(largest, from[start + j]!);
  let sum = 0;
  for (let j = 0; j < size; j++) sum += to[j] = Math.exp(from[start + j]! - largest);
  for (let j = 0; j < size; j++) to[j]! /= sum;
}

/** @returns of x's shape [...rows, n] and dtype */
export function softmax(x: View): ArrayStorage {
  const from = denseElements(x);
  const to = zerosOf(x.storage.dtype, sizeOf(x.shape));
  const row = new Float64Array(x.shape.at(-1)!);
  for (let start = 0; start < to.length; start += row.length) {
    softmaxRow(from, start, row);
    to.set(row, start);
  }
  return new ArrayStorage(to);
}

/**
 * x̄ = y ⊙ (ȳ − Σ y ⊙ ȳ), row by row.
 * @param y [...rows, n] what softmax gave
 * @param yBar its adjoint, of the same shape
 */
export function softmaxVjp(y: View, yBar: View): ArrayStorage {
  const [weights, bar] = [denseElements(y), denseElements(yBar)];
  const to = zerosOf(y.storage.dtype, sizeOf(y.shape));
  const size = y.shape.at(-1)!;
  for (let start = 0; start < to.length; start += size) {
    let mean = 0;
    for (let i = start; i < start + size; i++) mean += weights[i]! * bar[i]!;
    for (let i = start; i < start + size; i++) to[i] = weights[i]! * (bar[i]! - mean);
  }
  return new ArrayStorage(to);
}
