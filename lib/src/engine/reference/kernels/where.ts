/** A choice between two views, element by element. */
import { resultDtype, zerosOf } from "../../dtypes.js";
import type { View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { numbersOf, sizeOf } from "./elements.js";
import { walk } from "./walk.js";

/** @returns condition ≠ 0 ? a : b, all of the same shape; a condition of NaN is not 0, and takes a */
export function where(condition: View, a: View, b: View): ArrayStorage {
  const asked = numbersOf(condition.storage);
  const yes = numbersOf(a.storage);
  const no = numbersOf(b.storage);
  const to = zerosOf(resultDtype(a.storage.dtype, b.storage.dtype), sizeOf(a.shape));
  walk([condition, a, b], (at, starts, length, steps) => {
    for (let i = 0; i < length; i++) {
      to[at + i] =
        asked[starts[0]! + i * steps[0]!] !== 0
          ? yes[starts[1]! + i * steps[1]!]!
          : no[starts[2]! + i * steps[2]!]!;
    }
  });
  return new ArrayStorage(to);
}
