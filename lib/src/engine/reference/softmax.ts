/** Softmax of each row, shifted by the row's maximum so that it does not overflow. */
import { type Matrix, row, zeros } from "../../matrix.js";

/** @returns rows that sum to 1; a row with a NaN or a +∞ is NaN throughout, as IEEE arithmetic gives it */
export function softmaxRows(scores: Matrix): Matrix {
  const weights = zeros(scores.rows, scores.cols);
  for (let i = 0; i < scores.rows; i++) {
    const from = row(scores, i);
    const to = row(weights, i);
    let largest = -Infinity;
    for (const score of from) largest = Math.max(largest, score);
    let sum = 0;
    for (let j = 0; j < from.length; j++) sum += to[j] = Math.exp(from[j]! - largest);
    for (let j = 0; j < to.length; j++) to[j]! /= sum;
  }
  return weights;
}
