/** What a method of Greeks is. */
import type { Model, Payoff } from "./model.js";
import type { Parameters } from "./parameters.js";

/** What a payoff reads beside the last date. */
export interface Reads {
  /** Of the path, before its last date. */
  readonly earlier: boolean;
  /** Names of parameters. */
  readonly parameters: ReadonlySet<string>;
}

/** What one path says. */
export interface Sample {
  readonly price: number;
  readonly first: readonly number[];
  /** Row-major; empty where no second derivatives are asked for. */
  readonly second: readonly (readonly number[])[];
  /** Of methods that do not differentiate by it as a matter of course. */
  readonly reads?: Reads;
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
