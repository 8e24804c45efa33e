/** The named attention maps that are iterated: one row each. Four are in circulation under one name; none is "the" formula. */
import { add } from "../engine/reference/elementwise.js";
import { matmul } from "../engine/reference/matmul.js";
import { OptionError } from "../errors.js";
import type { Matrix } from "../matrix.js";
import { linearizeAttention } from "./linearize.js";
import { type AttentionStep, attend, attentionStep, headsOf } from "./step.js";
import type { AttentionWeights } from "./weights.js";

/** What a map is made of. */
export interface AttentionProblem {
  /** [tokens, width] */
  readonly x: Matrix;
  readonly weights: AttentionWeights;
  /** τ of each head. */
  readonly temperatures: readonly number[];
}

export interface AttentionMap {
  /** Where the iteration starts unless it is said otherwise; its shape is that of the state. */
  readonly start: Matrix;
  readonly step: (z: Matrix) => AttentionStep;
  /** At z: dz ↦ J·dz, J = ∂f/∂z. */
  readonly linearize: (z: Matrix) => (dz: Matrix) => Matrix;
  /** What the layer hands on when its state is z: [tokens, width]. */
  readonly output: (z: Matrix) => Matrix;
}

interface Preset {
  /** Whether every step adds x again. */
  readonly inject: boolean;
  readonly map: (problem: AttentionProblem) => AttentionMap;
}

const same = (z: Matrix): Matrix => z;
/** A derivative followed by W_O. */
const projected =
  (inner: (z: Matrix) => (dz: Matrix) => Matrix, { output }: AttentionWeights): AttentionMap["linearize"] =>
  (z) => {
    const product = inner(z);
    return (dz) => matmul(product(dz), output);
  };
/** V = x·W_V of each head. */
const valuesOf = ({ x, weights, temperatures }: AttentionProblem): readonly Matrix[] =>
  headsOf(matmul(x, weights.value), temperatures.length);
const tanh = (of: Matrix): Matrix => ({ ...of, data: of.data.map(Math.tanh) });

/**
 * - inject: x enters at every step (the default). Its fixed point z* already contains x: a surrounding block with
 *   a residual connection of its own must add z* − x.
 * - paper: no x inside the loop. The loop provably collapses: equal tokens with uniform attention are always a
 *   fixed point, and a super-attracting one. Kept as a lesson.
 * - query: only the queries follow the state, keys and values are those of x: A = softmax(z·W_Q·K(x)ᵀ / (√d_h·τ)),
 *   z ← Concat(A·V(x))·W_O. Accounts of this form differ in where W_Q and W_O stand; this is the one with measured numbers.
 *   It collapses as well where it is a contraction; at high gain it has many fixed points.
 * - early: as paper, but V is x itself, cut into heads (no W_V), and the step ends with tanh; after the loop
 *   tanh(x + z·W_O).
 *
 * @see arXiv 2507.13569 and the programs that came before and after it
 */
export const presets = {
  inject: {
    inject: true,
    map: (problem) => ({
      start: problem.x,
      step: attentionStep({ ...problem, inject: true }),
      linearize: projected(linearizeAttention({ ...problem, values: valuesOf(problem) }), problem.weights),
      output: same,
    }),
  },
  paper: {
    inject: false,
    map: (problem) => ({
      start: problem.x,
      step: attentionStep({ ...problem, inject: false }),
      linearize: projected(linearizeAttention({ ...problem, values: valuesOf(problem) }), problem.weights),
      output: same,
    }),
  },
  query: {
    inject: false,
    map: ({ x, weights, temperatures }) => {
      const heads = temperatures.length;
      const keys = headsOf(matmul(x, weights.key), heads);
      const values = headsOf(matmul(x, weights.value), heads);
      return {
        start: x,
        step(z) {
          const queries = headsOf(matmul(z, weights.query), heads);
          const { value, attention } = attend(queries, keys, values, temperatures);
          return { value: matmul(value, weights.output), attention };
        },
        linearize: projected(linearizeAttention({ weights, temperatures, keys, values }), weights),
        output: same,
      };
    },
  },
  early: {
    inject: false,
    map: ({ x, weights, temperatures }) => {
      const heads = temperatures.length;
      if (x.cols % heads !== 0 || weights.output.rows !== x.cols)
        throw new OptionError(
          `With the preset "early" the values are x itself: its ${x.cols} columns should be shared evenly by ` +
            `${heads} heads, and weights.output should have as many rows, not ${weights.output.rows}.`,
        );
      const values = headsOf(x, heads);
      const inner = linearizeAttention({ weights, temperatures, values });
      const step = (z: Matrix): AttentionStep => {
        const queries = headsOf(matmul(z, weights.query), heads);
        const keys = headsOf(matmul(z, weights.key), heads);
        const { value, attention } = attend(queries, keys, values, temperatures);
        return { value: tanh(value), attention };
      };
      return {
        start: x,
        step,
        linearize: (z) => {
          const product = inner(z);
          const { value } = step(z);
          return (dz) => {
            const change = product(dz);
            return { ...change, data: change.data.map((entry, i) => entry * (1 - value.data[i]! ** 2)) };
          };
        },
        output: (z) => tanh(add(x, matmul(z, weights.output))),
      };
    },
  },
} satisfies Record<string, Preset>;

export type AttentionPreset = keyof typeof presets;
