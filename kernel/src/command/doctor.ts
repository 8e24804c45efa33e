/** `cotangent doctor`: what is where, what works, and what to do about what does not. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { extensionFolder, kernelFolder, userData } from "./places.js";
import { readJson } from "./read-json.js";

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  /** What to do; only where something is wrong. */
  readonly remedy?: string;
}

/** The smallest module that uses SIMD: one function that splats a byte. */
const SIMD = Uint8Array.of(
  ...[
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
    11,
  ],
);

const require = createRequire(import.meta.url);

function versionOf(name: string): string | null {
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    return null;
  }
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return {
    what: "Node",
    found: `${process.versions.node} (${process.execPath})`,
    ...(!fits && { remedy: "Install Node 20.19 or newer from nodejs.org." }),
  };
}

const packages = (): Finding[] =>
  ["zeromq", "typescript", "cotangent"].map((name) => {
    const version = versionOf(name);
    const remedy = { remedy: `Install it again: npm install @cotangent/kernel` };
    return { what: name, found: version ?? "not there", ...(version === null && remedy) };
  });

function engines(): Finding[] {
  // Node's types do not name it.
  const { WebAssembly } = globalThis as { WebAssembly?: { validate(module: Uint8Array): boolean } };
  const simd = WebAssembly?.validate(SIMD) ?? false;
  return [
    {
      what: "WebAssembly SIMD",
      found: simd ? "works" : "does not work here",
      ...(!simd && { remedy: "Install a newer Node." }),
    },
    { what: "SharedArrayBuffer", found: typeof SharedArrayBuffer === "function" ? "works" : "not there" },
    {
      what: "GPU",
      found: versionOf("gpu.js") === null ? "not used: gpu.js is not installed" : "gpu.js is installed",
    },
  ];
}

/** The data folders that this machine's Jupyter looks into; null where there is none to ask. */
function dataFolders(env: NodeJS.ProcessEnv): readonly string[] | null {
  const { stdout, status } = spawnSync("jupyter", ["--paths", "--json"], { encoding: "utf8", env });
  if (status !== 0) return null;
  try {
    return (JSON.parse(stdout) as { data: string[] }).data;
  } catch {
    return null;
  }
}

const INSTALL = { remedy: "Run: npx cotangent install" };

function kernelspecIn(folder: string): Finding {
  const { argv } = (readJson(join(folder, "kernel.json")) ?? {}) as { argv?: readonly string[] };
  if (!Array.isArray(argv)) return { what: "kernelspec", found: `${folder} cannot be read`, ...INSTALL };
  const missing = argv.slice(0, 2).filter((file) => !existsSync(file));
  if (missing.length === 0) return { what: "kernelspec", found: folder };
  return {
    what: "kernelspec",
    found: `${folder} names ${missing.join(" and ")}, which is not there`,
    ...INSTALL,
  };
}

function extensionIn(folder: string, version: string): Finding {
  const what = "JupyterLab extension";
  const theirs = (readJson(join(folder, "package.json")) as { version?: string } | null)?.version;
  if (theirs === version) return { what, found: `${theirs} in ${folder}` };
  if (theirs === undefined) return { what, found: `${folder} cannot be read`, ...INSTALL };
  return { what, found: `${theirs} in ${folder}, which is not the kernel's version`, ...INSTALL };
}

function installed(env: NodeJS.ProcessEnv, version: string): Finding[] {
  const known = dataFolders(env);
  const folders = known ?? [userData(env)];
  const there = (what: string, places: readonly string[], look: (folder: string) => Finding): Finding[] => {
    const found = places.filter((folder) => existsSync(folder)).map(look);
    return found.length > 0 ? found : [{ what, found: "none", ...INSTALL }];
  };
  return [
    {
      what: "Jupyter",
      found: known === null ? "none on the PATH; looked in the user's own folder" : folders.join(", "),
    },
    ...there("kernelspec", folders.map(kernelFolder), kernelspecIn),
    ...there("JupyterLab extension", folders.map(extensionFolder), (folder) => extensionIn(folder, version)),
  ];
}

/** Start a kernel as Jupyter does and ask it something. */
async function trial(): Promise<Finding> {
  const what = "a kernel, started";
  const child = spawn(process.execPath, [fileURLToPath(new URL("./trial.js", import.meta.url))], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, trouble] = ["", ""];
  child.stdout.on("data", (text) => (out += String(text)));
  child.stderr.on("data", (text) => (trouble += String(text)));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code === 0) return { what, found: out.trim() };
  return {
    what,
    found: `did not answer: ${trouble.trim().slice(-300)}`,
    remedy: "Report this at the project's issues, with these lines.",
  };
}

export async function examine(env: NodeJS.ProcessEnv, version: string): Promise<Finding[]> {
  return [
    { what: "Cotangent", found: version },
    node(),
    ...packages(),
    ...engines(),
    ...installed(env, version),
    await trial(),
  ];
}
