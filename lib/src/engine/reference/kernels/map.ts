/** An elementwise function of one argument. */
import { zerosOf } from "../../dtypes.js";
import type { MapName, View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { numbersOf, sizeOf } from "./elements.js";
import { mapRules } from "./map-rules.js";
import { walk } from "./walk.js";

/** @returns f(x) in row-major order, of x's dtype (int32: the whole part, as a typed array takes it) */
export function map(name: MapName, x: View): ArrayStorage {
  const f = mapRules[name];
  const from = numbersOf(x.storage);
  const to = zerosOf(x.storage.dtype, sizeOf(x.shape));
  walk([x], (at, [start], length, [step]) => {
    for (let i = 0, j = start!; i < length; i++, j += step!) to[at + i] = f(from[j]!);
  });
  return new ArrayStorage(to);
}
