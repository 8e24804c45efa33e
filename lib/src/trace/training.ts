/** What a trace says of a training run that was watched: then its iterations are training steps, one solve at the end of each. */

/** A number that was told at every step, for example the loss. */
export interface TrainingSeries {
  /** For an axis, for example "loss". */
  readonly name: string;
  /** [K]; NaN where none was told. */
  readonly values: Float64Array;
}

/**
 * K is the number of steps that were recorded. What a trace tells per iteration it then tells per recorded step, of the solve of one
 * fixed input with the parameters of that step: the attention at its end, the residuals at its end, the token spread there; `drift` is
 * the change of the attention since the step recorded before, and the best iteration the last one recorded.
 */
export interface AttentionTraining {
  /** [K] which training step each one is, counted from 0; ascending. */
  readonly steps: Int32Array;
  /** [K] updates of z that the solve made; `solver.maxIterations` is the most it was allowed. */
  readonly iterations: Int32Array;
  /** [K] 1 where the solve converged, 0 where it did not. */
  readonly converged: Uint8Array;
  /**
   * [K] ρ(J) of the undamped map: at the solve's own end where it converged, otherwise at the fixed point that Anderson's method finds
   * from there; NaN where none was found, or not even the largest eigenvalue settled. Absent where it was not asked for.
   */
  readonly spectralRadius?: Float64Array;
  /** The loss first, where it was told. */
  readonly series: readonly TrainingSeries[];
}

/** The most series of a trace. */
export const MAX_SERIES = 8;

/** What a trace counts: "iteration" of a solve, or "training step". */
export const axisName = ({ training }: { readonly training?: AttentionTraining }): string =>
  training ? "training step" : "iteration";

/** What a reader calls the k-th: its number, as it was counted when it was recorded. */
export const axisNumber = ({ training }: { readonly training?: AttentionTraining }, k: number): number =>
  training?.steps[k] ?? k;

/** What a trace calls the omission of stored attention: of a training run every recorded step has its numbers, but not its picture. */
export const omittedFrames = ({ training }: { readonly training?: AttentionTraining }): string =>
  training ? "pictures" : "iterations";

/** How many of the recorded solves did not converge, and the first of their steps. */
export function unsettled({ converged, steps }: AttentionTraining): { count: number; first: number } {
  const first = converged.indexOf(0);
  const count = converged.reduce((sum, one) => sum + (one === 0 ? 1 : 0), 0);
  return { count, first: first < 0 ? -1 : steps[first]! };
}
