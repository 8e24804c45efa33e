/**
 * The library's modules as a few files, one for each entry and what several share: what `import "cotangent"` loads. Two hundred
 * small files cost five times as much to load.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";

import { ROOT } from "./setup/paths.mjs";

const lib = join(ROOT, "lib");
const FOLDER = join(lib, "dist", "bundle");
const { exports } = JSON.parse(readFileSync(join(lib, "package.json"), "utf8"));

/** "cotangent/dad/workers" is dad-workers.js, made of the module that its condition "unbundled" names. */
const entries = Object.entries(exports)
  .filter(([, files]) => files.unbundled !== undefined)
  .map(([name, files]) => ({
    in: join(lib, files.unbundled),
    out: name === "." ? "index" : name.slice(2).replaceAll("/", "-"),
  }));

rmSync(FOLDER, { recursive: true, force: true });
await build({
  // The hooks are loaded by their name, beside the entry that registers them.
  entryPoints: [...entries, { in: join(lib, "dist", "register-hooks.js"), out: "register-hooks" }],
  outdir: FOLDER,
  bundle: true,
  splitting: true,
  // All at one depth, from which the data are found.
  chunkNames: "[name]-[hash]",
  format: "esm",
  platform: "neutral",
  target: "es2022",
  packages: "external",
  external: ["node:*"],
  sourcemap: true,
  logLevel: "warning",
});
