/** stopGradient: a value as a constant. */
import { isLeafObject } from "../ad/leaves.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { TapeNumber } from "../tape/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { flatten } from "../tree/tree.js";
import type { Plain } from "./types.js";

function constantNumber(leaf: Scalar): number {
  let bottom = leaf;
  while (typeof bottom !== "number") {
    if (bottom instanceof TapeNumber) bottom.tape.noteStop(bottom.id);
    bottom = bottom.primal;
  }
  return bottom;
}

function constantTensor(leaf: Tensor): Tensor {
  let bottom = leaf;
  while (bottom.primal !== bottom) {
    bottom.node?.tape.noteStop(bottom.node.id);
    bottom = bottom.primal;
  }
  // Whoever asks for it may want it after the derivative has given back its memory.
  return bottom.keep();
}

const constant = (leaf: Leaf): Leaf =>
  isLeafObject(leaf)
    ? (constantTensor(leaf as unknown as Tensor) as unknown as Leaf)
    : constantNumber(leaf as Scalar);

/** The same numbers and tensors, of which no derivative is taken, by whatever transform. */
export function stopGradient<T>(tree: T): Plain<T> {
  const flat = flatten(tree, "value");
  return flat.rebuild(flat.leaves.map(constant)) as Plain<T>;
}
