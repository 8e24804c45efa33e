/** The build: TypeScript, the labextension, the kernelspec. Skipped when no source has changed. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { writeKernelspec } from "./kernelspec.mjs";
import { fingerprint } from "./stamp.mjs";
import { Trouble } from "./trouble.mjs";

const STAMP = "build";
const PROJECTS = ["lib", "kernel", "extensions/views", "extensions/labextension"];
const INPUTS = ["src", "style", "schema", "kernelspec", "package.json", "tsconfig.json"];

export function build({ root, share, stamps, run }) {
  const inputs = PROJECTS.flatMap((project) => INPUTS.map((name) => join(root, project, name)));
  const shared = ["tsconfig.base.json", "package-lock.json", "scripts/setup", "scripts/bundle.mjs"].map(
    (name) => join(root, name),
  );
  const value = fingerprint([...inputs, ...shared], root, process.execPath);
  const node = async (what, script, args) => {
    const { code, output } = await run(process.execPath, [join(root, script), ...args], {
      cwd: root,
    });
    if (code !== 0) throw new Trouble(`${what} did not build.`, "The messages above say why.", output);
  };
  const outputs = [
    join(root, "lib", "dist", "index.js"),
    join(root, "lib", "dist", "bundle", "index.js"),
    join(root, "kernel", "dist", "node", "main.js"),
    join(root, "extensions", "views", "dist", "index.js"),
    join(share, "labextensions", "@cotangent", "labextension", "package.json"),
    join(share, "kernels", "cotangent", "kernel.json"),
  ];
  const isWhole = () => outputs.every((file) => existsSync(file));
  return {
    isFresh: () => isWhole() && stamps.isFresh(STAMP, value),
    async make() {
      stamps.clear(STAMP);
      // Left to itself, tsc does not notice that what it once made is gone.
      const force = isWhole() ? [] : ["--force"];
      await node("The TypeScript", join("node_modules", "typescript", "bin", "tsc"), [
        "-b",
        ...force,
        ...PROJECTS,
      ]);
      await node("The library's bundle", join("scripts", "bundle.mjs"), []);
      await node(
        "The JupyterLab extension",
        join("node_modules", "@jupyter", "builder", "lib", "build-labextension.js"),
        [
          "--core-package-file",
          join(root, "node_modules", "@jupyterlab", "core-meta", "core.package.json"),
          join(root, "extensions", "labextension"),
        ],
      );
      writeKernelspec({ root, share });
      stamps.set(STAMP, value);
    },
  };
}
