/** The reference's seeded toy problem as a layer's parameters, with its loss Σ c ⊙ z* and a gradient by differences. */
import { type Matrix, mulberry32, normal, normalMatrix, ops, tensor, type Tensor } from "cotangent";
import { fixedPointAttention, type FixedPointAttentionOptions, type FixedPointAttentionParams } from "cotangent/nn"; // prettier-ignore
import { toy, TOKENS, WIDTH } from "../attention/toy.js";

const asTensor = ({ rows, cols, data }: Matrix): Tensor =>
  tensor(Array.from(data), [rows, cols], { dtype: "float64" });

/** Drawn before c: four weights, x, three start vectors. */
const DRAWN_BEFORE = 4 * WIDTH * WIDTH + TOKENS * WIDTH + 3 * WIDTH;

export function toyTensors(seed: number, gain: number, valueScale: number) {
  const { weights, x } = toy(seed, gain, valueScale);
  const uniform = mulberry32(seed);
  for (let i = 0; i < DRAWN_BEFORE; i++) normal(uniform);
  const linear = (weight: Matrix) => ({ weight: asTensor(weight) });
  const params: FixedPointAttentionParams = {
    attention: {
      query: linear(weights.query),
      key: linear(weights.key),
      value: linear(weights.value),
      output: linear(weights.output),
    },
  };
  return { params, x: asTensor(x), c: asTensor(normalMatrix(uniform, TOKENS, WIDTH)) };
}
export type ToyTensors = ReturnType<typeof toyTensors>;

/** The loss as a function of the parameters; converged far enough for seven digits unless told otherwise. */
export const toyLoss = ({ x, c }: ToyTensors, options: Partial<FixedPointAttentionOptions> = {}) => {
  const layer = fixedPointAttention(WIDTH, { heads: 1, tolerance: 1e-14, maxIterations: 3000, ...options });
  return (params: FixedPointAttentionParams): Tensor => ops.mul(layer.apply(params, x), c).sum() as Tensor;
};

/** The parameters with h added to the [0][0] entry of W_Q. */
export function moved(params: FixedPointAttentionParams, h: number): FixedPointAttentionParams {
  const { weight } = params.attention.query;
  const numbers = Array.from(weight.dataSync(), Number);
  numbers[0]! += h;
  const query = { weight: tensor(numbers, weight.shape, { dtype: "float64" }) };
  return { attention: { ...params.attention, query } };
}

/** The central difference of the loss by that entry, of fourth order. */
export function differenceOf(
  loss: (params: FixedPointAttentionParams) => Tensor,
  params: FixedPointAttentionParams,
): number {
  // prettier-ignore
  const slope = (h: number) => (loss(moved(params, h)).item() - loss(moved(params, -h)).item()) / (2 * h);
  return (4 * slope(1e-4) - slope(2e-4)) / 3;
}
