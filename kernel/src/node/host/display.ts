/** `display(value)`: show a value now, and change it later. */
import { randomUUID } from "node:crypto";

import type { Json } from "../../core/message.js";
import type { MimeBundle } from "../../core/ports.js";
import { checkBundle, toBundle } from "./mime-bundle.js";

export interface DisplayOptions {
  /** A name by which a later call with `update: true` changes what this call showed. */
  readonly id?: string;
  /** Change the display with this id, wherever it stands, instead of showing a new one. */
  readonly update?: boolean;
  /** The value is a MIME bundle: one entry per MIME type, binary ones as Uint8Array. */
  readonly raw?: boolean;
  /** With `raw`: what goes beside the bundle, by MIME type; the width of an image, say. */
  readonly metadata?: Json;
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
  update(value: unknown): this {
    void this.#show(value);
    return this;
  }
}

export type Display = (value: unknown, options?: DisplayOptions) => DisplayHandle;

export interface Displays {
  /** For user code. */
  readonly display: Display;
  /** A request begins: it does not wait for what an interrupted one left unfinished. */
  readonly begin: () => void;
  /** Resolves when all displays that this request began have been sent. */
  readonly settled: () => Promise<void>;
}

type Send = (bundle: MimeBundle, displayId: string, update: boolean) => void;

/**
 * @param lateError told when a value's display method fails
 */
export function createDisplay(send: Send, lateError: (error: unknown) => void): Displays {
  // A display method may be asynchronous; those that come after it wait, so that all keep their order.
  let chain: Promise<void> = Promise.resolve();
  /** The number of the last display in the chain; 0 when the chain is at its end. */
  let waiting = 0;

  const show = (value: unknown, id: string, update: boolean, raw: Json | null): Promise<void> => {
    const bundle = raw ? { data: checkBundle(value), metadata: raw } : toBundle(value, lateError);
    if (waiting === 0 && !(bundle instanceof Promise)) {
      send(bundle, id, update);
      return chain;
    }
    const mine = ++waiting;
    chain = chain
      .then(async () => send(await bundle, id, update))
      .catch(lateError)
      .finally(() => {
        if (mine === waiting) waiting = 0;
      });
    return chain;
  };

  const display: Display = (
    value,
    { id = randomUUID(), update = false, raw = false, metadata = {} } = {},
  ) => {
    const rawMetadata = raw ? metadata : null;
    void show(value, id, update, rawMetadata);
    return new DisplayHandle(id, (next) => show(next, id, true, rawMetadata));
  };
  const begin = () => {
    chain = Promise.resolve();
    waiting = 0;
  };
  return { display, begin, settled: () => chain };
}
