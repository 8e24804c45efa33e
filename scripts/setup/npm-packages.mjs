/** The npm packages, installed when they are missing or when the lock file has changed. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { installTrouble } from "./install-trouble.mjs";
import { fingerprint } from "./stamp.mjs";

const STAMP = "npm-packages";
// Whatever the user's settings are: the tools are needed, errors are told, a dead network is noticed soon.
const CI = [
  "ci",
  "--include=dev",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
  "--prefer-offline",
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=2000",
];

export function npmPackages({ root, stamps, npm }) {
  const value = fingerprint(
    [join(root, "package-lock.json")],
    process.version,
    process.platform,
    process.arch,
  );
  return {
    isFresh: () =>
      existsSync(join(root, "node_modules", ".package-lock.json")) && stamps.isFresh(STAMP, value),
    async install() {
      stamps.clear(STAMP);
      const { code, output } = await npm(CI, { cwd: root });
      if (code !== 0)
        throw installTrouble(
          "The npm packages",
          output,
          "Read npm's message above; then run the same command again.",
        );
      stamps.set(STAMP, value);
    },
  };
}
