/** Code in a cell must not take the kernel with it: with an inspector attached `process.exit` aborts the process. */

/** Thrown by `process.exit` and its like in user code, to stop it there as the real ones would. */
export class ProcessExitError extends Error {
  override readonly name = "ProcessExitError";
}

/** Signals that do not end a process, and the one that stops a cell. */
const HARMLESS: readonly unknown[] = [0, "SIGINT", 2, "SIGWINCH", "SIGCHLD", "SIGCONT", "SIGURG"];

/** Without these a late error, or Stop by signal, would end the process. */
const KEPT = ["uncaughtException", "unhandledRejection", "SIGINT", "SIGTERM"] as const;

/** `process.removeAllListeners()` removes the user's listeners, not the kernel's. */
function keepListeners(): void {
  const kept = KEPT.map((event) => [event, process.listeners(event as never)] as const);
  const remove = process.removeAllListeners.bind(process);
  process.removeAllListeners = (event) => {
    // With no argument it means all events, which "undefined" would not.
    if (event === undefined) remove();
    else remove(event);
    for (const [name, listeners] of kept)
      for (const listener of listeners as (() => void)[])
        if (!process.listeners(name as never).includes(listener as never)) process.on(name, listener);
    return process;
  };
}

/**
 * To be called when the kernel's own listeners on `process` are there.
 *
 * @returns the way by which the kernel itself ends the process
 */
export function guardExit(say: (text: string) => void): (code: number) => void {
  const internals = process as unknown as { reallyExit: (code?: number) => never };
  const reallyExit = internals.reallyExit.bind(process);
  const kill = process.kill.bind(process);
  const emit = process.emit.bind(process);
  const refuse = (call: string): never => {
    say(`${call} was called. The kernel goes on; restart or shut it down from the Kernel menu.\n`);
    throw new ProcessExitError(call);
  };
  const exit = (code: unknown = process.exitCode ?? 0) => refuse(`process.exit(${String(code)})`);
  process.exit = exit as typeof process.exit;
  internals.reallyExit = exit as never;
  process.abort = () => refuse("process.abort()");
  process.kill = (pid, signal = "SIGTERM") => {
    // 0 and the negative of a group's number are the whole group, this process included.
    const self = pid === process.pid || pid === 0 || pid === -process.pid;
    if (self && !HARMLESS.includes(signal)) refuse(`process.kill(process.pid, ${String(signal)})`);
    return kill(pid, signal);
  };
  keepListeners();
  return (code) => {
    try {
      // Libraries clean up (child processes, temporary files) when the process exits.
      emit("exit", code);
    } finally {
      reallyExit(code);
    }
  };
}
