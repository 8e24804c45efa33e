/** What a method of Greeks is. */
import type { Model, Payoff } from "./model.js";
import type { Parameters } from "./parameters.js";

/** What one path says. */
export interface Sample {
  readonly price: number;
  readonly first: readonly number[];
  /** Row-major; empty where no second derivatives are asked for. */
  readonly second: readonly (readonly number[])[];
  /** The payoff read values of earlier dates than the method differentiates by. */
  readonly isPartial?: boolean;
}

export interface Setting<P extends Parameters> {
  readonly model: Model<P>;
  readonly payoff: Payoff<P>;
  readonly p: P;
  readonly names: readonly string[];
  readonly order: 1 | 2;
  /** Of finite differences, relative to the parameter. */
  readonly bump: number;
  /** Draws of the last step for each path, of Vibrato. */
  readonly replicas: number;
}

export interface Estimator {
  /** Normals beyond the path's own that a sample needs. */
  extra(setting: Setting<Parameters>): number;
  sample<P extends Parameters>(setting: Setting<P>, z: readonly number[], extra: readonly number[]): Sample;
}
