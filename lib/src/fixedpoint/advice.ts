/** What to say about a solve that did not converge: what it did instead, and what to try. */
import type { Matrix } from "../matrix.js";

/** Two states count as the same when they differ by this much of what one step moves. */
const SAME = 1e-2;

/** The residual counts as still falling when its last ten values halve it at least, or each is smaller than the one before. */
const FALLING = 0.5;

function falls(residuals: readonly number[]): boolean {
  const last = residuals.slice(-11);
  const steadily = last.length === 11 && last.every((value, k) => k === 0 || value < last[k - 1]!);
  return steadily || residuals.at(-1)! <= FALLING * (residuals.at(-11) ?? Infinity);
}

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

/** The residual counts as growing when it is so many times the smallest there was. */
const GROWN = 10;

/** Whether the iterates move away for good: the residual is the largest so far, and far above the smallest. */
export const grows = (residuals: readonly number[]): boolean =>
  residuals.at(-1)! > GROWN * residuals.reduce((a, b) => Math.min(a, b), Infinity) &&
  residuals.at(-1)! >= residuals.reduce((a, b) => Math.max(a, b), 0);

/**
 * @param period of the cycle that the iterates are in; 0 for none
 * @param residuals all of them, oldest first
 * @param left about how many more iterations the tolerance would take at the observed rate
 */
export function adviseUnconverged(
  period: number,
  residuals: readonly number[],
  { damping, solver, left }: { readonly damping: number; readonly solver: string; readonly left: number },
): string {
  const other = solver === "anderson" ? "" : ', or solver: "anderson"';
  const remedy = `Try a smaller damping, for example ${Number((damping / 2).toPrecision(2))}${other}.`;
  if (period === 2) return `The iterates alternate between two states (a cycle of period 2). ${remedy}`;
  if (period > 2) return `The iterates repeat every ${period} steps (a cycle of period ${period}). ${remedy}`;
  if (grows(residuals)) return `The residual grows: the iterates leave the fixed point. ${remedy}`;
  if (falls(residuals)) {
    const about = Number.isFinite(left) ? `, about ${left} more` : "";
    return `The residual is still falling: allow more iterations with maxIterations${about}${other}.`;
  }
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
