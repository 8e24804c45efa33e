/** The elements of a view, in storage of their own. */
import type { View } from "../../engine.js";
import { ArrayStorage } from "../array-storage.js";
import { denseElements, numbersOf } from "./elements.js";

/** @returns contiguous, and shared with nobody */
export function copy(x: View): ArrayStorage {
  const elements = denseElements(x);
  const own = elements.buffer !== numbersOf(x.storage).buffer;
  return new ArrayStorage(own ? elements : elements.slice());
}
