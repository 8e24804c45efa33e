/** What to say about a solve that did not converge: what it did instead, and what to try. */
import type { Matrix } from "../matrix.js";

/** Two states count as the same when they differ by this much of what one step moves. */
const SAME = 1e-2;

/** The residual counts as still falling when its last ten values halve it at least. */
const FALLING = 0.5;

const distance = (a: Matrix, b: Matrix): number =>
  Math.sqrt(a.data.reduce((sum, x, i) => sum + (x - b.data[i]!) ** 2, 0));

/**
 * @param last up to three last iterates, newest last
 * @param residuals all of them, oldest first
 */
export function adviseUnconverged(
  last: readonly Matrix[],
  residuals: readonly number[],
  damping: number,
): string {
  const [before, previous, newest] = last;
  if (before && previous && newest && distance(before, newest) <= SAME * distance(previous, newest)) {
    return `The iterates alternate between two states (a cycle of period 2). ${tryDamping(damping)}`;
  }
  const falling = residuals.at(-1)! <= FALLING * (residuals.at(-11) ?? Infinity);
  if (falling) return "The residual is still falling: allow more iterations with maxIterations.";
  return `The residual has stopped falling. ${tryDamping(damping)}`;
}

const tryDamping = (damping: number): string =>
  `Try a smaller damping, for example ${Number((damping / 2).toPrecision(2))}.`;

/** Where the first value of f(z) that is not a finite number stands. */
export function adviseDiverged(iteration: number, value: Matrix): string {
  const at = value.data.findIndex((entry) => !Number.isFinite(entry));
  const where =
    at < 0
      ? "The size of f(z) overflowed"
      : `f(z) became ${value.data[at]} in row ${Math.floor(at / value.cols)}, column ${at % value.cols}`;
  return `${where} at iteration ${iteration}. Look for an overflow or a NaN in the input or the weights.`;
}
