/** A Chromium for the browser tests: one that is installed, else Playwright's own, else Debian's package. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { Trouble } from "./trouble.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * @param {object} where
 * @param {Record<string, string | undefined>} where.env
 * @param {(file: string) => boolean} [where.exists]
 * @param {string} [where.playwrightsOwn] where playwright-core keeps the Chromium that it installs
 * @returns {string | null}
 */
export function findChromium({ env, exists = existsSync, playwrightsOwn = undefined }) {
  const wanted = env["CHROMIUM"];
  if (wanted) {
    if (exists(wanted)) return wanted;
    throw new Trouble(
      `The variable CHROMIUM names ${wanted}, which does not exist.`,
      "Correct it, or unset it.",
    );
  }
  const onPath = (env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return (
    [...onPath, ...MAC, ...(playwrightsOwn ? [playwrightsOwn] : [])].find((file) => exists(file)) ?? null
  );
}

/** @returns the browser's program; what was tried and why it failed is in the trouble when there is none */
export async function ensureChromium({ root, env, run, isRoot, playwrightsOwn, exists = existsSync }) {
  const find = () => findChromium({ env, exists, playwrightsOwn });
  const found = find();
  if (found) return found;
  const cli = join(root, "node_modules", "playwright-core", "cli.js");
  const attempts = [[process.execPath, [cli, "install", "chromium"]]];
  if (isRoot && exists("/usr/bin/apt-get"))
    attempts.push(["apt-get", ["update", "-qq"]], ["apt-get", ["install", "-y", "-qq", "chromium"]]);
  let output = "";
  for (const [program, args] of attempts) {
    const result = await run(program, args, { cwd: root });
    output += result.output;
    const now = find();
    if (now) return now;
  }
  throw new Trouble(
    "The browser tests need Chromium; none is installed and none could be installed.",
    "Install Chromium or Chrome, or name one by the variable CHROMIUM, and run npm test again.",
    output,
  );
}
