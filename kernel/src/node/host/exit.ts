/** `process.exit` in a cell must not take the kernel with it: with an inspector attached the real one aborts the process. */

/** Thrown by `process.exit` in user code, to stop it there as the real one would. */
export class ProcessExitError extends Error {
  override readonly name = "ProcessExitError";
}

/** @returns the way by which the kernel itself ends the process */
export function guardExit(say: (text: string) => void): (code: number) => void {
  const internals = process as unknown as { reallyExit: (code?: number) => never };
  const reallyExit = internals.reallyExit.bind(process);
  const refuse = (code: unknown = process.exitCode ?? 0): never => {
    say(
      `process.exit(${String(code)}) was called. The kernel goes on; restart or shut it down from the Kernel menu.\n`,
    );
    throw new ProcessExitError(`process.exit(${String(code)})`);
  };
  process.exit = refuse as typeof process.exit;
  internals.reallyExit = refuse;
  return (code) => {
    try {
      // Libraries clean up (child processes, temporary files) when the process exits.
      process.emit("exit", code);
    } finally {
      reallyExit(code);
    }
  };
}
