/** The transport over ZeroMQ: binds the sockets of the connection file, passes messages in and out. */
import { randomUUID } from "node:crypto";

import { Reply, Router, XPublisher } from "zeromq";

import type { Channel, Message, Outgoing, RequestChannel } from "../core/message.js";
import type { Transport } from "../core/ports.js";
import { addressOf, type Connection } from "./connection-file.js";
import { Replays } from "./replays.js";
import { createSigner, decode, encode, signatureOf, type Signer } from "./wire.js";

/** No limit: a socket at its high-water mark would drop messages silently. */
const NO_LIMIT = { sendHighWaterMark: 0, receiveHighWaterMark: 0 };
/** How long a closing socket goes on sending what it has taken. */
const LINGER_MS = 500;

export interface TransportHandlers {
  receive(channel: RequestChannel, message: Message): void;
  /** A client subscribed to output. */
  subscribed(topic: Uint8Array): void;
  log(line: string): void;
}

export class ZmqTransport implements Transport {
  readonly #connection: Connection;
  readonly #signer: Signer;
  readonly #replays = new Replays();
  readonly #session = randomUUID();
  readonly #requests: Readonly<Record<RequestChannel, Router>>;
  readonly #iopub = new XPublisher({ ...NO_LIMIT, linger: LINGER_MS });
  readonly #heartbeat = new Reply({ linger: 0 });

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#signer = createSigner(connection.key, connection.signatureScheme);
    // A reply to a client that has gone is dropped, which is Router's default.
    const router = () => new Router({ ...NO_LIMIT, linger: LINGER_MS, handover: true });
    this.#requests = { shell: router(), control: router(), stdin: router() };
  }

  /** Bind every socket and begin to pass messages to `handlers`. */
  async open(handlers: TransportHandlers): Promise<void> {
    const { shell, control, stdin } = this.#requests;
    const sockets = { shell, control, stdin, iopub: this.#iopub, hb: this.#heartbeat };
    await Promise.all(
      Object.entries(sockets).map(([name, socket]) =>
        socket.bind(addressOf(this.#connection, name as keyof typeof sockets)),
      ),
    );
    const channels: readonly RequestChannel[] = ["shell", "control", "stdin"];
    const loops = [
      ...channels.map((channel) => this.#receive(channel, handlers)),
      this.#watch(handlers),
      this.#beat(),
    ];
    for (const loop of loops)
      loop.catch((error: unknown) => handlers.log(`A socket stopped: ${String(error)}`));
  }

  async send(channel: Channel, message: Outgoing): Promise<void> {
    if (channel === "iopub") {
      const topic = Buffer.from(message.topic ?? `kernel.${this.#session}.${message.type}`);
      await this.#iopub.send(encode(message, this.#signer, this.#session, [topic]));
    } else {
      const identities = message.parent?.identities ?? [];
      await this.#requests[channel].send(encode(message, this.#signer, this.#session, identities));
    }
  }

  close(): void {
    for (const socket of [...Object.values(this.#requests), this.#iopub, this.#heartbeat]) socket.close();
  }

  async #receive(channel: RequestChannel, handlers: TransportHandlers): Promise<void> {
    for await (const frames of this.#requests[channel]) {
      let message: Message;
      try {
        message = decode(frames, this.#signer);
      } catch (error) {
        handlers.log(`A message on ${channel} was dropped: ${(error as Error).message}`);
        continue;
      }
      if (this.#replays.has(signatureOf(frames)))
        handlers.log(`A ${message.header.msg_type} came a second time on ${channel}; ignored.`);
      else handlers.receive(channel, message);
    }
  }

  async #watch(handlers: TransportHandlers): Promise<void> {
    for await (const [event] of this.#iopub) if (event?.[0] === 1) handlers.subscribed(event.subarray(1));
  }

  async #beat(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }
}
