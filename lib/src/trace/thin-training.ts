/** Fewer steps of a training run: with their numbers and their pictures. */
import type { AttentionTrace } from "./attention.js";

/** Every n-th of so many, and the last. */
function evenly(total: number, count: number): number[] {
  const stride = Math.ceil(total / Math.max(1, count));
  const kept = Array.from({ length: Math.ceil(total / stride) }, (_, i) => i * stride);
  return kept.at(-1) === total - 1 ? kept : [...kept, total - 1];
}

/** A trace of a training run with about `count` of its recorded steps, evenly spaced, the first and the last among them; it says so. */
export function keepSteps(trace: AttentionTrace, count: number): AttentionTrace {
  const { training, frames, residuals, outcome } = trace;
  if (!training) return trace;
  const [N, H] = [trace.tokens.length, trace.heads.length];
  const kept = evenly(outcome.iterations, count);
  const of = <A extends Float64Array | Int32Array | Uint8Array>(values: A): A =>
    (values.constructor as unknown as { from(values: readonly number[]): A }).from(
      kept.map((k) => values[k]!),
    );
  const perToken = new Float32Array(kept.length * N);
  kept.forEach((k, i) => perToken.set(residuals.perToken.subarray(k * N, (k + 1) * N), i * N));
  // The last step always has its picture, so that there is one.
  const pictures = kept.flatMap((k, i) => {
    const f = frames.iterations.indexOf(k);
    return f < 0 ? [] : [{ f, i }];
  });
  const size = H * N * N;
  const weights = new Float32Array(pictures.length * size);
  pictures.forEach(({ f }, i) => weights.set(frames.weights.subarray(f * size, (f + 1) * size), i * size));
  const all = training.steps.at(-1)! + 1;
  const others = trace.omissions.filter(({ what }) => what !== "training steps" && what !== "pictures");
  const reason = "the room for them is bounded";
  return {
    ...trace,
    outcome: { ...outcome, iterations: kept.length, bestIteration: kept.length - 1 },
    frames: { iterations: Int32Array.from(pictures, ({ i }) => i), weights },
    residuals: { absolute: of(residuals.absolute), relative: of(residuals.relative), perToken },
    drift: of(trace.drift),
    tokenSpread: of(trace.tokenSpread),
    training: {
      steps: of(training.steps),
      iterations: of(training.iterations),
      converged: of(training.converged),
      ...(training.spectralRadius && { spectralRadius: of(training.spectralRadius) }),
      series: training.series.map(({ name, values }) => ({ name, values: of(values) })),
    },
    omissions: [
      ...others,
      { what: "training steps", kept: kept.length, of: all, reason },
      ...(pictures.length < kept.length
        ? [{ what: "pictures", kept: pictures.length, of: kept.length, reason }]
        : []),
    ],
  };
}
