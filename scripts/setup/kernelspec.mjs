/** The kernelspec that this clone's JupyterLab uses: it names this Node and this clone's kernel. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function writeKernelspec({ root, share }) {
  const folder = join(share, "kernels", "cotangent");
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "kernel", "kernelspec"), folder, { recursive: true });
  const spec = {
    argv: [process.execPath, join(root, "kernel", "dist", "node", "main.js"), "{connection_file}"],
    display_name: "TypeScript (Cotangent)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
}
