/** The kernels that are measured side by side: how each is started, and the same work in its own words. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { KERNEL_MAIN, type KernelOptions } from "../../support/kernel-client.js";

const ROOT = resolve(import.meta.dirname, "../../..");
/** Where `npm run bench:peers` puts them. */
const PEERS = join(ROOT, ".cotangent", "peers", "node_modules");
const PYTHON = process.env["COTANGENT_PYTHON"] ?? join(ROOT, ".venv", "bin", "python");
const TSLAB = join(PEERS, "tslab", "bin", "tslab");
/** The program itself: the script that npm links would leave it running when it is killed. */
const DENO = nativeDeno();

function nativeDeno(): string {
  const scope = join(PEERS, "@deno");
  const [platform] = existsSync(scope) ? readdirSync(scope) : [];
  return join(scope, platform ?? "none", process.platform === "win32" ? "deno.exe" : "deno");
}

/** The same work for every kernel, in its language. */
export interface Words {
  readonly declare: (n: number) => string;
  readonly complete: string;
  readonly lines: (count: number) => string;
  readonly bulk: (lines: number, length: number) => string;
}

export interface Peer {
  readonly name: string;
  readonly options: KernelOptions;
  readonly words: Words;
}

const typescript: Words = {
  declare: (n) => `let v${n}: number = ${n}`,
  complete: "Math.fl",
  lines: (count) => `for (let i = 0; i < ${count}; i++) console.log("line " + i)`,
  bulk: (lines, length) => `for (let i = 0; i < ${lines}; i++) console.log("x".repeat(${length}))`,
};

const python: Words = {
  declare: (n) => `v${n}: int = ${n}`,
  complete: "import math; math.fl",
  lines: (count) => `for i in range(${count}): print(f"line {i}")`,
  bulk: (lines, length) => `for i in range(${lines}): print("x" * ${length})`,
};

const ours = (name: string, env: NodeJS.ProcessEnv): Peer => ({
  name,
  options: { env, command: (file) => [process.execPath, KERNEL_MAIN, file] },
  words: typescript,
});

const candidates: readonly (Peer & { readonly needs: string })[] = [
  { ...ours("cotangent", {}), needs: KERNEL_MAIN },
  { ...ours("cotangent, types off", { COTANGENT_TYPES: "off" }), needs: KERNEL_MAIN },
  {
    name: "deno 2.9",
    options: { welcome: false, command: (file) => [DENO, "jupyter", "--kernel", "--conn", file] },
    words: typescript,
    needs: DENO,
  },
  {
    name: "tslab 1.0.22",
    options: {
      welcome: false,
      // Without Node's types beside it, tslab refuses every cell that prints.
      cwd: join(PEERS, ".."),
      command: (file) => [process.execPath, TSLAB, "kernel", `--config-path=${file}`],
    },
    words: typescript,
    needs: TSLAB,
  },
  {
    name: "ipykernel",
    options: { welcome: false, command: (file) => [PYTHON, "-m", "ipykernel_launcher", "-f", file] },
    words: python,
    needs: PYTHON,
  },
];

export const peers: readonly Peer[] = candidates.filter(({ needs }) => existsSync(needs));
export const absent: readonly string[] = candidates
  .filter(({ needs }) => !existsSync(needs))
  .map(({ name }) => name);
