/** The one ordered outgoing queue: a single send in flight, consecutive stream text coalesced, nothing dropped. */
import type { Channel, Message, Outgoing } from "./message.js";
import type { Transport } from "./ports.js";

/** At most one stream message in this time while code prints without pause (servers throttle bursts). */
const STREAM_INTERVAL_MS = 20;
/** Text beyond this starts a new stream message, so that no single message grows without bound. */
const STREAM_LIMIT = 1 << 20;
/** What a message that is not text counts for in the backlog. */
const PLAIN_WEIGHT = 1 << 12;

interface Plain {
  readonly kind: "plain";
  readonly channel: Channel;
  readonly message: Outgoing;
}

interface Stream {
  readonly kind: "stream";
  readonly name: "stdout" | "stderr";
  readonly parent: Message | null;
  readonly chunks: string[];
  length: number;
}

export interface Clock {
  now(): number;
  /** Calls back after `ms`; returns a function that cancels. */
  after(ms: number, callback: () => void): () => void;
}

export class OutputQueue {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #items: (Plain | Stream)[] = [];
  /** Called when a message has been sent: there is room again. */
  onSent: () => void = () => {};
  #backlog = 0;
  #sending = false;
  #lastStream = -Infinity;
  #cancelTimer: (() => void) | null = null;
  #drained: (() => void)[] = [];

  constructor(transport: Transport, clock: Clock, onError: (error: unknown) => void) {
    this.#transport = transport;
    this.#clock = clock;
    this.#onError = onError;
  }

  /** How much waits to be sent: characters of text, and something for each message. */
  get backlog(): number {
    return this.#backlog;
  }

  push(channel: Channel, message: Outgoing): void {
    this.#items.push({ kind: "plain", channel, message });
    this.#backlog += PLAIN_WEIGHT;
    this.#pump();
  }

  pushStream(parent: Message | null, name: "stdout" | "stderr", text: string): void {
    this.#backlog += text.length;
    const last = this.#items.at(-1);
    if (
      last?.kind === "stream" &&
      last.name === name &&
      last.parent === parent &&
      last.length < STREAM_LIMIT
    ) {
      last.chunks.push(text);
      last.length += text.length;
    } else {
      this.#items.push({ kind: "stream", name, parent, chunks: [text], length: text.length });
    }
    this.#pump();
  }

  /** Resolves when everything pushed so far has been sent. */
  drain(): Promise<void> {
    if (this.#items.length === 0 && !this.#sending) return Promise.resolve();
    this.#lastStream = -Infinity;
    this.#pump();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #pump(): void {
    if (this.#sending) return;
    const head = this.#items[0];
    if (head === undefined) {
      for (const resolve of this.#drained.splice(0)) resolve();
      return;
    }
    if (head.kind === "stream" && this.#items.length === 1 && head.length < STREAM_LIMIT) {
      const wait = this.#lastStream + STREAM_INTERVAL_MS - this.#clock.now();
      if (wait > 0 && this.#drained.length === 0) {
        this.#cancelTimer ??= this.#clock.after(wait, () => {
          this.#cancelTimer = null;
          this.#pump();
        });
        return;
      }
    }
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#items.shift();
    this.#backlog -= head.kind === "stream" ? head.length : PLAIN_WEIGHT;
    this.#sending = true;
    if (head.kind === "stream") this.#lastStream = this.#clock.now();
    this.#send(head).then(
      () => this.#sent(),
      (error: unknown) => {
        this.#onError(error);
        this.#sent();
      },
    );
  }

  #sent(): void {
    this.#sending = false;
    this.#pump();
    this.onSent();
  }

  #send(item: Plain | Stream): Promise<void> {
    if (item.kind === "plain") return this.#transport.send(item.channel, item.message);
    return this.#transport.send("iopub", {
      type: "stream",
      parent: item.parent,
      content: { name: item.name, text: item.chunks.join("") },
    });
  }
}
