/** A made-up but consistent attention trace of any size, for tests of the format itself. */
import { ATTENTION_VERSION, type AttentionTrace } from "cotangent/trace";

export interface SampleSize {
  tokens?: number;
  heads?: number;
  iterations?: number;
}

/** What version 1.1 adds, all of it. */
export const withVerdict = (trace: AttentionTrace): AttentionTrace => ({
  ...trace,
  solver: { ...trace.solver, freeze: true, exitFraction: 0.5 },
  residuals: { ...trace.residuals, stoppedAt: Int32Array.from(trace.tokens, (_, i) => i - 1) },
  diagnosis: {
    state: "cycling",
    period: 2,
    observedRate: 1,
    spectralRadius: 1.5,
    dampedRadius: 0.5,
    tokenSpread: 0.25,
    advice: "Try something else.",
  },
  spectrum: { eigenvalues: Float64Array.of(-1.5, 0, 0.25, 0.5, 0.25, -0.5), of: 24, at: "anderson" },
  rivals: [{ name: "anderson", converged: true, residuals: Float64Array.of(1, 0.1, NaN, 0) }],
  resolve: "a solve",
});

/** What version 1.2 adds: the same trace as one of a training run. */
export const inTraining = (trace: AttentionTrace): AttentionTrace => {
  const K = trace.outcome.iterations;
  const each = Array.from({ length: K }, (_, k) => k);
  return {
    ...trace,
    training: {
      steps: Int32Array.from(each, (k) => 10 * k),
      iterations: Int32Array.from(each, (k) => Math.min(k, trace.solver.maxIterations)),
      converged: Uint8Array.from(each, (k) => (k === 1 ? 0 : 1)),
      spectralRadius: Float64Array.from(each, (k) => (k === 1 ? NaN : 0.5 * k)),
      series: [{ name: "loss", values: Float64Array.from(each, (k) => (k === 0 ? NaN : 1 / k)) }],
    },
  };
};

export function sampleTrace({
  tokens: N = 3,
  heads: H = 2,
  iterations: K = 4,
}: SampleSize = {}): AttentionTrace {
  const falling = Float64Array.from({ length: K }, (_, k) => 2 ** -k);
  return {
    kind: "attention",
    version: ATTENTION_VERSION,
    producer: "test",
    preset: "inject",
    tokens: Array.from({ length: N }, (_, i) => `token ${i}`),
    heads: Array.from({ length: H }, (_, h) => ({ name: `head ${h + 1}`, temperature: 1 })),
    solver: {
      name: "picard",
      damping: 1,
      tolerance: 1e-5,
      maxIterations: K,
      norm: "token",
      mode: "relative",
    },
    outcome: { converged: true, reason: "converged", iterations: K, bestIteration: K - 1 },
    frames: {
      iterations: Int32Array.from({ length: K }, (_, k) => k),
      weights: Float32Array.from({ length: K * H * N * N }, (_, i) => Math.fround(Math.sin(i) ** 2)),
    },
    residuals: { absolute: falling, relative: falling, perToken: new Float32Array(K * N).fill(0.5) },
    drift: falling.map((value, k) => (k === 0 ? NaN : value)),
    tokenSpread: falling,
    omissions: [],
  };
}
