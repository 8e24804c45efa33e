/** Everything about a trace that stays the same while it is looked at. */
import {
  type AttentionTrace,
  axisName,
  axisNumber,
  darkestWeight,
  residualCurve,
  type ResidualCurve,
} from "cotangent/trace";
import { visibleToken } from "../common/labels.js";
import { type AttentionSummary, summarise } from "./summary.js";
import { nearest } from "../common/nearest.js";

export interface AttentionModel {
  readonly trace: AttentionTrace;
  /** [N] tokens as they are written. */
  readonly labels: readonly string[];
  readonly summary: AttentionSummary;
  /** What the solver compared with its tolerance, as far as the trace holds it. */
  readonly curve: ResidualCurve;
  /** The weight at the end of the colour scale, one for all heads and iterations, so that colours can be compared. */
  readonly max: number;
  /** F */
  readonly frames: number;
  /** K − 1 */
  readonly lastIteration: number;
  /** What is counted: "iteration" of a solve, or "training step". */
  readonly noun: string;
  /** What a reader calls iteration k: of a training run the number of the recorded step. */
  numberOf(k: number): number;
  iterationOf(frame: number): number;
  /** The stored frame whose iteration is nearest. */
  frameNear(iteration: number): number;
  /** The [N, N] weights of one head in one stored frame; shares memory with the trace. */
  weights(frame: number, head: number): Float32Array;
}

export function attentionModel(trace: AttentionTrace): AttentionModel {
  const { iterations, weights } = trace.frames;
  const cells = trace.tokens.length ** 2;
  return {
    trace,
    labels: trace.tokens.map(visibleToken),
    summary: summarise(trace),
    curve: residualCurve(trace),
    max: darkestWeight(trace),
    frames: iterations.length,
    lastIteration: trace.outcome.iterations - 1,
    noun: axisName(trace),
    numberOf: (k) => axisNumber(trace, k),
    iterationOf: (frame) => iterations[frame]!,
    frameNear: (iteration) => nearest(iterations, iteration),
    weights(frame, head) {
      const start = (frame * trace.heads.length + head) * cells;
      return weights.subarray(start, start + cells);
    },
  };
}
