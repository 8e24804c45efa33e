/** One Jupyter server for a test: a free port of 127.0.0.1, folders of its own, ended with the test. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { untilListening } from "../../scripts/setup/listening.mjs";
import { jupyterEnvironment, venvProgram } from "../../scripts/setup/paths.mjs";

export const ROOT = resolve(import.meta.dirname, "../..");

export interface LabOptions {
  /** Which server: JupyterLab, or Notebook 7. */
  readonly app?: "lab" | "notebook";
  /** The folder whose notebooks it serves; a fresh one when not given. */
  readonly rootDir?: string;
}

export interface Lab {
  /** With a slash at its end. */
  readonly baseUrl: string;
  readonly token: string;
  readonly rootDir: string;
  /** Where it says that it runs. */
  readonly runtimeDir: string;
  log(): string;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
// A server outlives a test run that is cut short, unless it is ended here.
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Resolves when the file is there, or when the server has ended. */
async function untilWritten(folder: string, file: string, child: ChildProcess): Promise<void> {
  const watcher = watch(folder);
  try {
    const appeared = new Promise<void>((found) => {
      const look = () => {
        if (existsSync(join(folder, file)) && readFileSync(join(folder, file), "utf8").trim().endsWith("}"))
          found();
      };
      watcher.on("change", look);
      look();
    });
    await Promise.race([appeared, once(child, "close")]);
  } finally {
    watcher.close();
  }
}

export async function startLab({ app = "lab", rootDir }: LabOptions = {}): Promise<Lab> {
  const token = randomBytes(24).toString("hex");
  const home = mkdtempSync(join(tmpdir(), "cotangent-lab-"));
  const served = rootDir ?? join(home, "notebooks");
  const runtime = join(home, "runtime");
  await Promise.all([mkdir(served, { recursive: true }), mkdir(runtime, { recursive: true })]);
  const child = spawn(
    venvProgram("jupyter"),
    [
      app,
      `--config=${join(ROOT, "jupyter-config.json")}`,
      "--no-browser",
      "--ServerApp.port=0",
      `--ServerApp.root_dir=${served}`,
      `--LabServerApp.user_settings_dir=${join(home, "settings")}`,
      `--LabServerApp.workspaces_dir=${join(home, "workspaces")}`,
      ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ],
    {
      cwd: ROOT,
      env: { ...jupyterEnvironment(home), JUPYTER_TOKEN: token },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  running.add(child);
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (log += text));
  child.once("error", (error) => (log += error.message));

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, "close");
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await closed;
      clearTimeout(killer);
    }
    running.delete(child);
    rmSync(home, { recursive: true, force: true });
  };

  // The server writes this file, a moment before it listens.
  const info = `jpserver-${child.pid}.json`;
  await untilWritten(runtime, info, child);
  if (!existsSync(join(runtime, info))) {
    await stop();
    throw new Error(`The server did not start:\n${log}`);
  }
  const address = JSON.parse(readFileSync(join(runtime, info), "utf8")) as { url: string; port: number };
  await untilListening(address, () => child.exitCode !== null);
  const { url } = address;
  return { baseUrl: url, token, rootDir: served, runtimeDir: runtime, log: () => log, stop };
}
