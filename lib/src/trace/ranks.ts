/** The ranks trace: what distributed sites exchanged while they trained, step by step, layer by layer, site by site. */
import type { Omission } from "./omission.js";

export const RANKS_MIME = "application/vnd.cotangent.ranks.v1+json";

/** Major.minor of the format that this library writes; a reader accepts every 1.x. */
export const RANKS_VERSION = "1.1";

export interface RanksMethod {
  /** For example "rank-dAD". */
  readonly name: string;
  readonly sends: string;
  readonly aggregates: string;
  readonly reconstructs: string;
  /** Whether the shared gradient is that of the pooled batch. */
  readonly isExact: boolean;
  /** Whether raw rows of the data leave a site. None of these methods is one of privacy. */
  readonly showsData: boolean;
  /** θ: the singular values that count in the effective rank are at least θ·σ_1. */
  readonly theta: number;
  /** The options that were given, as "name = value". */
  readonly options: readonly string[];
  /** Remarks that belong beside the picture, for example the traps that were reproduced. */
  readonly notes: readonly string[];
}

export interface RanksLayer {
  readonly name: string;
  /** A weight whose gradient is a product of two factors, a parameter that is sent as it is, or the batch itself. */
  readonly kind: "outer" | "raw" | "data";
  /** h; the number of values for a parameter that is sent as it is; 0 for the batch. */
  readonly inputs: number;
  /** h'; 1 for a parameter that is sent as it is; 0 for the batch. */
  readonly outputs: number;
  /** Whether the gradient of a bias travels with it, as one input more. */
  readonly hasBias: boolean;
}

export interface RanksSpectra {
  /** Whose: those that the method found on its way, or all of the site's own gradient; "none" where K is 0. */
  readonly of: "found" | "gradient" | "none";
  /** [T, L, S, K] Float32, largest first; NaN where there are no more, or none was looked for. */
  readonly values: Float32Array;
}

export interface RanksBytes {
  /** [T, L, S] of the arrays in the messages, from the start of the run to the end of that step. */
  readonly up: Float64Array;
  readonly down: Float64Array;
  /** [T, L, S] the same by the closed formulas of the method. */
  readonly upFormula: Float64Array;
  readonly downFormula: Float64Array;
}

export interface RanksError {
  /** [T, L] ‖Ĝ − G‖ / ‖G‖ of what was shared and the exact gradient of all sites; NaN where it was not measured. */
  readonly relative: Float64Array;
  /** [T, L] the cosine of the angle between them. */
  readonly cosine: Float64Array;
}

/** Something else that was measured on the way, for example "test accuracy". */
export interface RanksMeasure {
  readonly name: string;
  /** [M] Int32, ascending, in 0…steps − 1: after which steps. */
  readonly steps: Int32Array;
  /** [M] */
  readonly values: Float64Array;
}

export interface RanksFailure {
  /** Index of the site. */
  readonly site: number;
  readonly step: number;
  readonly message: string;
}

/** The curve of another run of the same problem: what it reached, and what it had sent by then. Since 1.1. */
export interface RanksCurve {
  /** For example "dSGD". */
  readonly name: string;
  /** Which of the measures. */
  readonly measure: string;
  /** [M] Int32, ascending: after which steps. */
  readonly steps: Int32Array;
  /** [M] bytes up from the start of the run, of all layers and sites. */
  readonly up: Float64Array;
  /** [M] */
  readonly down: Float64Array;
  /** [M] */
  readonly values: Float64Array;
}

/** All lengths: T recorded steps, L layers, S sites, K singular values. */
export interface RanksTrace {
  readonly kind: "ranks";
  readonly version: string;
  /** The program that wrote the trace, for example "cotangent 0.1.0". */
  readonly producer: string;
  readonly method: RanksMethod;
  /** Whether there is more to come: "running" while the sites train, "stopped" when the run was ended before its time. Since 1.1. */
  readonly status: "running" | "done" | "stopped";
  /** [S] names. */
  readonly sites: readonly string[];
  /** [L] in the order in which a forward pass uses them. */
  readonly layers: readonly RanksLayer[];
  /** How many steps the run made; step t runs from 0 to steps − 1. */
  readonly steps: number;
  /** [T] Int32, at least one, ascending: the steps that are recorded; all unless an omission of "steps" says otherwise. */
  readonly recorded: Int32Array;
  /** [T, S] N_s: samples of the step; 0 for a site that took no part. */
  readonly rows: Int32Array;
  /** [T, L, S] R: rows of the two factors, which are samples × time × space; 0 where there are none, or it is not known. Since 1.1. */
  readonly factorRows: Int32Array;
  /** [T, S] the mean loss of the site's own samples; NaN for a site that took no part. */
  readonly loss: Float64Array;
  readonly bytes: RanksBytes;
  readonly spectra: RanksSpectra;
  /** [T, L, S] how many σ ≥ θ·σ_1; NaN where it is not known. */
  readonly effectiveRank: Float32Array;
  /** [T, L, S] exp of the entropy of σ/Σσ. */
  readonly entropyRank: Float32Array;
  /** [T, L, S] Σσ² / σ_1². */
  readonly stableRank: Float32Array;
  readonly error: RanksError;
  readonly measures: readonly RanksMeasure[];
  /** Other runs, to compare with. Since 1.1. */
  readonly others: readonly RanksCurve[];
  readonly failures: readonly RanksFailure[];
  /** What was left out to keep the trace within its size bound; empty when nothing was. */
  readonly omissions: readonly Omission[];
}
