/** Where Jupyter looks for kernels and extensions, and where this package keeps its own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package. */
export const PACKAGE = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** What the kernelspec runs: not this command, which would have to load first. */
export const KERNEL_MAIN = join(PACKAGE, "dist", "node", "main.js");
export const KERNELSPEC = join(PACKAGE, "kernelspec");

export const KERNEL_NAME = "cotangent";
const EXTENSION = join("labextensions", "@cotangent", "labextension");

export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** The prebuilt JupyterLab extension; null where it has not been built. */
export function labextensionSource(): string | null {
  const places = [join(PACKAGE, "labextension"), resolve(PACKAGE, "..", "share", "jupyter", EXTENSION)];
  return places.find((place) => existsSync(join(place, "package.json"))) ?? null;
}

export const kernelFolder = (data: string): string => join(data, "kernels", KERNEL_NAME);
export const extensionFolder = (data: string): string => join(data, EXTENSION);

/** An empty variable says as little as none. */
const set = (env: NodeJS.ProcessEnv, name: string): string | undefined => env[name] || undefined;

/** Jupyter's data folder of the user, as jupyter_core finds it. */
export function userData(env: NodeJS.ProcessEnv): string {
  const named = set(env, "JUPYTER_DATA_DIR");
  if (named !== undefined) return named;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32")
    return join(set(env, "APPDATA") ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(set(env, "XDG_DATA_HOME") ?? join(homedir(), ".local", "share"), "jupyter");
}

/** @throws CommandError when there is no Python to ask */
function sysPrefix(env: NodeJS.ProcessEnv): string {
  const active = set(env, "VIRTUAL_ENV") ?? set(env, "CONDA_PREFIX");
  if (active !== undefined) return active;
  for (const python of ["python3", "python"]) {
    const { stdout, status } = spawnSync(python, ["-c", "import sys; print(sys.prefix)"], {
      encoding: "utf8",
      env,
    });
    if (status === 0) return stdout.trim();
  }
  throw new CommandError(
    "There is no active Python environment. Activate the one that Jupyter is in, or name it: --prefix FOLDER.",
  );
}

export interface Target {
  readonly sysPrefix: boolean;
  readonly prefix: string | undefined;
}

/** The data folder that the options name; the user's when they name none. */
export function targetFolder({ sysPrefix: inPython, prefix }: Target, env: NodeJS.ProcessEnv): string {
  if (prefix !== undefined) return join(resolve(prefix), "share", "jupyter");
  return inPython ? join(sysPrefix(env), "share", "jupyter") : userData(env);
}
