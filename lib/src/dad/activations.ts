/** Elementwise functions between layers whose derivative follows from what they gave: what edAD can go back through. */
import { mul, step, square, sub } from "../tensor/functions/elementwise.js";
import { ones } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";

interface Activation {
  /** φ'(x) from y = φ(x). */
  readonly slope: (y: number) => number;
  /** The same in tensors, rounded as the sweep rounds it. */
  readonly slopes: (y: Tensor) => Tensor;
}

/** In this order they are tried: a ReLU whose outputs are all positive looks like nothing at all. */
export const activations = {
  relu: { slope: (y) => (y > 0 ? 1 : 0), slopes: (y) => step(y) },
  tanh: { slope: (y) => 1 - y * y, slopes: (y) => sub(1, square(y)) },
  sigmoid: { slope: (y) => y * (1 - y), slopes: (y) => mul(y, sub(1, y)) },
  linear: { slope: () => 1, slopes: (y) => ones(y.shape, { dtype: y.dtype, engine: y.engine }) },
} as const satisfies Record<string, Activation>;

export type ActivationName = keyof typeof activations;
export const activationNames = Object.keys(activations) as ActivationName[];
