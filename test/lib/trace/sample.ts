/** A made-up but consistent attention trace of any size, for tests of the format itself. */
import { ATTENTION_VERSION, type AttentionTrace } from "cotangent/trace";

export interface SampleSize {
  tokens?: number;
  heads?: number;
  iterations?: number;
}

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
