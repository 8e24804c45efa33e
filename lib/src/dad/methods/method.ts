/** A sharing method as a row: what a site sends, what the aggregator makes of it, what each site reconstructs. */
import type { Leaf } from "../../ad/recorded.js";
import type { Local } from "../local.js";
import type { Block, Message } from "../message.js";
import type { Tree } from "../model.js";
import type { Observation, OuterUnit, Plan } from "../plan.js";

/** What a site knows in a step besides its messages. */
export interface SiteContext {
  readonly plan: Plan;
  readonly name: string;
  /** Its place among the sites that take part. */
  readonly site: number;
  /** N_s of all of them. */
  readonly rows: readonly number[];
  readonly step: number;
  readonly local: Local;
  /** The leaves of the parameters. */
  readonly params: readonly Leaf[];
  readonly batch: Tree;
  /** The leaves of the gradient at another batch, with so many rows. */
  readonly gradientAt: (batch: Tree, rows: number) => readonly Leaf[];
}

export interface AggregatorContext {
  readonly plan: Plan;
  readonly step: number;
}

/** Singular values that a compressor found, by unit. */
export type Found = ReadonlyMap<string, Float64Array>;

export interface Sent<S> {
  readonly blocks: readonly Block[];
  readonly state: S;
  readonly found?: Found;
}

/** Up, and down. Pure functions: nothing that they are given is changed. */
export interface Round<O, S> {
  /** @param received what the aggregator sent in the rounds before */
  send(context: SiteContext, options: O, state: S, received: readonly Message[]): Sent<S> | Promise<Sent<S>>;
  aggregate(messages: readonly Message[], context: AggregatorContext, options: O): Omit<Sent<null>, "state">;
}

/** What the closed formulas of traffic depend on. */
export interface Traffic {
  readonly unit: OuterUnit;
  /** Whether it is the last weight of the network. */
  readonly isLast: boolean;
  readonly step: number;
  /** R_s of every site that takes part: rows of the factors of this unit. */
  readonly rows: readonly number[];
  readonly site: number;
  /** Rank found by every site; empty where a method has none. */
  readonly ranks: readonly number[];
  /** Rank of what the aggregator sends, where it compressed again. */
  readonly sharedRank: number;
}

/** Numbers, of the width of the parameters. */
export interface Values {
  readonly up: number;
  readonly down: number;
}

export interface Method<O = unknown, S = unknown> {
  readonly sends: string;
  readonly aggregates: string;
  readonly reconstructs: string;
  /** Whether the shared gradient is that of the pooled batch. */
  readonly isExact: boolean;
  /** Whether the sites have the same parameters after every step. */
  readonly isShared: boolean;
  /** Whether the aggregator only adds, so that an all-reduce does. */
  readonly isAllReducible: boolean;
  /** Whether the raw rows of the batch leave a site: the input of the first layer is the data. */
  readonly showsData: boolean;
  /** What is in the messages: parts of gradients, the batch itself, or nothing. */
  readonly travels: "gradients" | "batch" | "nothing";
  /** @throws UnknownOptionError, OptionError */
  readonly options: (given: object) => O;
  /** Remarks for whoever reads a result, such as the traps of `compat`. */
  readonly notes?: (options: O) => readonly string[];
  /** What a site keeps between steps, before the first one. */
  readonly start: (plan: Plan, options: O) => S;
  /** Further things that a site sees in its first step. */
  readonly observe?: (
    observation: Observation,
    local: Local,
    params: readonly Leaf[],
  ) => Promise<Observation>;
  /** The plan, or a SharingError for a model that the method cannot share. */
  readonly plan?: (plan: Plan, observations: readonly Observation[], options: O) => Plan;
  readonly rounds: readonly Round<O, S>[];
  /** The leaves of the gradient, the same at all sites where `isShared`. */
  readonly reconstruct: (
    context: SiteContext,
    options: O,
    state: S,
    received: readonly Message[],
  ) => { readonly gradients: readonly Leaf[]; readonly state: S };
  /** The closed formula. Parameters that are not outer products add their size, both ways. */
  readonly values: (traffic: Traffic, options: O) => Values;
  /** The scale of a site's loss, where it is not its share of the rows. */
  readonly scale?: (share: number, options: O) => number;
}
