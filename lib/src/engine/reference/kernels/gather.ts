/** Rows of a table by index, with its adjoint. */
import { zerosOf } from "../../dtypes.js";
import type { View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { denseElements, sizeOf } from "./elements.js";

/**
 * @param table [n, ...rest]
 * @param index int32, any shape, from 0 to n − 1
 * @returns [...index, ...rest], of the table's dtype
 */
export function gather(table: View, index: View): ArrayStorage {
  const size = sizeOf(table.shape.slice(1));
  const from = denseElements(table);
  const at = denseElements(index);
  const to = zerosOf(table.storage.dtype, at.length * size);
  for (let i = 0; i < at.length; i++) {
    for (let j = 0, k = at[i]! * size; j < size; j++, k++) to[i * size + j] = from[k]!;
  }
  return new ArrayStorage(to);
}

/**
 * Rows that have the same index are added in index order, in double precision.
 * @param index int32, any shape, from 0 to rows − 1
 * @param updates [...index, ...rest]
 * @returns [rows, ...rest], of the updates' dtype
 */
export function scatterAdd(index: View, updates: View, rows: number): ArrayStorage {
  const size = sizeOf(updates.shape.slice(index.shape.length));
  const at = denseElements(index);
  const from = denseElements(updates);
  const sums = new Float64Array(rows * size);
  for (let i = 0; i < at.length; i++) {
    for (let j = 0, k = at[i]! * size; j < size; j++, k++) sums[k]! += from[i * size + j]!;
  }
  const to = zerosOf(updates.storage.dtype, sums.length);
  to.set(sums);
  return new ArrayStorage(to);
}
