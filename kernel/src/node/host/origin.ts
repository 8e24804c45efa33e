/** Which request running code belongs to: also in the timers, promises and callbacks that it leaves behind. */
import async_hooks, { AsyncLocalStorage } from "node:async_hooks";

/** A request whose code runs on this thread. */
interface Origin {
  readonly id: number;
  /** Aborted when the request is interrupted. */
  readonly abort: AbortController;
}

interface AsyncWrap {
  clearAsyncIdStack(): void;
  readonly async_hook_fields: Uint32Array;
  readonly constants: Readonly<Record<"kTotals" | "kCheck", number>>;
}

/** Node's own bookkeeping of asynchronous calls; null where it is not to be had. */
function findAsyncWrap(): AsyncWrap | null {
  const { noDeprecation } = process;
  try {
    // Node would warn that this is deprecated, to the reader of a notebook, who cannot act on it.
    process.noDeprecation = true;
    const binding = (process as unknown as { binding(name: string): Partial<AsyncWrap> }).binding(
      "async_wrap",
    );
    const usable = binding.clearAsyncIdStack && binding.async_hook_fields && binding.constants;
    return usable ? (binding as AsyncWrap) : null;
  } catch {
    return null;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

/**
 * Where async hooks are in use, by this kernel or by the user's libraries, Node pushes an id before each continuation of
 * an `await` and pops it after. Code that is terminated in between never pops, and Node's check of the stack then aborts
 * the whole process. So the checks are switched off, as often as hooks are switched on.
 *
 * @returns empties the stack; to be called when the thread begins something new
 */
function tolerateTermination(): () => void {
  const wrap = findAsyncWrap();
  if (wrap === null) return () => {};
  const { async_hook_fields: fields, constants } = wrap;
  const prototype = Object.getPrototypeOf(async_hooks.createHook({})) as async_hooks.AsyncHook;

  const { enable } = prototype;
  prototype.enable = function () {
    enable.call(this);
    fields[constants.kTotals] = 0;
    fields[constants.kCheck] = 0;
    return this;
  };
  return wrap.clearAsyncIdStack;
}

export class Origins {
  readonly #forgetTerminated = tolerateTermination();
  readonly #storage = new AsyncLocalStorage<Origin>();
  /** Those that may still be interrupted. */
  readonly #running = new Map<number, Origin>();
  #newest: Origin = { id: 0, abort: new AbortController() };

  /** The request that the running code belongs to; the newest one for code that belongs to none. */
  get id(): number {
    return this.#current.id;
  }

  /** Aborted when the request that the running code belongs to is interrupted. */
  get signal(): AbortSignal {
    return this.#current.abort.signal;
  }

  /** Run `body`, and whatever follows from it, as part of the request `id`. */
  async run<T>(id: number, body: () => Promise<T>): Promise<T> {
    this.#forgetTerminated();
    const origin: Origin = { id, abort: new AbortController() };
    this.#newest = origin;
    this.#running.set(id, origin);
    try {
      return await this.#storage.run(origin, body);
    } finally {
      this.#running.delete(id);
    }
  }

  /** Tell the code of an interrupted request that nobody waits for it any more. */
  abort(id: number): void {
    this.#forgetTerminated();
    const origin = this.#running.get(id);
    this.#running.delete(id);
    if (origin)
      this.#storage.run(origin, () =>
        origin.abort.abort(new DOMException("The cell was interrupted.", "AbortError")),
      );
  }

  get #current(): Origin {
    return this.#storage.getStore() ?? this.#newest;
  }
}
