/** Names for what the printed text declares, which the text itself does not use. */
import { type AnyNode, walk } from "./tree.js";

export interface Names {
  /** The runtime: `{recording, sites, sources, ops}`. */
  readonly runtime: string;
  /** The number of this text's first site. */
  readonly base: string;
  /** The operations; in a body of their own, where no other text can meet them. */
  readonly ops: string;
  /** Followed by a number. */
  readonly temporary: string;
  /** Of functions of fused statements, followed by a number. */
  readonly fused: string;
  /** Of unboxed bodies, followed by anything. */
  readonly unboxed: string;
}

/** @param suffix put behind every name; a longer one is found where the text has one of these names */
export function chooseNames(program: AnyNode, suffix = ""): Names {
  const words = new Set<string>();
  walk(program, (node) => {
    if (node.type === "Identifier") words.add(node.name);
    return true;
  });
  const taken = (name: string): boolean => words.has(name);
  const takenNumbered = (name: string): boolean =>
    [...words].some((word) => word.startsWith(name) && /^\d+$/.test(word.slice(name.length)));
  for (let i = 0; ; i++) {
    const more = i === 0 ? "" : `$${i}`;
    const end = `${more}${suffix}`;
    const names = {
      runtime: `$ad${end}`,
      base: `$s${end}`,
      ops: `$${more}`,
      temporary: end === "" ? "$t" : `$t${end}_`,
      fused: end === "" ? "$f" : `$f${end}_`,
      unboxed: `$u${more}`,
    };
    const { temporary, fused, unboxed, ...others } = names;
    if ([...words].some((word) => word.startsWith(unboxed))) continue;
    if (Object.values(others).some(taken) || [temporary, fused].some(takenNumbered)) continue;
    return names;
  }
}
