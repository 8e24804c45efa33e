/** The blocks of a Jacobian: one for each leaf of the result by each leaf of the argument, numbers and tensors. */
import { zeroLike } from "../ad/leaves.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { tensor } from "../tensor/create.js";
import { reshape, stack, transpose } from "../tensor/functions/shapes.js";
import { scalarTensor } from "../tensor/lift.js";
import { sizeOf } from "../tensor/shape.js";
import { isTensor, type Tensor } from "../tensor/tensor.js";
import type { Flat } from "../tree/tree.js";

const shapeOf = (leaf: unknown): readonly number[] => (isTensor(leaf) ? leaf.shape : []);
const sizeOfLeaf = (leaf: unknown): number => sizeOf(shapeOf(leaf));

/** How many numbers a tree has. */
export const sizeOfAll = ({ leaves }: Flat): number =>
  leaves.reduce<number>((n, leaf) => n + sizeOfLeaf(leaf), 0);

/** A tensor of zeros with a 1 at one place; or the number 1. */
function unit(leaf: Leaf, at: number): Leaf {
  if (!isTensor(leaf)) return 1;
  const numbers = new Array<number>(leaf.size).fill(0);
  numbers[at] = 1;
  return tensor(numbers, leaf.shape, { dtype: leaf.dtype, engine: leaf.engine });
}

/** Trees of a form with a single 1 in them, in the order of the numbers. */
export const eachUnit = (flat: Flat): unknown[] =>
  flat.leaves.flatMap((leaf, k) =>
    Array.from({ length: sizeOfLeaf(leaf) }, (_, at) =>
      flat.rebuild(flat.leaves.map((other, i) => (i === k ? unit(leaf, at) : zeroLike(other)))),
    ),
  );

/** Leaves of equal shape along a new first axis; numbers become elements. */
function stacked(leaves: readonly Leaf[], like: Tensor): Tensor {
  return stack(leaves.map((leaf) => (isTensor(leaf) ? leaf : scalarTensor(leaf as Scalar, like))));
}

/**
 * @param parts the leaves of every row (in the form of the argument), or of every column (in the form of the result)
 * @returns in the form of the result, and in place of each of its leaves the form of the argument
 */
export function assembled(
  result: Flat,
  x: Flat,
  parts: readonly (readonly Leaf[])[],
  as: "rows" | "columns",
): unknown {
  const starts = (leaves: readonly Leaf[]) => {
    let at = 0;
    return leaves.map((leaf) => (at += sizeOfLeaf(leaf)) - sizeOfLeaf(leaf));
  };
  const at = starts(as === "rows" ? result.leaves : x.leaves);
  const block = (out: Leaf, r: number, input: Leaf, k: number): Leaf => {
    const [outer, inner] = as === "rows" ? [out, k] : [input, r];
    const start = at[as === "rows" ? r : k]!;
    const own = parts.slice(start, start + sizeOfLeaf(outer)).map((leaves) => leaves[inner]!);
    if (!isTensor(outer)) return own[0]!;
    const like = (isTensor(input) ? input : out) as Tensor;
    const joined = stacked(own, like);
    if (as === "rows") return reshape(joined, [...shapeOf(out), ...shapeOf(input)]);
    // The elements of the argument lie along the first axis, and belong behind those of the result.
    const order = [...joined.shape.keys()].slice(1).concat(0);
    return reshape(transpose(joined, order), [...shapeOf(out), ...shapeOf(input)]);
  };
  return result.rebuild(
    result.leaves.map((out, r) => x.rebuild(x.leaves.map((input, k) => block(out, r, input, k)))),
  );
}
