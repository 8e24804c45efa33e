/** What the estimators of Greeks need of a model. All numbers may be recorded. */
import type { Parameters } from "./parameters.js";

export interface Model<P extends Parameters> {
  readonly name: string;
  /** Normals of a path: its steps, times the assets that each moves. */
  readonly steps: number;
  /** @throws OptionError for parameters that it cannot have */
  check(p: P): void;
  /** The path for standard normals z, from time 0 on: at each date one value, or one for each asset, in order. */
  path(p: P, z: readonly number[]): readonly number[];
  /**
   * All of the path but its last value, of which the mean and the deviation: it is `last(mean + deviation · Z)`.
   * @throws MethodError where the last step is of several values
   */
  split(
    p: P,
    z: readonly number[],
  ): { readonly before: readonly number[]; readonly mean: number; readonly deviation: number };
  last(y: number): number;
  /** The logarithm of the density of a path that is kept as it is; its first value is the model's own. */
  logDensity(p: P, path: readonly number[]): number;
  discount(p: P): number;
}

/** What a path pays at maturity, not discounted: ordinary code, under "use ad" or in `ops`. */
export type Payoff<P extends Parameters> = (path: readonly number[], p: P) => number;
