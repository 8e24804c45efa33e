/** What an attention trace says, in one curve and one sentence: the same in the still and the moving picture. */
import type { AttentionTrace } from "./attention.js";
import type { SolveState } from "./diagnosis.js";
import { shortNumber } from "./short-number.js";
import { trainingDetails, trainingTitle } from "./training-reading.js";

/** How many of N tokens an exit fraction is; at least one. */
export const tokensToExit = (share: number, tokens: number): number =>
  // 0.55 · 100 is a little above 55.
  Math.max(1, Math.ceil(share * tokens - 1e-9));

export interface ResidualCurve {
  /** [K] */
  readonly values: Float64Array;
  /** For an axis, for example "relative residual (worst token)". */
  readonly name: string;
  /** The solver's tolerance, when it is in the units of the curve. */
  readonly tolerance: number | undefined;
}

/**
 * The residuals that the solver compared with its tolerance. A trace does not carry those of the norms "max" and
 * absolute "token"; then the Frobenius residuals stand in, named so and without a tolerance.
 */
export function residualCurve({ solver, residuals, tokens }: AttentionTrace): ResidualCurve {
  const { norm, mode, tolerance, exitFraction = 1 } = solver;
  if (norm === "token" && mode === "relative") {
    const N = tokens.length;
    const count = tokensToExit(exitFraction, N);
    const values = residuals.relative.map((_, k) => {
      const all = residuals.perToken.subarray(k * N, (k + 1) * N);
      return count === N ? all.reduce((worst, one) => Math.max(worst, one), 0) : all.toSorted()[count - 1]!;
    });
    const which = count === N ? "worst token" : `worst of the ${count} best of ${N} tokens`;
    return { values, name: `relative residual (${which})`, tolerance };
  }
  return {
    values: residuals[mode],
    name: `${mode} residual (Frobenius)`,
    tolerance: norm === "frobenius" ? tolerance : undefined,
  };
}

/** "anderson", or "picard, damping 0.5". */
export const solverName = ({ solver: { name, damping } }: AttentionTrace): string =>
  name === "anderson" && damping === 1 ? name : `${name}, damping ${shortNumber(damping)}`;

/** How a solve failed that was allowed no more iterations, where the trace says it. */
export function mannerOf({ diagnosis }: AttentionTrace): string {
  if (diagnosis === undefined) return "";
  const manners: Partial<Record<SolveState, string>> = {
    cycling: `, cycling with period ${diagnosis.period}`,
    slow: ", slow",
    diverged: ", diverging",
    collapsed: ", collapsed",
  };
  return manners[diagnosis.state] ?? "";
}

/** What a verdict rests on: the rates and the radii, as far as the trace holds them. */
export function evidence({ diagnosis, solver }: AttentionTrace): readonly string[] {
  const { observedRate, spectralRadius, dampedRadius } = diagnosis ?? {};
  return [
    ...(observedRate === undefined ? [] : [`observed rate ${shortNumber(observedRate)}`]),
    ...(spectralRadius === undefined ? [] : [`ρ(J) ${shortNumber(spectralRadius)}`]),
    ...(dampedRadius === undefined || solver.damping === 1
      ? []
      : [`${shortNumber(dampedRadius)} with damping ${shortNumber(solver.damping)}`]),
  ];
}

/** One sentence, without a full stop: how the solve ended. */
export function verdict(trace: AttentionTrace): string {
  if (trace.training) return [trainingTitle(trace), ...trainingDetails(trace)].join(", ");
  const { reason, iterations, bestIteration } = trace.outcome;
  const value = residualCurve(trace).values[bestIteration] ?? NaN;
  const manner = mannerOf(trace);
  const count = `${iterations} iteration${iterations === 1 ? "" : "s"}`;
  const best = Number.isFinite(value)
    ? `best residual ${shortNumber(value)} at iteration ${bestIteration}`
    : "no residual was finite";
  switch (reason) {
    case "converged":
      return `converged in ${count}, residual ${shortNumber(value)}`;
    case "maxIterations":
      return `did NOT converge in ${count}${manner}: ${best}`;
    case "running":
      return `is RUNNING, ${count} so far: ${best}`;
    case "stopped":
      return `was STOPPED after ${count}: ${best}`;
    case "diverged":
      return `DIVERGED at iteration ${iterations - 1}: ${best}`;
  }
}

/** Tokens nearer to each other than this, relative to their size, count as one. */
const COLLAPSED = 1e-2;

/** A sentence, when there is one to say, about tokens that have become one: a small residual that means nothing. */
export function collapseNote({ tokens, tokenSpread, outcome }: AttentionTrace): string[] {
  const spread = tokenSpread[outcome.bestIteration]!;
  if (tokens.length < 2 || !(spread < COLLAPSED)) return [];
  return [`The tokens have collapsed into one: token spread ${shortNumber(spread)}.`];
}

/** Which stored frame stands for the result: the best iterate's, or the last one stored. */
export function resultFrame({ frames, outcome }: AttentionTrace): number {
  const best = frames.iterations.indexOf(outcome.bestIteration);
  return best < 0 ? frames.iterations.length - 1 : best;
}

/**
 * The weight that gets the darkest colour, the same for all heads and frames: the largest finite one stored, and
 * at least four times even attention 1/N, so that even attention looks pale and not strong.
 */
export function darkestWeight({ tokens, frames }: AttentionTrace): number {
  let largest = Math.min(1, 4 / tokens.length);
  for (const weight of frames.weights) if (weight > largest && weight < Infinity) largest = weight;
  return largest;
}
