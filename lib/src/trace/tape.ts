/** The tape trace: what a function computed, node by node, with values, adjoints, local partials, and where in the source each is. */
import type { Omission } from "./omission.js";

export const TAPE_MIME = "application/vnd.cotangent.tape.v1+json";

/** Major.minor of the format that this library writes; a reader accepts every 1.x. */
export const TAPE_VERSION = "1.2";

/** Bits of `nodes.flags`. */
export const TapeFlag = {
  input: 1,
  output: 2,
  /** An operation with an adjoint of its own; its results are the nodes that follow it. */
  call: 4,
  /** A result of a call. */
  part: 8,
  /** A tensor: its value is in `tensors`, and NaN in `nodes`. */
  tensor: 16,
  /** An operation that has a kink or a jump somewhere. */
  kink: 32,
  /** One so near to its kink or jump that a difference would cross it. */
  nearKink: 64,
  /** Piecewise constant: its derivative is 0 and says nothing of its jumps. */
  step: 128,
  /** `stopGradient` took it as a constant. Since 1.2. */
  stopped: 256,
} as const;

export interface TapeSource {
  /** A cell ("Cell 3") or a file. */
  readonly name: string;
  /** What the person wrote; "" where it was left out. */
  readonly text: string;
}

/** All lengths: N nodes. */
export interface TapeNodes {
  /** [N] Int32, ascending: the numbers that the nodes had on the tape. */
  readonly id: Int32Array;
  /** [N] Int32: index into `operations`. */
  readonly operation: Int32Array;
  /** [N] the primal values; NaN for calls and tensors. */
  readonly value: Float64Array;
  /** [N] the adjoints of the output that `seed` names; NaN for calls and tensors. */
  readonly adjoint: Float64Array;
  /** [N] Int32: bits of `TapeFlag`. */
  readonly flags: Int32Array;
  /** [N] bytes that the node takes on the tape, with what it keeps for its adjoint. */
  readonly bytes: Float64Array;
  /** [N, 5] Int32: index into `sources`, or −1; start, end (offsets in its text), line (from 1), column (from 0). */
  readonly span: Int32Array;
}

/** From inputs to nodes; E edges. */
export interface TapeEdges {
  /** [N + 1] Int32: the edges into node n are offsets[n] … offsets[n + 1] − 1. */
  readonly offsets: Int32Array;
  /** [E] Int32: the place (0…N − 1) of the input, before the node's own; −1 for one that was left out. */
  readonly from: Int32Array;
  /** [E] ∂node/∂input; NaN where it is no number, as for tensors. */
  readonly partial: Float64Array;
}

/** An input or an output, by where it is in the arguments or in the result: "m.spot". */
export interface TapePort {
  /** Place in the nodes. */
  readonly node: number;
  readonly path: string;
}

export interface TapeTensorNode {
  readonly node: number;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A comparison that decided which way the function went. */
export interface TapeGuard {
  /** As it is printed: "%3 > 0". */
  readonly text: string;
  readonly outcome: boolean;
  /** How many of the nodes came before it. */
  readonly position: number;
  /** Index into `sources`, or −1. */
  readonly source: number;
  readonly line: number;
}

/** What was found out with the function itself at hand, for which the tape alone does not suffice. Since 1.1. */
export interface TapeFinding {
  /** Place in the nodes; −1 where it is about none, or about one that was left out. */
  readonly node: number;
  /** A sentence. */
  readonly what: string;
  /** What to do; "" where nothing is to be done. */
  readonly remedy: string;
}

/**
 * A product with a weight, by which its gradient is W̄ = AᵀΔ: A is what the weight was multiplied by, Δ the adjoint of the product.
 * A weight that is used several times has one for each use, and its gradient is their sum. Since 1.2.
 */
export interface TapeProduct {
  /** Place of the product in the nodes; −1 where it was left out. */
  readonly node: number;
  /** Place of the weight, an input; −1 where it was left out. */
  readonly weight: number;
  /** R, those of A and of Δ: of all batches together. */
  readonly rows: number;
  /** h, the columns of A. */
  readonly inputs: number;
  /** h′, the columns of Δ. */
  readonly outputs: number;
  /** Whether the weight is used as its transpose [h′, h]: then W̄ = ΔᵀA, of the same singular values. */
  readonly isTransposed: boolean;
  /** Null where they were not computed. */
  readonly spectra: TapeSpectra | null;
  /** Why they were not computed; "" where they were. */
  readonly why: string;
}

/** Singular values, largest first: all that there can be. */
export interface TapeSpectra {
  /** [min(R, h)] of A */
  readonly input: Float64Array;
  /** [min(R, h′)] of Δ */
  readonly delta: Float64Array;
  /** [min(R, h, h′)] of AᵀΔ */
  readonly gradient: Float64Array;
}

/**
 * The numbers of the same tape on P paths of a simulation, to see what those of one path are drawn from. Since 1.1.
 * The path that the trace itself shows is one of them.
 */
export interface TapePaths {
  /** P */
  readonly count: number;
  /** Which of them the trace shows. */
  readonly shown: number;
  /** [P, N] Float32 */
  readonly value: Float32Array;
  /** [P, N] Float32 */
  readonly adjoint: Float32Array;
  /** [P, E] Float32 */
  readonly partial: Float32Array;
  /** [F] ascending: what δ may be, as a share of the spread of a margin. Since 1.2. */
  readonly fractions: readonly number[];
  /** How near the paths come to each kink and branch. Since 1.2. */
  readonly kinks: readonly TapePathKink[];
}

/**
 * How near paths come to a kink or to the threshold of a comparison. The margin is 0 there, for example a − b of max(a, b) and of
 * a > b. Counted are all paths that come to it by the same operations and outcomes as the first path, whichever way they go on.
 */
export interface TapePathKink {
  /** Place of the operation, or of a value that is compared; −1 where it was left out. */
  readonly node: number;
  /** The operation, or the comparison as it is printed: "%3 > 0". */
  readonly what: string;
  /** A comparison that decided which way the function went. */
  readonly isBranch: boolean;
  /** How many come to it with a finite margin. */
  readonly paths: number;
  /** σ: the standard deviation of their margins. */
  readonly spread: number;
  /** How many have a negative margin, and how many a positive one. */
  readonly below: number;
  readonly above: number;
  /** [F] how many have |margin| ≤ δ = fraction · σ. */
  readonly within: readonly number[];
}

export interface TapeTrace {
  readonly kind: "tape";
  readonly version: string;
  /** The program that wrote the trace, for example "cotangent 0.1.0". */
  readonly producer: string;
  /** What was recorded, for example the function's name. */
  readonly title: string;
  readonly sources: readonly TapeSource[];
  /** Names of the operations, each once. */
  readonly operations: readonly string[];
  readonly nodes: TapeNodes;
  readonly edges: TapeEdges;
  readonly inputs: readonly TapePort[];
  readonly outputs: readonly TapePort[];
  /** Which output's adjoints the nodes have: an index into `outputs`; −1 where there is none. */
  readonly seed: number;
  readonly tensors: readonly TapeTensorNode[];
  readonly guards: readonly TapeGuard[];
  readonly findings: readonly TapeFinding[];
  /** Of tensors: in the order of the reverse sweep. */
  readonly products: readonly TapeProduct[];
  /** Null where one path is all there is. */
  readonly paths: TapePaths | null;
  /** What was left out to keep the trace within its size bound; empty when nothing was. */
  readonly omissions: readonly Omission[];
}
