/** Singular values of a gradient that is given by its factors, and what bounds their number. */
import { qr } from "../engine/reference/linalg/qr.js";
import { svd } from "../engine/reference/linalg/svd.js";
import { rankCeiling } from "../trace/ranks-spectrum.js";
import { type Dense, dense, transposedDense, transposedTimes } from "./dense.js";

export { effectiveRank, entropyRank, rankCeiling, stableRank } from "../trace/ranks-spectrum.js";

/**
 * The singular values of AᵀΔ, largest first: [min(R, h, h')] of them, which are all that can differ from 0. Where the
 * rows are few, those of the small product of the triangular factors of Aᵀ and Δᵀ.
 *
 * @param input [R, h] A
 * @param delta [R, h'] Δ
 */
export function singularValues(input: Dense, delta: Dense): Float64Array {
  const [a, b] = [shortened(input), shortened(delta)];
  return svd(transposedTimes(a, b), a.cols, b.cols).s.slice(
    0,
    rankCeiling({ rows: input.rows, inputs: a.cols, outputs: b.cols }),
  );
}

/** The singular values of one factor, largest first: [min(rows, cols)]. @param x [rows, cols] */
export function factorSpectrum(x: Dense): Float64Array {
  const { rows, cols } = x;
  if (rows <= cols) return svd(Float64Array.from(shortened(x).data), rows, rows).s;
  return svd(qr(Float64Array.from(x.data), rows, cols).r, cols, cols).s;
}

/** A matrix of as few columns whose product with its counterpart has the same singular values: r of q r = xᵀ, as rᵀ. */
function shortened(x: Dense): Dense {
  if (x.rows >= x.cols) return x;
  const turned = transposedDense(x);
  const { r } = qr(Float64Array.from(turned.data), x.cols, x.rows);
  return transposedDense(dense(x.rows, x.rows, r));
}

/** Whether the factors of so many rows are fewer values than the gradient: R (h + h') < h h'. */
export const factorsSave = (rows: number, inputs: number, outputs: number): boolean =>
  rows * (inputs + outputs) < inputs * outputs;
