/** Everything that must be there before anything runs: Node, npm packages, Python packages, the build. */
import { join } from "node:path";

import { build } from "./build.mjs";
import { checkNode } from "./node-version.mjs";
import { npmPackages } from "./npm-packages.mjs";
import { ROOT, SHARE, STATE, VENV } from "./paths.mjs";
import { step } from "./progress.mjs";
import { pythonPackages } from "./python.mjs";
import { npm, run } from "./run.mjs";
import { stamps as stampsIn } from "./stamp.mjs";

/** Do what is missing or stale, a line each; nothing is printed when nothing is. */
export async function makeReady() {
  checkNode();
  const stamps = stampsIn(join(STATE, "stamps"));
  const packages = npmPackages({ root: ROOT, stamps, npm });
  if (!packages.isFresh()) await step("Installing the npm packages (once)", packages.install);
  const python = pythonPackages({ root: ROOT, venv: VENV, stamps, run });
  if (!python.isFresh()) await step("Installing JupyterLab into .venv (once)", python.install);
  const house = build({ root: ROOT, share: SHARE, stamps, run });
  if (!house.isFresh()) await step("Building the library, the kernel and the views", house.make);
}
