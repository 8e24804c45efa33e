/** A kernel on trial, in a process of its own: started on free ports, asked `1 + 1`, ended. */
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Dealer } from "zeromq";

import { createSigner, decode, encode } from "../node/wire.js";
import { KERNEL_MAIN } from "./places.js";

const PATIENCE_MS = 15_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

const folder = mkdtempSync(join(tmpdir(), "cotangent-trial-"));
const file = join(folder, "connection.json");
const names = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];
const ports = Object.fromEntries(
  await Promise.all(names.map(async (name) => [name, await freePort()] as const)),
) as Record<string, number>;
const key = randomBytes(16).toString("hex");
writeFileSync(
  file,
  JSON.stringify({ transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256", ...ports }),
  { mode: 0o600 },
);
const started = performance.now();
const env = { ...process.env, COTANGENT_HISTORY: "off", JPY_PARENT_PID: String(process.pid) };
const kernel = spawn(process.execPath, [KERNEL_MAIN, file], {
  env,
  cwd: folder,
  stdio: ["ignore", "ignore", "inherit"],
});

/** The only way out: with what was found. */
function end(code: number, line: string): void {
  kernel.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
  (code === 0 ? process.stdout : process.stderr).write(`${line}\n`, () => process.exit(code));
}
setTimeout(() => end(1, "no answer in 15 s"), PATIENCE_MS);
kernel.once("exit", (code) => end(1, `the kernel ended with status ${code}`));

const signer = createSigner(key, "hmac-sha256");
const shell = new Dealer({ linger: 0 });
shell.connect(`tcp://127.0.0.1:${ports["shell_port"]}`);
const content = {
  code: "1 + 1",
  silent: false,
  store_history: false,
  user_expressions: { two: "1 + 1" },
};
await shell.send(
  encode({ type: "execute_request", parent: null, content }, signer, randomUUID(), []) as Buffer[],
);
const reply = decode(await shell.receive(), signer);
const { two } = reply.content["user_expressions"] as { two?: { data?: Record<string, string> } };
const milliseconds = (performance.now() - started).toFixed(0);
if (two?.data?.["text/plain"] === "2") end(0, `1 + 1 is 2, ${milliseconds} ms after its start`);
else end(1, `it answered ${JSON.stringify(reply.content).slice(0, 200)}`);
