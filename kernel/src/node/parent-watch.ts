/** The kernel leaves when the server that started it is gone, however it went. */

const POLL_MS = 1000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** @param pid the server's process, as JPY_PARENT_PID names it; nothing is watched without one */
export function watchParent(pid: string | undefined, onGone: () => void): void {
  const parent = Number(pid);
  if (!Number.isInteger(parent) || parent <= 1) return;
  const timer = setInterval(() => {
    if (isAlive(parent)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}
