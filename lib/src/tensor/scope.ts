/** Scopes of memory: what was made in one and is not needed after it is given back at its end. */
import type { Storage } from "../engine/engine.js";

const kept = new WeakSet<Storage>();
let innermost: Set<Storage> | null = null;

export const scopes = {
  /** New storage belongs to the innermost scope. */
  made(storage: Storage): void {
    innermost?.add(storage);
  },

  /** It outlives the scopes. */
  keep(storage: Storage): void {
    kept.add(storage);
  },

  isKept: (storage: Storage): boolean => kept.has(storage),

  /**
   * Run `body`; then dispose what was made in it, but for what is kept and for `escaping(result)`, which belongs to the scope
   * around this one from then on. After an error everything is disposed.
   */
  within<T>(body: () => T, escaping: (result: T) => Iterable<Storage>): T {
    const outer = innermost;
    const own = new Set<Storage>();
    innermost = own;
    try {
      const result = body();
      for (const storage of escaping(result)) if (own.delete(storage)) outer?.add(storage);
      return result;
    } finally {
      innermost = outer;
      for (const storage of own) if (!kept.has(storage)) storage.dispose();
    }
  },
};
