/** What a type error does when the kernel starts: the notebook's metadata say it, or the environment, or it stops its cell. */
import { readFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";

import type { TypeLevel } from "../core/ports.js";
import { isTypeLevel } from "../core/check-types.js";

const LARGEST_NOTEBOOK = 64 << 20;

/** Notebooks that were made for tslab: its checks are not strict, and in its JavaScript there are none. */
const FROM_TSLAB = new Map<unknown, TypeLevel>([
  ["tslab", "warn"],
  ["jslab", "off"],
]);

interface Metadata {
  readonly cotangent?: { readonly types?: unknown };
  readonly kernelspec?: { readonly name?: unknown };
}

/** What the metadata say of the notebook that Jupyter Server names in JPY_SESSION_NAME: `cotangent.types`, or its kernel. */
function fromNotebook(name: string | undefined): unknown {
  if (name === undefined || !name.endsWith(".ipynb")) return undefined;
  try {
    // The server's name for a notebook is a path under its own root; the kernel is started in the notebook's folder.
    const path = isAbsolute(name) ? name : resolve(name.replace(/^.*\//, ""));
    const text = readFileSync(path, "utf8");
    if (text.length > LARGEST_NOTEBOOK || !/"cotangent"|"[tj]slab"/.test(text)) return undefined;
    const { metadata } = JSON.parse(text) as { metadata?: Metadata };
    return metadata?.cotangent?.types ?? FROM_TSLAB.get(metadata?.kernelspec?.name);
  } catch {
    // A notebook that cannot be read says nothing about types.
    return undefined;
  }
}

export function startLevel(env: NodeJS.ProcessEnv, log: (line: string) => void): TypeLevel {
  const wishes: readonly (readonly [string, unknown])[] = [
    ["The notebook's metadata cotangent.types", fromNotebook(env["JPY_SESSION_NAME"])],
    ["COTANGENT_TYPES", env["COTANGENT_TYPES"]],
  ];
  for (const [source, level] of wishes) {
    if (level === undefined || level === "") continue;
    if (isTypeLevel(level)) return level;
    log(`${source} is "${String(level)}"; it can be error, warn or off. Types are checked.`);
  }
  return "error";
}
