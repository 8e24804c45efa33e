/** What AsyncLocalStorage leaves on promises and timers, kept out of what is printed of them. */
import { inspect } from "node:util";

const BOOKKEEPING = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);

/** Node's way to let a value print itself; one that returns the value itself is printed as usual. */
function quiet(this: object): object {
  for (const symbol of Object.getOwnPropertySymbols(this))
    if (BOOKKEEPING.has(symbol.description ?? "")) Object.defineProperty(this, symbol, { enumerable: false });
  return this;
}

export function quietInspection(): void {
  const timer = setTimeout(() => {}, 0);
  const immediate = setImmediate(() => {});
  clearTimeout(timer);
  clearImmediate(immediate);
  for (const prototype of [Promise.prototype, Object.getPrototypeOf(timer), Object.getPrototypeOf(immediate)])
    Object.defineProperty(prototype as object, inspect.custom, {
      value: quiet,
      enumerable: false,
      writable: true,
      configurable: true,
    });
}
