/** The elements of a view as one dense array, without a copy where they lie that way already. */
import { PendingStorageError } from "../../../errors.js";
import { zerosOf } from "../../dtypes.js";
import type { NumberArray, Storage, View } from "../../engine.js";
import { walk } from "./walk.js";

/**
 * What a storage holds, now.
 * @throws PendingStorageError for a storage that answers with a promise
 */
export function numbersOf(storage: Storage): NumberArray {
  const data = storage.read();
  if (!(data instanceof Promise)) return data;
  // Whoever awaits it elsewhere sees its failure; here only the error below matters.
  data.catch(() => {});
  throw new PendingStorageError(
    "The reference engine computes at once, but was given numbers that another engine will give later. " +
      "Await their read(), then upload them to it.",
  );
}

/** Number of elements of a shape; 1 for that of a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

/** Whether the elements lie one after the other, in row-major order. */
export function isDense({ shape, strides }: View): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/**
 * All elements in row-major order. Not to be written to: it may be the storage's own array.
 * @param view any shape
 */
export function denseElements(view: View): NumberArray {
  const from = numbersOf(view.storage);
  const size = sizeOf(view.shape);
  if (size === 0 || isDense(view)) {
    return view.offset === 0 && from.length === size ? from : from.subarray(view.offset, view.offset + size);
  }
  const to = zerosOf(view.storage.dtype, size);
  walk([view], (at, [start], length, [step]) => {
    for (let i = 0; i < length; i++) to[at + i] = from[start! + i * step!]!;
  });
  return to;
}

/**
 * The dense blocks that a view [...outer, ...inner] consists of, by the number of the block in row-major order. A block that
 * repeats (outer strides of 0) is made dense once, not once for each repetition.
 * @param inner number of axes of a block
 */
export function denseBlocks(view: View, inner: number): { count: number; block(index: number): NumberArray } {
  const split = view.shape.length - inner;
  const outer = view.shape.slice(0, split);
  const count = sizeOf(outer);
  const size = sizeOf(view.shape.slice(split));
  const repeats = outer.every((extent, axis) => extent === 1 || view.strides[axis] === 0);
  const elements = denseElements(
    repeats ? { ...view, shape: view.shape.slice(split), strides: view.strides.slice(split) } : view,
  );
  return {
    count,
    block: (index) => (repeats ? elements : elements.subarray(index * size, (index + 1) * size)),
  };
}
