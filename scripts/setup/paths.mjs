/** Where things are in a clone. Nothing is written outside of it. */
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..", "..");
/** What the scripts and the running server keep: stamps, logs, settings, runtime files. */
export const STATE = join(ROOT, ".cotangent");
export const VENV = join(ROOT, ".venv");
/** The one folder that JUPYTER_PATH names: kernelspecs and labextensions. */
export const SHARE = join(ROOT, "share", "jupyter");

const bin = process.platform === "win32" ? "Scripts" : "bin";
const exe = process.platform === "win32" ? ".exe" : "";
export const venvProgram = (name, venv = VENV) => join(venv, bin, name + exe);

/**
 * The environment in which Jupyter finds our kernel and extension, and leaves the user's own files alone.
 *
 * @param {string} home where settings, data and runtime files go
 */
export function jupyterEnvironment(home = join(STATE, "jupyter"), env = process.env) {
  return {
    ...env,
    // Absolute: a relative path would break {resource_dir} for notebooks in subfolders.
    JUPYTER_PATH: SHARE,
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    IPYTHONDIR: join(home, "ipython"),
  };
}
