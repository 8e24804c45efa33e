/** What to say about a solve that did not converge: what it did instead, and what to try. */
import type { Matrix } from "../matrix.js";

/** Two states count as the same when they differ by this much of what one step moves. */
const SAME = 1e-2;

/** The residual counts as still falling when its last ten values halve it at least. */
const FALLING = 0.5;

const distance = (a: Matrix, b: Matrix): number =>
  Math.sqrt(a.data.reduce((sum, x, i) => sum + (x - b.data[i]!) ** 2, 0));

/** The longest cycle that is looked for. */
const LONGEST_PERIOD = 8;

/** How many of the last iterates a cycle can be seen in. */
export const REMEMBERED = LONGEST_PERIOD + 1;

/** The smallest p ≥ 2 after which the iterates repeat; 0 where they do not. */
export function periodOf(last: readonly Matrix[]): number {
  const newest = last.at(-1);
  const previous = last.at(-2);
  if (newest === undefined || previous === undefined) return 0;
  const moved = distance(previous, newest);
  for (let period = 2; period <= LONGEST_PERIOD; period++) {
    const before = last.at(-1 - period);
    if (before !== undefined && distance(before, newest) <= SAME * moved) return period;
  }
  return 0;
}

/**
 * @param last up to REMEMBERED last iterates, newest last
 * @param residuals all of them, oldest first
 */
export function adviseUnconverged(
  last: readonly Matrix[],
  residuals: readonly number[],
  { damping, solver }: { readonly damping: number; readonly solver: string },
): string {
  const other = solver === "anderson" ? "" : ', or solver: "anderson"';
  const remedy = `Try a smaller damping, for example ${Number((damping / 2).toPrecision(2))}${other}.`;
  const period = periodOf(last);
  if (period === 2) return `The iterates alternate between two states (a cycle of period 2). ${remedy}`;
  if (period > 2) return `The iterates repeat every ${period} steps (a cycle of period ${period}). ${remedy}`;
  const falling = residuals.at(-1)! <= FALLING * (residuals.at(-11) ?? Infinity);
  if (falling) return "The residual is still falling: allow more iterations with maxIterations.";
  return `The residual has stopped falling. ${remedy}`;
}

/** Where the first value of f(z) that is not a finite number stands. */
export function adviseDiverged(iteration: number, value: Matrix): string {
  const at = value.data.findIndex((entry) => !Number.isFinite(entry));
  const where =
    at < 0
      ? "The size of f(z) overflowed"
      : `f(z) became ${value.data[at]} in row ${Math.floor(at / value.cols)}, column ${at % value.cols}`;
  return `${where} at iteration ${iteration}. Look for an overflow or a NaN in the input or the weights.`;
}
