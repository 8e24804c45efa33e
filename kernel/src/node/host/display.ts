/** `display(value)`: show a value now, and change it later. */
import { randomUUID } from "node:crypto";

import type { MimeBundle } from "../../core/ports.js";
import { checkBundle, toBundle } from "./mime-bundle.js";

export interface DisplayOptions {
  /** A name by which a later call with `update: true` changes what this call showed. */
  readonly id?: string;
  /** Change the display with this id, wherever it stands, instead of showing a new one. */
  readonly update?: boolean;
  /** The value is a MIME bundle: one entry per MIME type, binary ones as Uint8Array. */
  readonly raw?: boolean;
}

/** What `display` returns. As the value of a cell it shows nothing: the display itself has been shown. */
export class DisplayHandle {
  readonly id: string;
  readonly #show: (value: unknown) => Promise<void>;

  constructor(id: string, show: (value: unknown) => Promise<void>) {
    this.id = id;
    this.#show = show;
  }

  /** Show `value` in the place of what is there. */
  update(value: unknown): Promise<void> {
    return this.#show(value);
  }
}

export type Display = (value: unknown, options?: DisplayOptions) => DisplayHandle;

type Send = (bundle: MimeBundle, displayId: string, update: boolean) => void;

/**
 * @param lateError told when a value's display method fails
 * @returns the function for user code, and a promise of when all displays begun so far are sent
 */
export function createDisplay(
  send: Send,
  lateError: (error: unknown) => void,
): { readonly display: Display; readonly settled: () => Promise<void> } {
  // A display method may be asynchronous; those that come after it wait, so that all keep their order.
  let chain: Promise<void> = Promise.resolve();
  let waiting = 0;

  const show = (value: unknown, id: string, update: boolean, raw: boolean): Promise<void> => {
    const bundle = raw ? { data: checkBundle(value), metadata: {} } : toBundle(value, lateError);
    if (waiting === 0 && !(bundle instanceof Promise)) {
      send(bundle, id, update);
      return chain;
    }
    waiting += 1;
    chain = chain
      .then(async () => send(await bundle, id, update))
      .catch(lateError)
      .finally(() => (waiting -= 1));
    return chain;
  };

  const display: Display = (value, { id = randomUUID(), update = false, raw = false } = {}) => {
    void show(value, id, update, raw);
    return new DisplayHandle(id, (next) => show(next, id, true, raw));
  };
  return { display, settled: () => chain };
}
