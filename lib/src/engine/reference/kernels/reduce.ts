/** Sums, products, extremes and their places, over the last axes. */
import { zerosOf } from "../../dtypes.js";
import type { ReduceName, View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { denseElements, sizeOf } from "./elements.js";
import { reduceRules } from "./reduce-rules.js";

const places: readonly ReduceName[] = ["argmax", "argmin"];

/**
 * @param x [...kept, ...reduced]
 * @param keep how many axes are kept
 * @returns [...kept], of x's dtype, or int32 places counted in row-major order of the reduced axes
 */
export function reduce(name: ReduceName, x: View, keep: number): ArrayStorage {
  const from = denseElements(x);
  const count = sizeOf(x.shape.slice(0, keep));
  const size = sizeOf(x.shape.slice(keep));
  const to = zerosOf(places.includes(name) ? "int32" : x.storage.dtype, count);
  const rule = reduceRules[name];
  for (let i = 0; i < count; i++) to[i] = rule(from, i * size, (i + 1) * size);
  return new ArrayStorage(to);
}
