/** The Jupyter server: started with our configuration, watched until it answers. */
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { jupyterEnvironment, ROOT, STATE, venvProgram } from "./paths.mjs";
import { Trouble } from "./trouble.mjs";

const POLL_MS = 50;
const LOG_TAIL = 25;

/** @returns {import("node:child_process").ChildProcess & { logFile: string }} */
export function spawnLab({ port, token, args }) {
  mkdirSync(STATE, { recursive: true });
  const logFile = join(STATE, "jupyter.log");
  const log = createWriteStream(logFile);
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const child = spawn(
    venvProgram("jupyter"),
    ["lab", "--config=jupyter-config.json", "--no-browser", `--ServerApp.port=${port}`, ...asRoot, ...args],
    // Without a terminal as its input, Ctrl+C ends the server without a question.
    { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], env: { ...jupyterEnvironment(), JUPYTER_TOKEN: token } },
  );
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return Object.assign(child, { logFile });
}

/** Resolves when the server answers. */
export async function untilReady(child, { port, token }) {
  let failure = null;
  child.once("error", (error) => (failure = error));
  while (child.exitCode === null && child.signalCode === null && failure === null) {
    try {
      const headers = { Authorization: `token ${token}` };
      if ((await fetch(`http://127.0.0.1:${port}/api/status`, { headers })).ok) return;
    } catch {
      // Not listening yet.
    }
    await pause(POLL_MS);
  }
  const log = failure
    ? failure.message
    : readFileSync(child.logFile, "utf8").split("\n").slice(-LOG_TAIL).join("\n");
  throw new Trouble("JupyterLab did not start.", "Its own messages are above.", log);
}
