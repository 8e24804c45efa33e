/** SIGINT, noticed by the I/O thread even while the main thread is in an endless loop. */

/**
 * Node's own signal watchdog (the one behind `vm`'s breakOnSigint and the prompt's Ctrl+C). It is a thread of the process,
 * so any thread may ask it. A worker cannot listen for signals, and a busy main thread does not get to its listeners.
 */
interface Watchdog {
  startSigintWatchdog(): void;
  stopSigintWatchdog(): boolean;
  watchdogHasPendingSigint(): boolean;
}

const POLL_MS = 20;

function findWatchdog(): Watchdog | null {
  try {
    const binding = (process as unknown as { binding(name: string): Partial<Watchdog> }).binding(
      "contextify",
    );
    return typeof binding.startSigintWatchdog === "function" ? (binding as Watchdog) : null;
  } catch {
    return null;
  }
}

export interface SigintWatch {
  /** Forget a signal that came while nothing ran; it was not meant for what runs next. */
  forget(): void;
}

/**
 * Call `onSigint` when the signal arrives. Where Node has no watchdog to ask, this does nothing, and the main thread's
 * listener is what remains.
 */
export function watchSigint(onSigint: () => void): SigintWatch {
  const watchdog = findWatchdog();
  if (watchdog === null) return { forget: () => {} };
  watchdog.startSigintWatchdog();
  const take = (): boolean => {
    if (!watchdog.watchdogHasPendingSigint()) return false;
    watchdog.stopSigintWatchdog();
    watchdog.startSigintWatchdog();
    return true;
  };
  setInterval(() => take() && onSigint(), POLL_MS).unref();
  return { forget: () => void take() };
}
