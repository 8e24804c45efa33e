/** The Jupyter server: started with our configuration, watched until it is up. */
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { untilListening } from "./listening.mjs";
import { jupyterEnvironment, ROOT, RUNTIME, STATE, venvProgram } from "./paths.mjs";
import { Trouble } from "./trouble.mjs";

const POLL_MS = 50;
const LOG_TAIL = 25;
const LOG_FILE = join(STATE, "jupyter.log");

/** What the server says of itself, in a file. */
function serversOn(port, runtime) {
  return readdirSync(runtime)
    .filter((name) => /^jpserver-\d+\.json$/.test(name))
    .flatMap((name) => {
      const file = join(runtime, name);
      try {
        return [{ ...JSON.parse(readFileSync(file, "utf8")), file }];
      } catch {
        return []; // Being written just now.
      }
    })
    .filter((info) => info.port === port);
}

export function spawnLab({ port, token, args }) {
  mkdirSync(RUNTIME, { recursive: true });
  // The port is free, so these are left over from a server that was killed.
  for (const { file } of serversOn(port, RUNTIME)) rmSync(file, { force: true });
  const log = createWriteStream(LOG_FILE);
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const child = spawn(
    venvProgram("jupyter"),
    ["lab", "--config=jupyter-config.json", "--no-browser", `--ServerApp.port=${port}`, ...asRoot, ...args],
    // Without a terminal as its input, Ctrl+C ends the server without a question.
    { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], env: { ...jupyterEnvironment(), JUPYTER_TOKEN: token } },
  );
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return child;
}

/**
 * Resolves when the server takes connections.
 *
 * @returns {Promise<{ url: string, token: string }>} with the options that were passed on taken into account
 */
export async function untilUp(child, port) {
  let failure = null;
  child.once("error", (error) => (failure = error));
  const isOver = () => child.exitCode !== null || child.signalCode !== null || failure !== null;
  while (!isOver()) {
    const [info] = serversOn(port, RUNTIME);
    if (info) {
      await untilListening(info, isOver);
      if (!isOver()) return info;
    } else await pause(POLL_MS);
  }
  const log = failure?.message ?? readFileSync(LOG_FILE, "utf8").split("\n").slice(-LOG_TAIL).join("\n");
  throw new Trouble("JupyterLab did not start.", "Its own messages are above.", log);
}
