/** Whether all sites hold the same parameters, to the last bit. */
import { bytesOf } from "../trace/bytes.js";
import { SitesDivergedError } from "./errors.js";
import { numbersOf } from "./local.js";
import type { Tree } from "./model.js";
import { flatParameters } from "./plan.js";

export interface Holder {
  readonly name: string;
  readonly params: Tree;
}

/**
 * @param when for the message, as in "after step 3"
 * @throws SitesDivergedError naming two sites, the parameter and the element
 */
export async function checkIdentical(sites: readonly Holder[], when: string): Promise<void> {
  const [first, ...others] = sites;
  if (others.length === 0) return;
  const own = flatParameters(first!.params);
  for (const [i, leaf] of own.leaves.entries()) {
    const values = await numbersOf(leaf);
    const bytes = bytesOf(values);
    for (const other of others) {
      const theirs = await numbersOf(flatParameters(other.params).leaves[i]);
      const otherBytes = bytesOf(theirs);
      const differs = bytes.findIndex((byte, k) => byte !== otherBytes[k]);
      if (differs < 0 && bytes.length === otherBytes.length) continue;
      const at = Math.max(0, Math.floor(differs / values.BYTES_PER_ELEMENT));
      throw new SitesDivergedError(
        `Sites "${first!.name}" and "${other.name}" hold different parameters ${when}: ` +
          `${own.paths[i]!.replace(/^argument\.?/, "")}[${at}] is ${values[at]} and ${theirs[at]}. ` +
          `All sites must start from the same model, and their optimisers may depend on nothing but gradients.`,
      );
    }
  }
}
