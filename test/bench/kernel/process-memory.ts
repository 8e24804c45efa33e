/** The resident memory of a process with all its children, read from /proc. */
import { readdirSync, readFileSync } from "node:fs";

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

function residentOf(pid: number): number {
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** @returns megabytes; NaN where there is no /proc */
export function residentMegabytes(pid: number): number {
  try {
    return childrenOf(pid).reduce((sum, child) => sum + residentMegabytes(child), residentOf(pid));
  } catch {
    return Number.NaN;
  }
}
