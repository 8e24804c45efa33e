/** Anderson's acceleration: the next iterate from the combination of earlier ones whose residuals cancel best. */
import { SingularMatrixError } from "../errors.js";
import { mix } from "../engine/reference/elementwise.js";
import { solve } from "../engine/reference/linalg/solve.js";
import type { Matrix } from "../matrix.js";
import type { Propose } from "./solvers.js";

/** Relative to the diagonal of the Gram matrix: an absolute ridge outweighs residuals that have become small, and the method stalls. */
const RIDGE = 1e-10;

interface Pair {
  readonly z: Matrix;
  readonly value: Matrix;
  /** f(z) − z */
  readonly residual: Float64Array;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/**
 * a with Σa = 1 that makes ‖Σ a_i r_i‖ smallest, from the bordered system [[0, 1ᵀ], [1, RᵀR + ridge]] · [ν; a] = [1; 0]. The
 * residuals are taken relative to the newest, so that the numbers stay of one size however small they become.
 */
function weightsOf(pairs: readonly Pair[]): Float64Array | undefined {
  const m = pairs.length;
  const newest = pairs.at(-1)!.residual;
  const scale = dot(newest, newest);
  if (!(scale > 0) || !Number.isFinite(scale)) return undefined;
  const n = m + 1;
  const a = new Float64Array(n * n);
  for (let i = 0; i < m; i++) {
    a[i + 1] = a[(i + 1) * n] = 1;
    for (let j = 0; j <= i; j++) {
      const entry = dot(pairs[i]!.residual, pairs[j]!.residual) / scale;
      a[(i + 1) * n + j + 1] = a[(j + 1) * n + i + 1] = i === j ? entry * (1 + RIDGE) : entry;
    }
  }
  const b = new Float64Array(n);
  b[0] = 1;
  try {
    const weights = solve(a, b, n, 1).subarray(1);
    return weights.every(Number.isFinite) ? weights : undefined;
  } catch (error) {
    if (error instanceof SingularMatrixError) return undefined;
    throw error;
  }
}

/** Σ a_i m_i */
function combine(weights: Float64Array, matrices: readonly Matrix[]): Matrix {
  const data = new Float64Array(matrices[0]!.data.length);
  matrices.forEach(({ data: from }, i) => {
    for (let k = 0; k < data.length; k++) data[k]! += weights[i]! * from[k]!;
  });
  return { ...matrices[0]!, data };
}

/**
 * Type II, over the last `history` pairs of z and f(z); with damping β the next iterate is
 * β·Σ a_i f(z_i) + (1 − β)·Σ a_i z_i. It converges where Picard's iteration cycles, and where ρ(J) > 1.
 *
 * @see Anderson (1965); Walker & Ni (2011), Algorithm AA
 */
export function anderson({ damping, history }: { damping: number; history: number }): Propose {
  const pairs: Pair[] = [];
  return (z, value) => {
    pairs.push({ z, value, residual: Float64Array.from(value.data, (y, i) => y - z.data[i]!) });
    if (pairs.length > history) pairs.shift();
    const weights = weightsOf(pairs);
    if (weights === undefined) return mix(z, value, damping);
    const states = combine(weights, pairs.map((pair) => pair.z)); // prettier-ignore
    const values = combine(weights, pairs.map((pair) => pair.value)); // prettier-ignore
    return mix(states, values, damping);
  };
}
