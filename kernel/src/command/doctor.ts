/** `cotangent doctor`: what is where, what works, and what to do about what does not. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { readSpec } from "./install.js";
import { extensionFolder, KERNEL_MAIN, kernelFolder, userData } from "./places.js";

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

/** The data folders that this Jupyter looks into, itself asked where it is there. */
function dataFolders(env: NodeJS.ProcessEnv): {
  readonly folders: string[];
  readonly jupyter: string | null;
} {
  const { stdout, status } = spawnSync("jupyter", ["--paths", "--json"], { encoding: "utf8", env });
  if (status !== 0) return { folders: [userData(env)], jupyter: null };
  return { folders: (JSON.parse(stdout) as { data: string[] }).data, jupyter: "found" };
}

function installed(env: NodeJS.ProcessEnv, version: string): Finding[] {
  const { folders, jupyter } = dataFolders(env);
  const findings: Finding[] = [
    {
      what: "Jupyter",
      found:
        jupyter === null ? "no “jupyter” on the PATH; looked in the user's own folder" : folders.join(", "),
    },
  ];
  const kernels = folders.map(kernelFolder).filter((folder) => existsSync(folder));
  if (kernels.length === 0)
    findings.push({ what: "kernelspec", found: "none", remedy: "Run: npx cotangent install" });
  for (const folder of kernels) {
    const missing = (readSpec(folder)?.argv ?? []).slice(0, 2).filter((file) => !existsSync(file));
    findings.push({
      what: "kernelspec",
      found: missing.length === 0 ? folder : `${folder} names ${missing.join(" and ")}, which is not there`,
      ...(missing.length > 0 && { remedy: "Run: npx cotangent install" }),
    });
  }
  for (const folder of folders.map(extensionFolder).filter((place) => existsSync(place))) {
    const theirs = (require(join(folder, "package.json")) as { version?: string }).version ?? "unknown";
    findings.push({
      what: "JupyterLab extension",
      found: `${theirs} in ${folder}`,
      ...(theirs !== version && {
        remedy: `It is another version than the kernel's (${version}). Run: npx cotangent install`,
      }),
    });
  }
  return findings;
}

/** Start a kernel as Jupyter does and ask it something. */
async function trial(): Promise<Finding> {
  const what = "a kernel, started";
  const child = spawn(process.execPath, [join(KERNEL_MAIN, "..", "..", "command", "trial.js")], {
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
