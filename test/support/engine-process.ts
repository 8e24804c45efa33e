/** The type engine's process, as the operating system sees it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";

import type { KernelClient } from "./kernel-client.js";

/** The process id of a kernel's engine; beside it runs only the shell that ends it with the kernel. */
export function enginePid({ process: { pid } }: KernelClient): number {
  const children = execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(pid)], { encoding: "utf8" });
  const [engine] = children
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, command]) => command !== "sh" && command !== "dash" && command !== "bash");
  return Number(engine![0]);
}

/** Resolves when a process, anybody's, has gone. */
export async function untilGone(pid: number): Promise<void> {
  await once(spawn("tail", ["-s", "0.02", `--pid=${pid}`, "-f", "/dev/null"], { stdio: "ignore" }), "exit");
}
