/** Putting elements into zeros: the adjoint of every view, and what joins tensors. */
import { resultDtype, zerosOf } from "../../dtypes.js";
import type { Part } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { numbersOf } from "./elements.js";
import { walk } from "./walk.js";

/**
 * Added up in double precision, in the order of the parts and of their elements.
 * @param parts windows within `size`
 * @returns [size], of the parts' dtype
 */
export function place(parts: readonly Part[], size: number): ArrayStorage {
  const dtype = resultDtype(...parts.map(({ x }) => x.storage.dtype));
  const sums = dtype === "float32" ? new Float64Array(size) : zerosOf(dtype, size);
  for (const { x, strides, offset } of parts) {
    const from = numbersOf(x.storage);
    const window = { ...x, strides, offset };
    walk([x, window], (_at, [start, first], length, [step, stride]) => {
      for (let i = 0; i < length; i++) sums[first! + i * stride!]! += from[start! + i * step!]!;
    });
  }
  if (dtype !== "float32") return new ArrayStorage(sums);
  return new ArrayStorage(Float32Array.from(sums));
}
