/** The gradient G = ΔᵀA as a map of vectors, without being formed where the rows are fewer than the inputs. */
import { type Dense, dense, gram, norm, times, transposedTimes, transposedTimesVector } from "./dense.js";

export interface GradientMap {
  /** h': where the left singular vectors live. */
  readonly outputs: number;
  /** At most this: min(R, h, h'). */
  readonly mostRank: number;
  /** G Gᵀ v: [h'] → [h']. */
  square(v: Float64Array): Float64Array;
  /** Gᵀ v = Aᵀ Δ v: [h'] → [h]. */
  pull(v: Float64Array): Float64Array;
  /** ‖G‖_F². */
  energy(): number;
}

/**
 * @param input [R, h] A
 * @param delta [R, h'] Δ
 */
export function gradientMap(input: Dense, delta: Dense): GradientMap {
  const mostRank = Math.min(input.rows, input.cols, delta.cols);
  const outputs = delta.cols;
  if (input.rows < input.cols) {
    const inner = dense(input.rows, input.rows, gram(input));
    return {
      outputs,
      mostRank,
      square: (v) => transposedTimesVector(delta, times(inner, times(delta, v))),
      pull: (v) => transposedTimesVector(input, times(delta, v)),
      energy() {
        const other = gram(delta);
        return other.reduce((sum, value, i) => sum + value * inner.data[i]!, 0);
      },
    };
  }
  const g = dense(outputs, input.cols, transposedTimes(delta, input));
  return {
    outputs,
    mostRank,
    square: (v) => times(g, transposedTimesVector(g, v)),
    pull: (v) => transposedTimesVector(g, v),
    energy: () => norm(g.data) ** 2,
  };
}
