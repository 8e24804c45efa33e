/** Whether a gradient is what its factors say, without computing the product: Freivalds' check. */
import { type Dense, type Floats, norm, times, transposedTimesVector } from "./dense.js";
import type { Factors } from "./local.js";

/** Relative rounding of a sum of so many products, with some room. */
const rounding = (values: Floats, terms: number): number =>
  (values instanceof Float32Array ? 2 ** -23 : 2 ** -52) * 2 * (terms + 8);

/**
 * Whether the gradient of a parameter is AᵀΔ (ΔᵀA, where it is transposed) and nothing else: G x is compared with
 * Aᵀ(Δ x) for a vector of ±1. A part that is larger than rounding is missed with a probability of at most ½; it is
 * asked for two vectors.
 *
 * @param gradient in the shape of the parameter
 * @see Freivalds (1977)
 */
export function isCovered(gradient: Floats, { input, delta, isTransposed }: Factors): boolean {
  const [left, right] = isTransposed ? [delta, input] : [input, delta];
  if (gradient.length !== left.cols * right.cols) return false;
  const size = norm(left.data) * norm(right.data);
  const bound = rounding(gradient, left.rows) * size * Math.sqrt(right.cols);
  const g: Dense = { rows: left.cols, cols: right.cols, data: gradient };
  return [1, 2].every((seed) => {
    const x = signs(right.cols, seed);
    const got = times(g, x);
    const want = transposedTimesVector(left, times(right, x));
    return norm(got.map((value, i) => value - want[i]!)) <= bound;
  });
}

/** Whether a gradient of h' numbers is the sum of the rows of Δ: that of a bias. */
export function isRowSum(gradient: Floats, delta: Dense): boolean {
  if (gradient.length !== delta.cols) return false;
  const sums = transposedTimesVector(delta, new Float64Array(delta.rows).fill(1));
  const bound = rounding(gradient, delta.rows) * norm(delta.data) * Math.sqrt(delta.rows);
  return norm(sums.map((value, i) => value - gradient[i]!)) <= bound;
}

/** ±1, always the same: a check should not disturb streams of random numbers. */
function signs(length: number, seed: number): Float64Array {
  let state = (0x9e3779b9 * seed) | 0;
  return Float64Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 1 ? 1 : -1;
  });
}
