/** The verdict on a solve: what its residuals and last iterates say about how it went. */
import type { Matrix } from "../matrix.js";
import { iterationsFor, type SolveDiagnosis, type StopReason } from "../trace/index.js";
import { STOPPED } from "../steering.js";
import { adviseDiverged, adviseUnconverged, grows, periodOf } from "./advice.js";

/** What is known when a solve ends. */
export interface Ending {
  readonly reason: StopReason;
  /** Up to REMEMBERED last iterates, newest last. */
  readonly recent: readonly Matrix[];
  /** f at the last iterate. */
  readonly value: Matrix;
  /** [K] what was compared with the tolerance. */
  readonly totals: readonly number[];
  /** [K] Frobenius residuals. */
  readonly absolute: ArrayLike<number>;
}

/** Over how many iterations the rate is taken. */
const WINDOW = 10;

/**
 * The factor by which the residual changed per iteration, over the last ten; it tends to the spectral radius of what is iterated.
 * Undefined where there are fewer than two, or one of the two ends is no positive number.
 */
export function observedRate(residuals: ArrayLike<number>): number | undefined {
  const last = residuals.length - 1;
  const first = Math.max(0, last - WINDOW);
  const ratio = residuals[last]! / residuals[first]!;
  return last > first && ratio > 0 && Number.isFinite(ratio) ? ratio ** (1 / (last - first)) : undefined;
}

export function diagnose(
  { reason, recent, value, totals, absolute }: Ending,
  options: { readonly damping: number; readonly solver: string; readonly tolerance: number },
): SolveDiagnosis {
  const rate = observedRate(absolute);
  const evidence = rate === undefined ? {} : { observedRate: rate };
  switch (reason) {
    case "converged":
      return { state: "converged", ...evidence, advice: "" };
    case "stopped":
      return { state: "stopped", ...evidence, advice: STOPPED };
    case "diverged":
      return { state: "diverged", ...evidence, advice: adviseDiverged(totals.length - 1, value) };
    case "maxIterations": {
      const period = periodOf(recent);
      const left = iterationsFor(rate ?? 1, totals.at(-1)! / options.tolerance);
      const advice = adviseUnconverged(period, totals, { ...options, left });
      if (period > 0) return { state: "cycling", period, ...evidence, advice };
      return { state: grows(totals) ? "diverged" : "slow", ...evidence, advice };
    }
  }
}
