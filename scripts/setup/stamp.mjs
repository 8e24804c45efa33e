/** Stamps: a step is skipped when what it depends on is as it was when it last succeeded. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SKIPPED = new Set(["node_modules", "dist", ".git"]);

/** All files below `path` (or the file itself), in a fixed order; a path that is not there gives none. */
function* filesBelow(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) return yield path;
  for (const name of readdirSync(path).sort())
    if (!SKIPPED.has(name) && !name.endsWith(".tsbuildinfo")) yield* filesBelow(join(path, name));
}

/** A hash of the contents of files and folders, and of further facts. */
export function fingerprint(paths, ...facts) {
  const hash = createHash("sha256");
  for (const path of paths)
    for (const file of filesBelow(path))
      hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  for (const fact of facts) hash.update(String(fact)).update("\0");
  return hash.digest("hex");
}

/** @param {string} folder where stamps are kept */
export function stamps(folder) {
  const file = (name) => join(folder, name);
  return {
    isFresh(name, value) {
      try {
        return readFileSync(file(name), "utf8") === value;
      } catch {
        return false;
      }
    },
    /** Before a step begins: if it is cut off, it must not count as done. */
    clear: (name) => rmSync(file(name), { force: true }),
    set(name, value) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file(name), value);
    },
  };
}
