/** Comms for user code: listen on a target, open a comm, send data and binary buffers both ways. */
import { randomUUID } from "node:crypto";

import type { Json } from "../../core/message.js";
import type { CommEvent, Outcome } from "../../core/ports.js";
import { thrownOutcome } from "./thrown-error.js";

export interface CommMessage {
  /** What the other side sent: any JSON; cells read it without having to prove what it is. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON from outside, as JSON.parse types it
  readonly data: Record<string, any>;
  readonly metadata: Json;
  readonly buffers: readonly Uint8Array[];
}

type Handler = (message: CommMessage) => unknown;

/** What goes with a message: JSON metadata, and binary buffers that travel beside the JSON. */
export interface CommExtras {
  readonly metadata?: Json;
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

export interface Comm {
  readonly id: string;
  readonly target: string;
  /** Called with every message from the other side. */
  onMessage: Handler;
  onClose: Handler;
  send(data: Json, extras?: CommExtras): void;
  close(data?: Json, extras?: CommExtras): void;
}

export interface CommApi {
  /** Listen on `target`: `onOpen` is called with every comm that a client opens there. Replaces an earlier listener. */
  register(target: string, onOpen: (comm: Comm, open: CommMessage) => unknown): void;
  unregister(target: string): void;
  /** Open a comm to the clients that listen on `target`. */
  open(target: string, data?: Json, extras?: CommExtras): Comm;
}

const ignore: Handler = () => {};

function bytesOf(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  // A copy: the sender may go on writing into its array while the message is under way.
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice()
    : new Uint8Array(buffer).slice();
}

export class CommHost {
  readonly #send: (event: CommEvent) => void;
  readonly #announce: (target: string, registered: boolean) => void;
  readonly #listeners = new Map<string, (comm: Comm, open: CommMessage) => unknown>();
  readonly #comms = new Map<string, Comm>();

  constructor(send: (event: CommEvent) => void, announce: (target: string, registered: boolean) => void) {
    this.#send = send;
    this.#announce = announce;
  }

  readonly api: CommApi = {
    register: (target, onOpen) => {
      this.#listeners.set(target, onOpen);
      this.#announce(target, true);
    },
    unregister: (target) => {
      this.#listeners.delete(target);
      this.#announce(target, false);
    },
    open: (target, data = {}, extras = {}) => {
      const comm = this.#create(randomUUID(), target);
      this.#emit("open", comm, data, extras);
      return comm;
    },
  };

  /** Hand an event from a client to the code that listens for it. */
  async deliver(event: CommEvent, settled: () => Promise<void>): Promise<Outcome> {
    try {
      await this.#dispatch(event);
      await settled();
      return { status: "ok", result: null };
    } catch (error) {
      return thrownOutcome(error);
    }
  }

  #dispatch(event: CommEvent): unknown {
    const { kind, commId, target, data, metadata, buffers } = event;
    const message: CommMessage = { data, metadata, buffers };
    if (kind === "open") return this.#listeners.get(target)?.(this.#create(commId, target), message);
    const comm = this.#comms.get(commId);
    if (kind === "msg") return comm?.onMessage(message);
    this.#comms.delete(commId);
    return comm?.onClose(message);
  }

  #create(id: string, target: string): Comm {
    const comm: Comm = {
      id,
      target,
      onMessage: ignore,
      onClose: ignore,
      send: (data, extras = {}) => this.#emit("msg", comm, data, extras),
      close: (data = {}, extras = {}) => {
        if (this.#comms.delete(id)) this.#emit("close", comm, data, extras);
      },
    };
    this.#comms.set(id, comm);
    return comm;
  }

  #emit(
    kind: CommEvent["kind"],
    { id, target }: Comm,
    data: Json,
    { metadata = {}, buffers = [] }: CommExtras,
  ): void {
    this.#send({ kind, commId: id, target, data, metadata, buffers: buffers.map(bytesOf) });
  }
}
