/** The attention trace: what a fixed-point attention solve did, iteration by iteration, or a training run, step by step. */
import type { SolveDiagnosis } from "./diagnosis.js";
import type { Omission } from "./omission.js";
import type { AttentionSpectrum } from "./spectrum.js";
import type { AttentionTraining } from "./training.js";

export const ATTENTION_MIME = "application/vnd.cotangent.attention.v1+json";

/** Major.minor of the format that this library writes; a reader accepts every 1.x. */
export const ATTENTION_VERSION = "1.2";

/** Why a solve ended; "stopped" by the reader. */
export type StopReason = "converged" | "maxIterations" | "diverged" | "stopped";

/** What a trace says of the solve's end: "running" in one that was written while it ran. */
export type SolveStatus = StopReason | "running";

/** How the distance between z and f(z) is measured: the worst token, the whole matrix, or the largest entry. */
export type ResidualNorm = "token" | "frobenius" | "max";

export interface AttentionHead {
  /** Shown in the head selector, for example "head 1" or "meaning". */
  readonly name: string;
  /** Softmax temperature τ of this head; 1 is the plain scaled dot product. */
  readonly temperature: number;
}

export interface AttentionSolver {
  /** For example "picard". */
  readonly name: string;
  /** Damping α in (0, 1]; 1 is undamped. */
  readonly damping: number;
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly norm: ResidualNorm;
  /** "relative" divides a residual by the size of z, "absolute" does not. */
  readonly mode: "relative" | "absolute";
  /** Since 1.1: whether settled tokens kept their values. */
  readonly freeze?: boolean;
  /** Since 1.1: share of the tokens that had to settle; 1 when absent. */
  readonly exitFraction?: number;
}

export interface AttentionOutcome {
  readonly converged: boolean;
  readonly reason: SolveStatus;
  /** Number K of evaluations of the map, at most maxIterations, or of recorded training steps; k runs from 0 to K − 1. */
  readonly iterations: number;
  /** The iteration with the smallest residual: the iterate that the solve returned; of a training run the last recorded step. */
  readonly bestIteration: number;
}

export interface AttentionFrames {
  /** [F] Int32, at least one: the iterations whose attention is stored, ascending; all of 0…K−1 unless an omission says otherwise. */
  readonly iterations: Int32Array;
  /** [F, H, N, N] Float32, row-major: weights[f][h][query][key]; a row sums to 1 where it is finite. */
  readonly weights: Float32Array;
}

export interface AttentionResiduals {
  /** [K] Frobenius ‖f(z_k) − z_k‖. */
  readonly absolute: Float64Array;
  /** [K] ‖f(z_k) − z_k‖_F / max(‖z_k‖_F, 1e-8). */
  readonly relative: Float64Array;
  /** [K, N] per token ‖Δz_i‖₂ / max(‖z_i‖₂, 1e-8). */
  readonly perToken: Float32Array;
  /** Since 1.1: [N] the iteration since which the token's own residual has been at most the tolerance; −1 where it is above. */
  readonly stoppedAt?: Int32Array;
}

/** Another solver on the same problem, for the race. */
export interface AttentionRival {
  /** For example "anderson" or "damping 0.5". */
  readonly name: string;
  readonly converged: boolean;
  /** [any] what the solve itself compared with its tolerance, iteration by iteration. */
  readonly residuals: Float64Array;
}

/** All lengths: N tokens, H heads, K iterations, F stored frames. */
export interface AttentionTrace {
  readonly kind: "attention";
  readonly version: string;
  /** The program that wrote the trace, for example "cotangent 0.1.0". */
  readonly producer: string;
  /** Which map was iterated, for example "inject". */
  readonly preset: string;
  /** [N] the labels of rows (queries) and columns (keys). */
  readonly tokens: readonly string[];
  /** [H] */
  readonly heads: readonly AttentionHead[];
  readonly solver: AttentionSolver;
  readonly outcome: AttentionOutcome;
  readonly frames: AttentionFrames;
  readonly residuals: AttentionResiduals;
  /** [K] ‖A_k − A_{k−1}‖_F over all heads; NaN at k = 0. */
  readonly drift: Float64Array;
  /** [K] token spread ‖z − row mean‖_F / ‖z‖_F; tends to 0 when the tokens collapse into one. */
  readonly tokenSpread: Float64Array;
  /** Since 1.1: the verdict, with its evidence; absent while the solve runs. */
  readonly diagnosis?: SolveDiagnosis;
  /** Since 1.1: leading eigenvalues of the Jacobian at the fixed point, where they were computed. */
  readonly spectrum?: AttentionSpectrum;
  /** Since 1.1: other solvers on the same problem. */
  readonly rivals?: readonly AttentionRival[];
  /** Since 1.1: by what a picture asks the kernel that wrote it to solve again; useless once that kernel is gone. */
  readonly resolve?: string;
  /** Since 1.2: of a training run that was watched; absent for a single solve. */
  readonly training?: AttentionTraining;
  /** What was left out to keep the trace within its size bound; empty when nothing was. */
  readonly omissions: readonly Omission[];
}
