/** tidy: memory of what a piece of code needed only meanwhile. */
import type { Storage } from "../engine/engine.js";
import { flatten } from "../tree/tree.js";
import { scopes } from "./scope.js";
import { isTensor } from "./tensor.js";

/** The storages of the tensors in a tree. */
export function storagesIn(tree: unknown): Storage[] {
  if (tree === undefined || tree === null) return [];
  return (flatten(tree, "the result").leaves as readonly unknown[])
    .filter(isTensor)
    .map((tensor) => tensor.plain.view.storage);
}

/**
 * Run `body`, and give back at once the memory of every tensor that was made in it and is not in its result, nor was kept by
 * `t.keep()`. Memory that nobody needs is given back in time anyway, but only when the program pauses; a loop that never does
 * wants this. Derivatives do it for what they need themselves.
 *
 * @throws TreeError when the result has leaves that are neither numbers nor tensors
 */
export const tidy = <T>(body: () => T): T => scopes.within(body, storagesIn);
