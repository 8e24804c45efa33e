/** Rows by index: gather, embedding, one-hot. */
import type { Dtype } from "../../engine/engine.js";
import { checkCount } from "../../options.js";
import { call } from "../registry.js";
import { made, type Tensor } from "../tensor.js";
import { eq } from "./elementwise.js";
import { astype, expandDims } from "./shapes.js";

/**
 * Rows of a table by index.
 * @param table [n, ...rest]
 * @param index int32, any shape, 0 … n − 1
 * @returns [...index, ...rest]
 */
export const gather = (table: Tensor, index: Tensor): Tensor => call("gather", [table, index], undefined);

/** Zeros of `rows` rows, to which each update is added at its index: the transpose of gather. */
export const scatterAdd = (updates: Tensor, index: Tensor, rows: number): Tensor =>
  call("scatterAdd", [updates, index], checkCount(rows, "rows", 0, 2 ** 31));

/** 1 at the index and 0 elsewhere, along a new last axis of `classes`. An index out of range gives a row of zeros. */
export function oneHot(index: Tensor, classes: number, dtype: Dtype = "float32"): Tensor {
  checkCount(classes, "classes", 1, 2 ** 24);
  const places = made(index.engine, index.engine.upload(Int32Array.from({ length: classes }, (_, i) => i)), [
    classes,
  ]);
  return astype(eq(expandDims(index, -1), places), dtype);
}
