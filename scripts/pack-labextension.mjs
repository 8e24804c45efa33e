/** Before `npm pack` of the kernel: the built JupyterLab extension becomes part of its package. */
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { ROOT, SHARE } from "./setup/paths.mjs";

const built = join(SHARE, "labextensions", "@cotangent", "labextension");
const target = join(ROOT, "kernel", "labextension");
if (!existsSync(built)) throw new Error("The extension has not been built yet. Run: npm run build");
rmSync(target, { recursive: true, force: true });
cpSync(built, target, { recursive: true });
