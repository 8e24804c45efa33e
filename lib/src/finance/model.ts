/** What the estimators of Greeks need of a model. All numbers may be recorded. */
import type { Parameters } from "./parameters.js";

export interface Model<P extends Parameters> {
  readonly name: string;
  /** Steps of a path, each with one normal. */
  readonly steps: number;
  /** @throws OptionError for parameters that it cannot have */
  check(p: P): void;
  /** The path for standard normals z: steps + 1 values, the first at time 0. */
  path(p: P, z: readonly number[]): readonly number[];
  /** All of the path but its last value, of which the mean and the deviation: it is `last(mean + deviation · Z)`. */
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
