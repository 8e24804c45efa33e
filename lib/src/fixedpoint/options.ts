/** The options of a fixed-point solve, their defaults and their checks. */
import { OptionError } from "../errors.js";
import {
  checkChoice,
  checkCount,
  checkFlag,
  checkFraction,
  checkOptionNames,
  checkPositive,
} from "../options.js";
import { MAX_ITERATIONS, type ResidualNorm } from "../trace/index.js";
import type { Matrix } from "../matrix.js";
import { residualNorms, type Residual } from "./residual.js";
import { type SolverName, solvers } from "./solvers.js";

/** What an observer sees of one iteration; z and value must not be changed. */
export interface SolveStep {
  /** k, from 0. */
  readonly iteration: number;
  /** z_k */
  readonly z: Matrix;
  /** f(z_k) */
  readonly value: Matrix;
  readonly residual: Residual;
  /** Whether z_k is the best iterate so far. */
  readonly best: boolean;
}

export interface SolveOptions {
  /** Which method proposes the next iterate; default "picard". */
  readonly solver?: SolverName;
  /** The solve has converged when the residual is at most this; default 1e-5. */
  readonly tolerance?: number;
  /** The most evaluations of f, up to 100,000; default 64. */
  readonly maxIterations?: number;
  /** α in (0, 1]: the next iterate is (1 − α)·z + α·f(z); default 1, undamped. */
  readonly damping?: number;
  /** Of "anderson": how many of the last iterates it combines; default 6. */
  readonly history?: number;
  /** "token" (default): the worst token; "frobenius": the whole matrix; "max": the largest entry. */
  readonly norm?: ResidualNorm;
  /** "relative" (default): divided by the size of z; "absolute": in the units of z. */
  readonly mode?: "relative" | "absolute";
  /**
   * Whether a token whose own residual is at most the tolerance keeps its value, while the others, which still see it, go on;
   * default false. It moves again when its residual rises. Needs the norm "token".
   */
  readonly freeze?: boolean;
  /**
   * Share of the tokens, in (0, 1], whose own residuals have to be at most the tolerance; default 1, all of them. Below 1 the
   * residual of an iterate is the largest among that many best tokens. Needs the norm "token".
   */
  readonly exitFraction?: number;
  /** Called after every evaluation of f. */
  readonly observe?: ((step: SolveStep) => void) | undefined;
}

export type CheckedOptions = Required<Omit<SolveOptions, "observe">> & Pick<SolveOptions, "observe">;

export const solveDefaults: CheckedOptions = {
  solver: "picard",
  tolerance: 1e-5,
  maxIterations: 64,
  damping: 1,
  history: 6,
  norm: "token",
  mode: "relative",
  freeze: false,
  exitFraction: 1,
  observe: undefined,
};

/** The names that `solve` knows. */
export const solveOptionNames = Object.keys(solveDefaults) as (keyof SolveOptions)[];

/** @throws UnknownOptionError, OptionError */
export function checkSolveOptions(options: SolveOptions): CheckedOptions {
  checkOptionNames(options, solveOptionNames, "solve");
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const checked: CheckedOptions = { ...solveDefaults, ...given };
  checkChoice(checked.solver, "solver", Object.keys(solvers) as SolverName[]);
  checkPositive(checked.tolerance, "tolerance");
  checkCount(checked.maxIterations, "maxIterations", 1, MAX_ITERATIONS);
  checkFraction(checked.damping, "damping");
  checkCount(checked.history, "history", 1, 64);
  checkChoice(checked.norm, "norm", residualNorms);
  checkChoice(checked.mode, "mode", ["relative", "absolute"]);
  checkFlag(checked.freeze, "freeze");
  checkFraction(checked.exitFraction, "exitFraction");
  if (checked.norm !== "token" && (checked.freeze || checked.exitFraction < 1)) {
    const name = checked.freeze ? "freeze" : "exitFraction";
    throw new OptionError(`${name} looks at each token: it needs the norm "token", not "${checked.norm}".`);
  }
  return checked;
}
