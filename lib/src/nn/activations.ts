/** Nonlinear functions by name. */
import { checkChoice } from "../options.js";
import { gelu, relu, sigmoid, silu, softplus, tanh } from "../tensor/functions/elementwise.js";
import type { Tensor } from "../tensor/tensor.js";

export const activations = {
  relu,
  tanh,
  gelu,
  silu,
  sigmoid,
  softplus,
  identity: (x: Tensor): Tensor => x,
} as const;
export type Activation = keyof typeof activations;

/** @throws OptionError for a name that there is not */
export const activation = (name: Activation): ((x: Tensor) => Tensor) =>
  activations[checkChoice(name, "activation", Object.keys(activations) as Activation[])];
