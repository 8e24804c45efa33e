/** Solving z = f(z): iterate, measure, keep the best, and say honestly how it ended. */
import { checkMatrix, type Matrix } from "../matrix.js";
import type { SolveDiagnosis, StopReason } from "../trace/index.js";
import { REMEMBERED } from "./advice.js";
import { diagnose } from "./diagnose.js";
import { holdTokens } from "./freeze.js";
import { checkSolveOptions, type SolveOptions } from "./options.js";
import { ResidualRecorder, type ResidualTrace } from "./record.js";
import { residualOf } from "./residual.js";
import { proceed } from "../steering.js";
import { solvers } from "./solvers.js";

export interface Solution {
  /** The iterate with the smallest residual. */
  readonly z: Matrix;
  /** The residual at exactly this z, in the norm and mode of the options. */
  readonly residual: number;
  readonly converged: boolean;
  readonly reason: StopReason;
  /** Evaluations K of f; z was updated K − 1 times. */
  readonly iterations: number;
  /** The iteration, from 0 to K − 1, whose iterate is z. */
  readonly bestIteration: number;
  /** The verdict: converged, slow, cycling, diverged or stopped, with its evidence and what to try. */
  readonly diagnosis: SolveDiagnosis;
  /** What went wrong and what to try; empty after convergence. */
  readonly warnings: readonly string[];
  /**
   * [tokens] the iteration since which the token's own residual has been at most the tolerance; −1 where it was not at the last.
   */
  readonly stoppedAt: Int32Array;
  /** The residuals of all K iterations. */
  readonly trace: ResidualTrace;
}

/**
 * Solve z = f(z) and return the best iterate found.
 *
 * @param f one step of the map; z and f(z) have the same shape [tokens, width], and f leaves z unchanged
 * @param z0 where to start
 * @returns the iterate with the smallest residual; `converged` is false, never silent, when `tolerance` was not
 *   met. When f(z) is not finite the solve stops with the reason "diverged".
 * @throws UnknownOptionError for an option that does not exist
 * @throws OptionError for an option with a bad value, such as a damping outside (0, 1]
 * @throws ShapeError when f(z) has another shape than z
 * @example
 * const half = solve((z) => ({ ...z, data: z.data.map(Math.cos) }), matrix([[1]]));
 * half.z.data[0]; // 0.7390…, the number that is its own cosine
 */
export function solve(f: (z: Matrix) => Matrix, z0: Matrix, options: SolveOptions = {}): Solution {
  const checked = checkSolveOptions(options);
  checkMatrix(z0, "z0");
  const propose = solvers[checked.solver](checked);
  const recorder = new ResidualRecorder(checked.tolerance);
  const totals: number[] = [];
  let best = { z: z0, residual: Infinity, iteration: 0 };
  const recent: Matrix[] = [];

  const end = (reason: StopReason, value: Matrix): Solution => {
    const trace = recorder.trace();
    const diagnosis = diagnose({ reason, recent, value, totals, absolute: trace.absolute }, checked);
    return {
      z: { ...best.z, data: best.z.data.slice() },
      residual: best.residual,
      converged: reason === "converged",
      reason,
      iterations: totals.length,
      bestIteration: best.iteration,
      diagnosis,
      warnings: diagnosis.advice === "" ? [] : [diagnosis.advice],
      stoppedAt: recorder.stoppedAt,
      trace,
    };
  };

  let z: Matrix = { ...z0, data: z0.data.slice() };
  for (let iteration = 0; ; iteration++) {
    const value = f(z);
    checkMatrix(value, "The result of f", z);
    const residual = residualOf(z, value, checked.norm, checked.mode, checked.exitFraction);
    recorder.add(residual);
    totals.push(residual.total);
    const improved = residual.total < best.residual;
    if (improved) best = { z, residual: residual.total, iteration };
    checked.observe?.({ iteration, z, value, residual, best: improved });

    const finite = Number.isFinite(residual.absolute) && value.data.every(Number.isFinite);
    if (!finite) return end("diverged", value);
    if (residual.total <= checked.tolerance) return end("converged", value);
    recent.push(z);
    if (recent.length > REMEMBERED) recent.shift();
    if (iteration + 1 === checked.maxIterations) return end("maxIterations", value);
    if (!proceed()) return end("stopped", value);
    const next = propose(z, value);
    if (checked.freeze) holdTokens(next, z, residual.ofTokens, checked.tolerance);
    z = next;
  }
}
