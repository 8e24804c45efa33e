/** Trees of the same form, added and emptied leaf by leaf. */
import { addLeaves, zeroLike } from "../ad/leaves.js";
import { flatten, flattenLike } from "./tree.js";

export function zeroTree(like: unknown): unknown {
  const flat = flatten(like, "tree");
  return flat.rebuild(flat.leaves.map(zeroLike));
}

export function addTrees(a: unknown, b: unknown): unknown {
  const flat = flatten(a, "tree");
  const other = flattenLike(b, flat, "tree");
  return flat.rebuild(flat.leaves.map((leaf, i) => addLeaves(leaf, other[i]!)));
}
