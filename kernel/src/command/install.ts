/** `cotangent install` and `uninstall`: the kernelspec and the JupyterLab extension, where an existing Jupyter finds them. */
import { cpSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  CommandError,
  extensionFolder,
  KERNEL_MAIN,
  kernelFolder,
  KERNELSPEC,
  labextensionSource,
} from "./places.js";
import { readJson } from "./read-json.js";

type Say = (line: string) => void;

/** What install wrote, relative to the data folder, so that uninstall removes that and nothing else. */
interface Manifest {
  readonly files: readonly string[];
}

const manifestFile = (data: string): string => join(kernelFolder(data), "install.json");

function readManifest(data: string): Manifest | null {
  const { files } = (readJson(manifestFile(data)) ?? {}) as Partial<Manifest>;
  return Array.isArray(files) && files.every((file) => typeof file === "string") ? { files } : null;
}

/** The kernelspec, for this Node and this package. */
const kernelspec = (): object => ({
  argv: [process.execPath, KERNEL_MAIN, "{connection_file}"],
  ...(readJson(join(KERNELSPEC, "kernel.json")) as object),
});

const isEmpty = (folder: string): boolean => readdirSync(folder).length === 0;

/** Remove what the manifest names, and the folders that are empty then. */
function remove(data: string, { files }: Manifest): void {
  const folders = new Set<string>();
  for (const file of files) {
    rmSync(join(data, file), { force: true });
    for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) folders.add(folder);
  }
  // The deepest first.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    const path = join(data, folder);
    if (existsSync(path) && isEmpty(path)) rmdirSync(path);
  }
}

function write(data: string, source: string): void {
  const [kernel, extension] = [kernelFolder(data), extensionFolder(data)];
  mkdirSync(kernel, { recursive: true });
  const files: string[] = [];
  const copy = (from: string, to: string) => {
    cpSync(from, to, { recursive: true });
    for (const entry of readdirSync(from, { recursive: true, withFileTypes: true }))
      if (entry.isFile())
        files.push(join(to, entry.parentPath.slice(from.length), entry.name).slice(data.length + 1));
  };
  copy(KERNELSPEC, kernel);
  writeFileSync(join(kernel, "kernel.json"), `${JSON.stringify(kernelspec(), null, 2)}\n`);
  copy(source, extension);
  files.push(manifestFile(data).slice(data.length + 1));
  writeFileSync(manifestFile(data), `${JSON.stringify({ files } satisfies Manifest, null, 2)}\n`);
}

/** @throws CommandError when there is nothing to install, or what stands there is not this command's */
export function install(data: string, say: Say): void {
  const source = labextensionSource();
  if (source === null || !existsSync(KERNEL_MAIN))
    throw new CommandError("This clone has not been built yet. Run: npm run build");
  const [kernel, extension] = [kernelFolder(data), extensionFolder(data)];
  const earlier = readManifest(data);
  const foreign = earlier === null && [kernel, extension].find((folder) => existsSync(folder));
  if (foreign) throw new CommandError(`${foreign} was not made by this command. Move it away first.`);
  try {
    // Files of an earlier version would stay beside the new ones.
    if (earlier !== null) remove(data, earlier);
    write(data, source);
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

/** @throws CommandError when what stands there is not this command's */
export function uninstall(data: string, say: Say): void {
  const folders = [kernelFolder(data), extensionFolder(data)].filter((folder) => existsSync(folder));
  if (folders.length === 0) return say(`Nothing is installed in ${data}`);
  const manifest = readManifest(data);
  if (manifest === null)
    throw new CommandError(`${folders.join(" and ")} was not made by this command; it stays.`);
  remove(data, manifest);
  for (const folder of folders)
    say(existsSync(folder) ? `Left files that are not ours in ${folder}` : `Removed ${folder}`);
}
