/** Writing the part of an attention trace that is about a training run. */
import type { ArrayWriter, EncodedArray } from "./arrays.js";
import type { AttentionTraining } from "./training.js";

export interface EncodedTraining {
  readonly steps: EncodedArray;
  readonly iterations: EncodedArray;
  readonly converged: EncodedArray;
  readonly spectralRadius?: EncodedArray;
  readonly series: readonly { readonly name: string; readonly values: EncodedArray }[];
}

/** @param K recorded steps */
export function encodeTraining(
  { steps, iterations, converged, spectralRadius, series }: AttentionTraining,
  writer: ArrayWriter,
  K: number,
): EncodedTraining {
  return {
    steps: writer.write(steps, [K]),
    iterations: writer.write(iterations, [K]),
    converged: writer.write(converged, [K]),
    ...(spectralRadius && { spectralRadius: writer.write(spectralRadius, [K]) }),
    series: series.map(({ name, values }) => ({ name, values: writer.write(values, [K]) })),
  };
}
