/** `npm start` on a fresh clone, and again: seconds until JupyterLab answers. Takes a minute or two. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { printTable } from "../table.js";

const ROOT = resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "cotangent-clone-"));
const clone = join(folder, "cotangent");

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

async function secondsToReady(): Promise<number> {
  const started = performance.now();
  const child = spawn(
    "npm",
    ["start", "--silent", "--", "--no-browser", "--port", String(await freePort())],
    {
      cwd: clone,
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    },
  );
  let seconds = NaN;
  let printed = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    printed += chunk as string;
    const url = /http:\/\/127\.0\.0\.1:\S+/.exec(printed)?.[0];
    if (url === undefined || !Number.isNaN(seconds)) continue;
    const { origin, searchParams } = new URL(url);
    const answer = await fetch(`${origin}/api/status?token=${searchParams.get("token")}`);
    if (answer.ok) seconds = (performance.now() - started) / 1000;
    process.kill(-child.pid!, "SIGINT");
  }
  return seconds;
}

try {
  execFileSync("git", ["clone", "--quiet", ROOT, clone]);
  const first = await secondsToReady();
  const second = await secondsToReady();
  const third = await secondsToReady();
  printTable(
    ["npm start, to a JupyterLab that answers", "seconds", "bar"],
    [
      ["fresh clone", first.toFixed(1), "reported"],
      ["second start", second.toFixed(1), "≤ 10"],
      ["third start", third.toFixed(1), "≤ 10"],
    ],
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
