/** A race of solvers: the same attention problem, several ways to solve it, one picture. */
import { OptionError } from "../errors.js";
import type { SolveOptions } from "../fixedpoint/options.js";
import { checkOptionNames } from "../options.js";
import { type AttentionRival, MAX_RIVALS, residualCurve, solverName } from "../trace/index.js";
import type { SolveAttentionOptions } from "./options.js";
import { AttentionSolve } from "./result.js";
import { solveAttention } from "./solve.js";

/** A way to solve; what it does not say is as the problem has it. */
export interface Contender extends Pick<
  SolveOptions,
  "solver" | "damping" | "history" | "freeze" | "maxIterations"
> {
  /** For the legend; default the solver and its damping. */
  readonly name?: string;
}

const names = ["name", "solver", "damping", "history", "freeze", "maxIterations"];

const nameOf = ({ name }: Contender, { trace }: AttentionSolve): string => name ?? solverName(trace);

/**
 * Solve one problem in several ways.
 *
 * @param problem as for `solveAttention`; with `live` the first contender is shown while it runs
 * @param contenders two to eight; tolerance, norm and mode are the problem's, so that the residuals can be compared
 * @returns the solve of the first contender; its trace, and so its picture, has the residuals of the others too
 * @throws OptionError, UnknownOptionError, and what `solveAttention` throws
 * @example
 * const { tokens, vectors } = embed(tokenize("the king and the queen drink wine"));
 * const problem = { tokens, x: vectors, ...semanticHeads({ heads: 4 }) };
 * raceAttention(problem, [{ damping: 1 }, { damping: 0.5 }, { solver: "anderson" }]).trace.rivals?.length; // 2
 */
export function raceAttention(
  problem: SolveAttentionOptions,
  contenders: readonly Contender[],
): AttentionSolve {
  if (!Array.isArray(contenders) || contenders.length < 2 || contenders.length > MAX_RIVALS + 1)
    throw new OptionError(`A race needs 2 to ${MAX_RIVALS + 1} contenders, such as [{ damping: 1 }, { solver: "anderson" }].`); // prettier-ignore
  for (const each of contenders) checkOptionNames(each, names, "A contender");
  const solves = contenders.map(({ name: _, ...how }, i) =>
    solveAttention({
      ...problem,
      ...how,
      ...(i > 0 && { live: undefined, observe: undefined, spectrum: false }),
    }),
  );
  const rivals: AttentionRival[] = solves.slice(1).map((solved, i) => ({
    name: nameOf(contenders[i + 1]!, solved),
    converged: solved.converged,
    residuals: Float64Array.from(residualCurve(solved.trace).values),
  }));
  const first = solves[0]!;
  return new AttentionSolve({ ...first, trace: { ...first.trace, rivals } });
}
