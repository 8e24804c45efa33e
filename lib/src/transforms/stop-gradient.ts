/** stopGradient: a value as a constant. */
import { isLeafObject } from "../ad/leaves.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { primalOf } from "../ad/recorded.js";
import type { Tensor } from "../tensor/tensor.js";
import { flatten } from "../tree/tree.js";
import type { Plain } from "./types.js";

const constant = (leaf: Leaf): Leaf => {
  if (!isLeafObject(leaf)) return primalOf(leaf as Scalar);
  let bottom = leaf as unknown as { readonly primal: unknown };
  while (bottom.primal !== bottom) bottom = bottom.primal as typeof bottom;
  // Whoever asks for it may want it after the derivative has given back its memory.
  return (bottom as unknown as Tensor).keep();
};

/** The same numbers and tensors, of which no derivative is taken, by whatever transform. */
export function stopGradient<T>(tree: T): Plain<T> {
  const flat = flatten(tree, "value");
  return flat.rebuild(flat.leaves.map(constant)) as Plain<T>;
}
