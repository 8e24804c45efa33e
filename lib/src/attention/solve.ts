/** Iterating attention to its fixed point, with a trace of everything that happened on the way. */
import type { SolveStep } from "../fixedpoint/options.js";
import { RunningAttention } from "../display/bundle.js";
import { ResidualRecorder } from "../fixedpoint/record.js";
import { solve, type Solution } from "../fixedpoint/solve.js";
import type { Matrix } from "../matrix.js";
import { ATTENTION_VERSION, type AttentionTrace, type SolveStatus } from "../trace/index.js";
import { PRODUCER } from "../version.js";
import { attentionDrift, tokenSpread } from "./diagnosis.js";
import { FrameRecorder } from "./frames.js";
import { checkAttentionOptions, type SolveAttentionOptions } from "./options.js";
import { presets } from "./presets.js";
import { AttentionSolve } from "./result.js";
import { offerToResolve } from "./resolve.js";
import { spectrumOf } from "./spectrum.js";
import { judge } from "./verdict.js";

/** What a trace is made of beside the states: of a solve that has ended, or of one that runs. */
type Ended = Pick<Solution, "converged" | "iterations" | "bestIteration" | "trace"> & {
  readonly reason: SolveStatus;
};

/**
 * Find z* = f(z*) for one attention step f and record how the attention moved.
 *
 * With the default preset "inject" f(z) = x + Concat_h(A_h(z)·V_h(x))·W_O, so **z* already contains x**: a block
 * that adds a residual connection of its own must add z* − x.
 *
 * @returns the iterate with the smallest residual and the attention at it; `converged` is false, never silent,
 *   when the tolerance was not met. Shown in a notebook, the result draws itself.
 * @throws UnknownOptionError for an option that does not exist
 * @throws OptionError, ShapeError for a bad value or a matrix that does not fit
 * @see arXiv 2507.13569; `attentionStep` for the map, `solve` for the solver's options
 * @example
 * const { tokens, vectors } = embed(tokenize("the king and the queen drink wine"));
 * const solved = solveAttention({ tokens, x: vectors, ...semanticHeads({ heads: 4 }) });
 * solved.summary();
 */
export function solveAttention(options: SolveAttentionOptions): AttentionSolve {
  const {
    tokens,
    z0,
    map: chosen,
    heads,
    preset,
    solver,
    live,
    spectrum: wantsSpectrum,
    observe: tell,
  } = checkAttentionOptions(options);
  const { step } = chosen;

  const recorder = new FrameRecorder();
  /** Of a solve that is shown while it runs: the solver's own are had at its end. */
  const residuals = live && new ResidualRecorder(solver.tolerance);
  let bestIteration = 0;
  const running = (iterations: number): Ended => ({
    converged: false,
    reason: "running",
    iterations,
    bestIteration,
    trace: residuals!.trace(),
  });
  const drift: number[] = [];
  const spread: number[] = [];
  let attention: readonly Matrix[] = [];
  let previous: readonly Matrix[] | undefined;
  let bestAttention: readonly Matrix[] = [];
  const map = (z: Matrix): Matrix => {
    const { value, attention: now } = step(z);
    attention = now;
    return value;
  };
  const observe = (seen: SolveStep): void => {
    recorder.add(attention, seen.best);
    drift.push(previous ? attentionDrift(attention, previous) : NaN);
    spread.push(tokenSpread(seen.z));
    if (seen.best || !previous) bestAttention = attention;
    previous = attention;
    tell?.({ ...seen, attention });
    residuals?.add(seen.residual);
    if (seen.best) bestIteration = seen.iteration;
    if (live?.isDue) live.put(new RunningAttention(traceOf(running(seen.iteration + 1))));
  };

  const { solver: name, tolerance, maxIterations, damping, norm, mode, freeze, exitFraction } = solver;
  const traceOf = ({ converged, reason, iterations, bestIteration, trace }: Ended): AttentionTrace => {
    const { frames, omissions } = recorder.finish();
    return {
      kind: "attention",
      version: ATTENTION_VERSION,
      producer: PRODUCER,
      preset,
      tokens,
      heads,
      solver: { name, damping, tolerance, maxIterations, norm, mode, freeze, exitFraction },
      outcome: { converged, reason, iterations, bestIteration },
      frames,
      residuals: trace,
      drift: Float64Array.from(drift),
      tokenSpread: Float64Array.from(spread),
      omissions,
    };
  };

  const solution = solve(map, z0, { ...solver, observe });
  const spectrum = wantsSpectrum ? spectrumOf(chosen, solution) : undefined;
  const { diagnosis, warnings } = judge({
    solution,
    attention: bestAttention,
    inject: presets[preset].inject,
    damping,
    spectrum,
  });
  const trace: AttentionTrace = { ...traceOf(solution), diagnosis, ...(spectrum && { spectrum }) };
  const resolvable = () => offerToResolve(options, solveAttention);
  const solved = new AttentionSolve({
    ...solution,
    output: chosen.output(solution.z),
    attention: bestAttention,
    diagnosis,
    warnings,
    trace,
    resolvable,
  });
  live?.put(solved);
  return solved;
}
