/** The engine's process ends with the kernel, also when it is deep in a check and the kernel was killed. */
import { spawn } from "node:child_process";

/**
 * A shell that waits for the end of a pipe which only this process holds, and then ends the engine. An idle engine notices
 * by itself that nobody is there any more; one that is busy for ever does not. Windows has no such shell: there, nothing.
 *
 * @returns lets go of the process, when it has ended
 */
export function endWithKernel(pid: number): () => void {
  if (process.platform === "win32") return () => {};
  // The kernel's group is signalled to interrupt a cell.
  const script = `trap "" INT TERM HUP; read -r _; kill -9 ${pid} 2>/dev/null`;
  const guard = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"] });
  guard.on("error", () => {}); // No shell, no guard.
  guard.stdin.on("error", () => {});
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return () => void guard.kill("SIGKILL");
}
