/** `cotangent install` and `uninstall`: the kernelspec and the JupyterLab extension, where an existing Jupyter finds them. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  CommandError,
  extensionFolder,
  KERNEL_MAIN,
  kernelFolder,
  KERNELSPEC,
  labextensionSource,
} from "./places.js";

type Say = (line: string) => void;

interface Spec {
  readonly argv?: readonly string[];
  readonly metadata?: { readonly cotangent?: unknown; readonly debugger?: boolean };
}

export function readSpec(folder: string): Spec | null {
  try {
    return JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as Spec;
  } catch {
    return null;
  }
}

/** The kernelspec, for this Node and this package. */
export function kernelspec(version: string): object {
  const template = readSpec(KERNELSPEC) ?? {};
  return {
    argv: [process.execPath, KERNEL_MAIN, "{connection_file}"],
    ...template,
    // By this mark uninstall knows what install wrote.
    metadata: { ...template.metadata, cotangent: { version } },
  };
}

const isOurs = (folder: string): boolean => readSpec(folder)?.metadata?.cotangent !== undefined;

/** @throws CommandError when there is nothing to install, or another kernel has the name */
export function install(data: string, version: string, say: Say): void {
  const source = labextensionSource();
  if (source === null || !existsSync(KERNEL_MAIN))
    throw new CommandError("This clone has not been built yet. Run: npm run build");
  const [kernel, extension] = [kernelFolder(data), extensionFolder(data)];
  if (existsSync(kernel) && !isOurs(kernel))
    throw new CommandError(`${kernel} was not made by this command. Move it away first.`);
  try {
    // Files of an earlier version would stay beside the new ones.
    for (const folder of [kernel, extension]) rmSync(folder, { recursive: true, force: true });
    mkdirSync(kernel, { recursive: true });
    cpSync(KERNELSPEC, kernel, { recursive: true });
    writeFileSync(join(kernel, "kernel.json"), `${JSON.stringify(kernelspec(version), null, 2)}\n`);
    cpSync(source, extension, { recursive: true });
  } catch (error) {
    throw new CommandError(`${data} cannot be written: ${(error as Error).message}`);
  }
  say(`Installed the kernel into              ${kernel}`);
  say(`Installed the JupyterLab extension into ${extension}`);
  say("Start JupyterLab and choose the kernel “TypeScript (Cotangent)”.");
  if (/[\\/]_npx[\\/]/.test(KERNEL_MAIN))
    say(
      "The kernel lies in npx's cache, which npm may empty. Install @cotangent/kernel in a project, and install again.",
    );
}

export function uninstall(data: string, say: Say): void {
  const [kernel, extension] = [kernelFolder(data), extensionFolder(data)];
  if (existsSync(kernel) && !isOurs(kernel))
    throw new CommandError(`${kernel} was not made by this command; it stays.`);
  const there = [kernel, extension].filter((folder) => existsSync(folder));
  for (const folder of there) {
    rmSync(folder, { recursive: true });
    say(`Removed ${folder}`);
  }
  if (there.length === 0) say(`Nothing is installed in ${data}`);
}
