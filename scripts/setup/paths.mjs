/** Where things are in a clone. Nothing is written outside of it. */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

// Not import.meta.dirname: a Node that is too old must live long enough to be told so.
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** What the scripts and the running server keep: stamps, logs, settings, runtime files. */
export const STATE = join(ROOT, ".cotangent");
export const VENV = join(ROOT, ".venv");
/** The one folder that JUPYTER_PATH names: kernelspecs and labextensions. */
export const SHARE = join(ROOT, "share", "jupyter");

const bin = process.platform === "win32" ? "Scripts" : "bin";
const exe = process.platform === "win32" ? ".exe" : "";
export const venvProgram = (name, venv = VENV) => join(venv, bin, name + exe);

/** Where the server writes its address. */
export const RUNTIME = join(STATE, "jupyter", "runtime");

/** What would lead .venv away to another Python, other packages, or another configuration. */
const MISLEADING = ["PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "JUPYTER_CONFIG_PATH"];

/** An environment in which .venv is itself, whatever else the user has set up. */
export const pythonEnvironment = (env = process.env) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !MISLEADING.includes(name)));

/**
 * The environment in which Jupyter finds our kernel and extension, and leaves the user's own files alone.
 *
 * @param {string} home where settings, data and runtime files go
 */
export function jupyterEnvironment(home = join(STATE, "jupyter"), env = process.env) {
  return {
    ...pythonEnvironment(env),
    // Absolute: a relative path would break {resource_dir} for notebooks in subfolders.
    JUPYTER_PATH: SHARE,
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    IPYTHONDIR: join(home, "ipython"),
  };
}
