/** The seeded toy problem of the reference: one head, 6 tokens of width 8, weights of known spectral norm. */
import {
  type AttentionWeights,
  matmul,
  type Matrix,
  mulberry32,
  normal,
  normalMatrix,
  scale,
} from "cotangent";

export const TOKENS = 6;
export const WIDTH = 8;
const POWER_ROUNDS = 500;

export interface Toy {
  readonly tokens: readonly string[];
  readonly x: Matrix;
  readonly weights: AttentionWeights;
}

/**
 * Drawn in this order, row by row: W_Q, W_K, W_V, W_O (divided by √8), x, three start vectors of the power
 * iterations. W_Q and W_K are rescaled to the spectral norm `gain`, W_O to 1, W_V by `valueScale`.
 */
export function toy(seed: number, gain: number, valueScale: number): Toy {
  const uniform = mulberry32(seed);
  const drawn = () => normalMatrix(uniform, WIDTH, WIDTH, 1 / Math.sqrt(WIDTH));
  const [query, key, value, output] = [drawn(), drawn(), drawn(), drawn()];
  const x = normalMatrix(uniform, TOKENS, WIDTH);
  const rescaled = (weights: Matrix, norm: number): Matrix => {
    const start = Float64Array.from({ length: WIDTH }, () => normal(uniform));
    return scale(weights, norm / spectralNorm(weights, start));
  };
  return {
    tokens: Array.from({ length: TOKENS }, (_, i) => `t${i}`),
    x,
    weights: {
      query: rescaled(query, gain),
      key: rescaled(key, gain),
      output: rescaled(output, 1),
      value: scale(value, valueScale),
    },
  };
}

/** ‖W‖₂ by power iteration on WᵀW. */
function spectralNorm(weights: Matrix, start: Float64Array): number {
  const transposed: Matrix = {
    rows: weights.cols,
    cols: weights.rows,
    data: weights.data.map(
      (_, at) => weights.data[(at % weights.rows) * weights.cols + Math.floor(at / weights.rows)]!,
    ),
  };
  const gram = matmul(transposed, weights);
  let v: Matrix = { rows: start.length, cols: 1, data: start };
  let norm = 0;
  for (let round = 0; round < POWER_ROUNDS; round++) {
    const next = matmul(gram, v);
    norm = Math.sqrt(next.data.reduce((sum, entry) => sum + entry * entry, 0));
    v = scale(next, 1 / norm);
  }
  return Math.sqrt(norm);
}
