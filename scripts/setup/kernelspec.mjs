/** The kernelspec that this clone's JupyterLab uses: it names this Node and this clone's kernel. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function writeKernelspec({ root, share }) {
  const source = join(root, "kernel", "kernelspec");
  const folder = join(share, "kernels", "cotangent");
  mkdirSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true });
  const spec = {
    argv: [process.execPath, join(root, "kernel", "dist", "node", "main.js"), "{connection_file}"],
    ...JSON.parse(readFileSync(join(source, "kernel.json"), "utf8")),
  };
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
}
