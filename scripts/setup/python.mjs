/** Python: found, new enough, and with a private environment in which JupyterLab lives. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { installTrouble } from "./install-trouble.mjs";
import { pythonEnvironment, venvProgram } from "./paths.mjs";
import { fingerprint } from "./stamp.mjs";
import { Trouble } from "./trouble.mjs";

const LEAST = [3, 10];
const NEWEST = 16;
const STAMP = "python-packages";
const PRINT_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])";
const GET = `Install Python ${LEAST.join(".")} or newer from https://www.python.org (or your system's packages) and try again.`;

/** Programs that may be Python, the likeliest first. */
function candidates(platform) {
  const numbered = [];
  for (let minor = NEWEST; minor >= LEAST[1]; minor--) numbered.push([`python3.${minor}`]);
  const launcher = platform === "win32" ? [["py", "-3"]] : [];
  return [["python3"], ["python"], ...launcher, ...numbered];
}

/**
 * @param {typeof import("./run.mjs").run} run
 * @returns {Promise<readonly string[]>} the program and its first arguments
 * @throws Trouble that says which versions were found
 */
export async function findPython(run, platform = process.platform) {
  const tooOld = new Set();
  for (const [program, ...first] of candidates(platform)) {
    const { code, output } = await run(program, [...first, "-c", PRINT_VERSION]);
    const [, major, minor] = /^(\d+)\.(\d+)\s*$/m.exec(output) ?? [];
    if (code !== 0 || major === undefined) continue;
    if (Number(major) > LEAST[0] || (Number(major) === LEAST[0] && Number(minor) >= LEAST[1]))
      return [program, ...first];
    tooOld.add(`${major}.${minor}`);
  }
  if (tooOld.size > 0)
    throw new Trouble(
      `Cotangent needs Python ${LEAST.join(".")} or newer; found ${[...tooOld].join(", ")}.`,
      GET,
    );
  throw new Trouble("Cotangent needs Python, because JupyterLab is written in it; none was found.", GET);
}

export function pythonPackages({ root, venv, stamps, run }) {
  const files = ["requirements.txt", "constraints.txt"].map((name) => join(root, name));
  // An environment names its own place: moved, it is broken.
  const value = fingerprint(files, process.platform, process.arch, venv);
  return {
    isFresh: () => existsSync(venvProgram("python", venv)) && stamps.isFresh(STAMP, value),
    async install() {
      stamps.clear(STAMP);
      const [program, ...first] = await findPython(run);
      // A half-made environment of an interrupted start is made anew.
      rmSync(venv, { recursive: true, force: true });
      const made = await run(program, [...first, "-m", "venv", venv], { env: pythonEnvironment() });
      if (made.code !== 0) throw venvTrouble(program, made.output);
      const args = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries=2",
        "-r",
        files[0],
        "-c",
        files[1],
      ];
      const { code, output } = await run(venvProgram("python", venv), args, {
        cwd: root,
        env: pythonEnvironment(),
      });
      if (code !== 0)
        throw installTrouble(
          "JupyterLab",
          output,
          "Read pip's message above; then run the same command again.",
        );
      stamps.set(STAMP, value);
    },
  };
}

function venvTrouble(program, output) {
  if (/ensurepip|No module named '?venv/.test(output))
    return new Trouble(
      `${program} comes without its "venv" module, so no private environment can be made for JupyterLab.`,
      "On Debian or Ubuntu: sudo apt install python3-venv. Then run the same command again.",
    );
  return installTrouble("A private Python environment", output, "Read Python's message above.");
}
