/** Leaves of a tree as one vector of doubles, and back. */
import type { Leaf, Scalar } from "../ad/recorded.js";
import { primalOf } from "../ad/recorded.js";
import { isLeafObject } from "../ad/leaves.js";
import { tensor } from "../tensor/create.js";
import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

const asTensor = (leaf: Leaf): Tensor => leaf as unknown as Tensor;

export const isNumber = (leaf: Leaf): boolean => !isLeafObject(leaf);

/** The plain numbers of leaves, whatever records them. @throws PendingStorageError for a tensor that is not there yet */
export function vectorOf(leaves: readonly Leaf[]): Float64Array {
  const parts = leaves.map((leaf) =>
    isNumber(leaf) ? [primalOf(leaf as Scalar)] : asTensor(leaf).plain.dataSync(),
  );
  const vector = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    vector.set(part, at);
    at += part.length;
  }
  return vector;
}

/** Leaves like others, with other numbers. */
export function leavesLike(leaves: readonly Leaf[], vector: Float64Array): Leaf[] {
  let at = 0;
  return leaves.map((leaf) => {
    if (isNumber(leaf)) return vector[at++]!;
    const { shape, dtype, engine } = asTensor(leaf);
    const numbers = vector.slice(at, (at += sizeOf(shape)));
    return tensor(Array.from(numbers), shape, { dtype, engine }) as unknown as Leaf;
  });
}

/** Whether some leaf is in single precision. */
export const isSingle = (leaves: readonly Leaf[]): boolean =>
  leaves.some((leaf) => !isNumber(leaf) && asTensor(leaf).dtype === "float32");
