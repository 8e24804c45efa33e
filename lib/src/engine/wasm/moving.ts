/** Kernels that only move elements: copies, rows by index, and what is put into zeros. */
import type { Part, Storage, View } from "../engine.js";
import { sizeOf } from "../reference/kernels/elements.js";
import { bytesEach, type Workspace } from "./workspace.js";

export const copyWith =
  (space: Workspace) =>
  (x: View): Storage => {
    const { dtype } = x.storage;
    const size = sizeOf(x.shape);
    return space.call(() => space.result(dtype, size, (to) => void (size > 0 && space.copyTo(x, to))));
  };

export const gatherWith =
  (space: Workspace) =>
  (table: View, index: View): Storage => {
    const { dtype } = table.storage;
    const size = sizeOf(table.shape.slice(1));
    const count = sizeOf(index.shape);
    return space.call(() => {
      const [from, at] = [space.dense(table), space.dense(index)];
      return space.result(dtype, count * size, (to) =>
        space.kernels["gatherRows"]!(from, at, to, count, size * bytesEach(dtype)),
      );
    });
  };

/** Zeros that a kernel adds to. */
function intoZeros(
  space: Workspace,
  dtype: "float32" | "float64",
  length: number,
  add: (to: number) => void,
): Storage {
  return space.result(dtype, length, (to) => {
    new Uint8Array(space.arena.memory.buffer, to, length * bytesEach(dtype)).fill(0);
    add(to);
  });
}

export const scatterAddWith =
  (space: Workspace) =>
  (index: View, updates: View, rows: number): Storage | null => {
    const { dtype } = updates.storage;
    if (dtype === "int32") return null;
    const size = sizeOf(updates.shape.slice(index.shape.length));
    return space.call(() => {
      const [at, from] = [space.dense(index), space.dense(updates)];
      return intoZeros(space, dtype, rows * size, (to) =>
        space.kernels[`scatterAdd${bytesEach(dtype)}`]!(at, from, to, sizeOf(index.shape), size),
      );
    });
  };

export const placeWith =
  (space: Workspace) =>
  (parts: readonly Part[], size: number): Storage | null => {
    const { dtype } = parts[0]!.x.storage;
    if (dtype === "int32" || parts.some(({ x }) => x.storage.dtype !== dtype)) return null;
    return space.call(() => {
      const from = parts.map(({ x }) => space.dense(x));
      return intoZeros(space, dtype, size, (to) =>
        parts.forEach(({ x, strides, offset }, i) => {
          if (sizeOf(x.shape) > 0) space.addTo({ ...x, strides, offset }, from[i]!, to);
        }),
      );
    });
  };
