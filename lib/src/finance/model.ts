/** What the estimators of Greeks need of a model. All numbers may be recorded. */
import type { LastStep } from "./last-step.js";
import type { Parameters } from "./parameters.js";

export interface Model<P extends Parameters> {
  readonly name: string;
  /** Values at each date, and normals of each step. */
  readonly assets: number;
  /** Normals of a path: its steps, times the assets that each moves. */
  readonly steps: number;
  /** @throws OptionError for parameters that it cannot have */
  check(p: P): void;
  /** The path for standard normals z, from time 0 on: at each date one value, or one for each asset, in order. */
  path(p: P, z: readonly number[]): readonly number[];
  /**
   * All of the path but its last date, and the Gaussian of that: its values are `last(mean + factor · Z)`.
   * @throws MethodError where the factor has no inverse
   */
  split(p: P, z: readonly number[]): LastStep & { readonly before: readonly number[] };
  /** [assets] → [assets] */
  last(y: readonly number[]): readonly number[];
  /** The logarithm of the density of a path that is kept as it is; its first value is the model's own. */
  logDensity(p: P, path: readonly number[]): number;
  discount(p: P): number;
}

/** What a path pays at maturity, not discounted: ordinary code, under "use ad" or in `ops`. */
export type Payoff<P extends Parameters> = (path: readonly number[], p: P) => number;
