/** Whether all sites hold the same parameters, to the last bit. */
import { bytesOf } from "../trace/bytes.js";
import { SitesDivergedError } from "./errors.js";
import type { Participant } from "./participant.js";

export type Holder = Pick<Participant, "name" | "isRemote" | "introduce" | "leaves" | "digests">;

/**
 * Between processes only digests travel, unless they differ.
 * @param when for the message, as in "after step 3"
 * @throws SitesDivergedError naming two sites, the parameter and the element
 */
export async function checkIdentical(sites: readonly Holder[], when: string): Promise<void> {
  const [first, ...others] = sites;
  if (others.length === 0) return;
  if (sites.some(({ isRemote }) => isRemote)) {
    const [own, ...theirs] = await Promise.all(sites.map((site) => site.digests()));
    const differing = theirs.findIndex((digests) => digests.some((digest, i) => digest !== own![i]));
    if (differing < 0) return;
    await checkSame(first!, others[differing]!, when);
    return;
  }
  for (const other of others) await checkSame(first!, other, when);
}

async function checkSame(first: Holder, other: Holder, when: string): Promise<void> {
  const [own, theirs] = await Promise.all([first.leaves(), other.leaves()]);
  for (const [i, values] of own.entries()) {
    const [bytes, otherBytes] = [bytesOf(values), bytesOf(theirs[i]!)];
    const differs = bytes.findIndex((byte, k) => byte !== otherBytes[k]);
    if (differs < 0 && bytes.length === otherBytes.length) continue;
    const at = Math.max(0, Math.floor(differs / values.BYTES_PER_ELEMENT));
    const { parameters } = await first.introduce();
    throw new SitesDivergedError(
      `Sites "${first.name}" and "${other.name}" hold different parameters ${when}: ` +
        `${parameters[i]!.name}[${at}] is ${values[at]} and ${theirs[i]![at]}. ` +
        `All sites must start from the same model, and their optimisers may depend on nothing but gradients.`,
    );
  }
}
