/** Factors of batches of matrices, each by dense linear algebra in double precision. */
import { zerosOf } from "../../dtypes.js";
import type { Dtype, TriangularOptions, View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import * as linalg from "../linalg/index.js";
import { denseBlocks } from "./elements.js";

/** Run over the matrices of a batch, and gather what each gives: arrays of equal length, one kind after the other. */
function overBatch(
  dtype: Dtype,
  count: number,
  each: (index: number) => readonly Float64Array[],
): readonly ArrayStorage[] {
  const results = Array.from({ length: count }, (_, i) => each(i));
  return (results[0] ?? []).map((first, kind) => {
    const to = zerosOf(dtype, count * first.length);
    results.forEach((arrays, i) => to.set(arrays[kind]!, i * first.length));
    return new ArrayStorage(to);
  });
}

/** Where the batch has no matrix, there is nothing to look at the sizes of. */
const empty = (dtype: Dtype): ArrayStorage => new ArrayStorage(zerosOf(dtype, 0));

/** @param a [...batch, n, n] */
export function cholesky(a: View): ArrayStorage {
  const { count, block } = denseBlocks(a, 2);
  const { dtype } = a.storage;
  const [l] = overBatch(dtype, count, (i) => [linalg.cholesky(Float64Array.from(block(i)), a.shape.at(-1)!)]);
  return l ?? empty(dtype);
}

/** @param l [...batch, n, n] @param b [...batch, n, columns] */
export function triangularSolve(l: View, b: View, options: TriangularOptions): ArrayStorage {
  const [matrices, sides] = [denseBlocks(l, 2), denseBlocks(b, 2)];
  const { dtype } = b.storage;
  const [n, columns] = [l.shape.at(-1)!, b.shape.at(-1)!];
  const [x] = overBatch(dtype, matrices.count, (i) => [
    linalg.triangularSolve(
      Float64Array.from(matrices.block(i)),
      Float64Array.from(sides.block(i)),
      n,
      columns,
      options,
    ),
  ]);
  return x ?? empty(dtype);
}

/** @param a [...batch, m, n] */
export function qr(a: View): readonly [ArrayStorage, ArrayStorage] {
  const { count, block } = denseBlocks(a, 2);
  const { dtype } = a.storage;
  const [q, r] = overBatch(dtype, count, (i) => {
    const factors = linalg.qr(Float64Array.from(block(i)), a.shape.at(-2)!, a.shape.at(-1)!);
    return [factors.q, factors.r];
  });
  return [q ?? empty(dtype), r ?? empty(dtype)];
}

/** @param a [...batch, m, n] */
export function svd(a: View): readonly [ArrayStorage, ArrayStorage, ArrayStorage] {
  const { count, block } = denseBlocks(a, 2);
  const { dtype } = a.storage;
  const [u, s, vt] = overBatch(dtype, count, (i) => {
    const factors = linalg.svd(Float64Array.from(block(i)), a.shape.at(-2)!, a.shape.at(-1)!);
    return [factors.u, factors.s, factors.vt];
  });
  return [u ?? empty(dtype), s ?? empty(dtype), vt ?? empty(dtype)];
}
