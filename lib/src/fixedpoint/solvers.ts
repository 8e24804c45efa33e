/** The methods that propose the next iterate: one row each. */
import { mix } from "../engine/reference/elementwise.js";
import type { Matrix } from "../matrix.js";
import { anderson } from "./anderson.js";

/** One solve's worth of a method: it may remember earlier iterates. */
export type Propose = (z: Matrix, value: Matrix) => Matrix;

export interface MethodOptions {
  /** α in (0, 1]. */
  readonly damping: number;
  /** How many earlier iterates a method may use. */
  readonly history: number;
}

/**
 * - picard: z ← (1 − α)·z + α·f(z). Its eigenvalues are (1 − α) + α·λ for each eigenvalue λ of f's Jacobian, so
 *   damping cures negative and complex λ and slows positive ones down.
 * - anderson: the combination of the last `history` iterates whose residuals cancel best.
 */
export const solvers = {
  picard:
    ({ damping }) =>
    (z, value) =>
      mix(z, value, damping),
  anderson,
} satisfies Record<string, (options: MethodOptions) => Propose>;

export type SolverName = keyof typeof solvers;
