/** The verdict on a solve, with its evidence and what to try. */

export const solveStates = ["converged", "slow", "cycling", "diverged", "collapsed", "stopped"] as const;

/**
 * - converged: the tolerance was met.
 * - slow: it was not met within the iterations allowed, and the iterates do not repeat.
 * - cycling: the iterates repeat after a period.
 * - diverged: f(z) is not finite, or the residual grows.
 * - collapsed: the tokens have become one and the attention uniform, whether or not the tolerance was met.
 * - stopped: by the reader.
 */
export type SolveState = (typeof solveStates)[number];

export interface SolveDiagnosis {
  readonly state: SolveState;
  /** Of a cycle: after how many iterations the iterates repeat. */
  readonly period?: number;
  /** By what factor the Frobenius residual changed per iteration, over the last ten; not where it has too few. */
  readonly observedRate?: number;
  /** ρ(J) of the undamped map at the fixed point; not where it is not known. */
  readonly spectralRadius?: number;
  /** max |(1 − α) + α·λ| at the solve's own damping: the rate that Picard's iteration tends to. */
  readonly dampedRadius?: number;
  /** ‖z − row mean‖_F / ‖z‖_F of the iterate returned. */
  readonly tokenSpread?: number;
  /** What happened and what to try; empty after convergence. */
  readonly advice: string;
}
