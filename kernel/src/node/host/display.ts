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
  readonly #show: (value: unknown) => void;

  constructor(id: string, show: (value: unknown) => void) {
    this.id = id;
    this.#show = show;
  }

  /** Show `value` in the place of what is there. */
  update(value: unknown): this {
    this.#show(value);
    return this;
  }
}

export type Display = (value: unknown, options?: DisplayOptions) => DisplayHandle;

export interface Displays {
  /** For user code. */
  readonly display: Display;
  /** Resolves when all displays that the present request began have been sent. */
  readonly settled: () => Promise<void>;
}

type Send = (bundle: MimeBundle, displayId: string, update: boolean) => void;

/**
 * @param origin the request that the running code belongs to
 * @param lateError told when a value's display method fails
 */
export function createDisplay(
  send: Send,
  origin: () => number,
  lateError: (error: unknown) => void,
): Displays {
  /**
   * A display method may be asynchronous; those of the same request that come after it wait, so that all keep their order.
   * By request: one that was interrupted, or that waits on another shell, holds up no other.
   */
  const chains = new Map<number, Promise<void>>();

  const show = (value: unknown, id: string, update: boolean, raw: Json | null): void => {
    const bundle = raw ? { data: checkBundle(value), metadata: raw } : toBundle(value, lateError);
    const request = origin();
    const before = chains.get(request);
    if (before === undefined && !(bundle instanceof Promise)) return send(bundle, id, update);
    const chain = Promise.resolve(before)
      .then(async () => send(await bundle, id, update))
      .catch(lateError)
      .finally(() => {
        if (chains.get(request) === chain) chains.delete(request);
      });
    chains.set(request, chain);
  };

  const display: Display = (
    value,
    { id = randomUUID(), update = false, raw = false, metadata = {} } = {},
  ) => {
    const rawMetadata = raw ? metadata : null;
    show(value, id, update, rawMetadata);
    return new DisplayHandle(id, (next) => show(next, id, true, rawMetadata));
  };
  return { display, settled: () => Promise.resolve(chains.get(origin())) };
}
