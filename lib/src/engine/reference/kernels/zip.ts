/** An elementwise function of two arguments. */
import { resultDtype, zerosOf } from "../../dtypes.js";
import type { View, ZipName } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { numbersOf, sizeOf } from "./elements.js";
import { walk } from "./walk.js";
import { zipRules } from "./zip-rules.js";

/** @returns f(a, b) in row-major order; a and b have the same shape */
export function zip(name: ZipName, a: View, b: View): ArrayStorage {
  const f = zipRules[name];
  const left = numbersOf(a.storage);
  const right = numbersOf(b.storage);
  const to = zerosOf(resultDtype(a.storage.dtype, b.storage.dtype), sizeOf(a.shape));
  walk([a, b], (at, starts, length, steps) => {
    const [byA, byB] = [steps[0]!, steps[1]!];
    for (let i = 0, j = starts[0]!, k = starts[1]!; i < length; i++, j += byA, k += byB) {
      to[at + i] = f(left[j]!, right[k]!);
    }
  });
  return new ArrayStorage(to);
}
