/** Singular values of a gradient that is given by its factors, and the ranks that they tell of. */
import { qr } from "../engine/reference/linalg/qr.js";
import { svd } from "../engine/reference/linalg/svd.js";
import { type Dense, dense, transposedDense, transposedTimes } from "./dense.js";

/**
 * The singular values of AᵀΔ, largest first: [min(R, h, h')] of them, which are all that can differ from 0. Where the
 * rows are few, those of the small product of the triangular factors of Aᵀ and Δᵀ.
 *
 * @param input [R, h] A
 * @param delta [R, h'] Δ
 */
export function singularValues(input: Dense, delta: Dense): Float64Array {
  const [a, b] = [shortened(input), shortened(delta)];
  return svd(transposedTimes(a, b), a.cols, b.cols).s.slice(0, Math.min(input.rows, a.cols, b.cols));
}

/** A matrix of as few columns whose product with its counterpart has the same singular values: r of q r = xᵀ, as rᵀ. */
function shortened(x: Dense): Dense {
  if (x.rows >= x.cols) return x;
  const turned = transposedDense(x);
  const { r } = qr(Float64Array.from(turned.data), x.cols, x.rows);
  return transposedDense(dense(x.rows, x.rows, r));
}

/** How many σ reach theta·σ_1; 0 for none, and where σ_1 is 0. */
export function effectiveRank(sigma: ArrayLike<number>, theta: number): number {
  const first = largest(sigma);
  if (!(first > 0)) return 0;
  let count = 0;
  for (let j = 0; j < sigma.length; j++) if (sigma[j]! >= theta * first && sigma[j]! > 0) count++;
  return count;
}

/** exp of the entropy of σ/Σσ: 1 for one direction, k for k equal ones; 0 where all are 0. */
export function entropyRank(sigma: ArrayLike<number>): number {
  let [sum, entropy] = [0, 0];
  for (let j = 0; j < sigma.length; j++) sum += sigma[j]!;
  if (!(sum > 0)) return 0;
  for (let j = 0; j < sigma.length; j++) {
    const share = sigma[j]! / sum;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}

/** ‖G‖_F² / σ_1²; 0 where all are 0. */
export function stableRank(sigma: ArrayLike<number>): number {
  const first = largest(sigma);
  if (!(first > 0)) return 0;
  let sum = 0;
  for (let j = 0; j < sigma.length; j++) sum += (sigma[j]! / first) ** 2;
  return sum;
}

function largest(sigma: ArrayLike<number>): number {
  let most = 0;
  for (let j = 0; j < sigma.length; j++) most = Math.max(most, sigma[j]!);
  return most;
}

/** What no rank can exceed. */
export const rankBound = (rows: number, inputs: number, outputs: number): number =>
  Math.min(rows, inputs, outputs);

/** Whether the factors of so many rows are fewer values than the gradient: R (h + h') < h h'. */
export const factorsSave = (rows: number, inputs: number, outputs: number): boolean =>
  rows * (inputs + outputs) < inputs * outputs;
