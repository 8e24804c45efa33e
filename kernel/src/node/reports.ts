/** The main thread's reports on their way to the I/O thread: text through shared memory, the rest by messages, in one order. */
import type { MessagePort, Worker } from "node:worker_threads";

import type { Report } from "./channel.js";
import { createRing, type RingMemory, RingReader, type RingSink, RingWriter } from "./output-ring.js";

export interface ReportMemory {
  readonly ring: RingMemory;
  /** How many events have been reported but not yet sent on. */
  readonly waiting: Int32Array;
}

export const createReportMemory = (): ReportMemory => ({
  ring: createRing(),
  waiting: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
});

/** A message between the threads: a report with its number, or null: "there is text". */
export type Envelope = { readonly number: number; readonly report: Report } | null;

/** Code that shows values faster than they can be sent waits when so many are under way. */
const MOST_WAITING = 200;
/** How often text that waits for room, or for its report, is looked at. */
const POLL_MS = 4;

const { add, load, notify, sub, wait } = Atomics;

export class ReportSender {
  readonly #post: (envelope: Envelope) => void;
  readonly #waiting: Int32Array;
  readonly #ring: RingWriter;
  #number = 0;

  constructor(worker: Worker, { ring, waiting }: ReportMemory) {
    this.#post = worker.postMessage.bind(worker);
    this.#waiting = waiting;
    this.#ring = new RingWriter(ring, () => this.#post(null));
  }

  send(report: Report): void {
    if (report.type === "event")
      for (let count; (count = load(this.#waiting, 0)) >= MOST_WAITING;) wait(this.#waiting, 0, count);
    const number = ++this.#number;
    this.#post({ number, report });
    // Counted after the message, too: code may be stopped in between, and a report that never comes would be waited for.
    if (report.type === "event") add(this.#waiting, 0, 1);
    // After the message: a mark whose report never comes would hold back everything.
    this.#ring.mark(number);
  }

  write(origin: number, name: "stdout" | "stderr", text: string): void {
    this.#ring.write(origin, name, text);
  }
}

export class ReportReceiver {
  readonly #ring: RingReader;
  readonly #waiting: Int32Array;
  readonly #hasRoom: () => boolean;
  #unacknowledged = 0;
  #due = false;

  constructor(
    port: MessagePort,
    { ring, waiting }: ReportMemory,
    sink: RingSink & { report(report: Report): void },
  ) {
    this.#waiting = waiting;
    this.#hasRoom = () => sink.hasRoom();
    this.#ring = new RingReader(ring, sink);
    port.on("message", (envelope: Envelope) => {
      if (envelope === null) return this.proceed();
      this.#ring.readTo(envelope.number);
      if (envelope.report.type === "event") this.#unacknowledged++;
      sink.report(envelope.report);
      this.proceed();
    });
  }

  /** There may be room again. */
  proceed(): void {
    if (this.#unacknowledged > 0 && this.#hasRoom()) {
      sub(this.#waiting, 0, this.#unacknowledged);
      notify(this.#waiting, 0);
      this.#unacknowledged = 0;
    }
    const some = this.#ring.read();
    if (some && !this.#ring.empty) this.#again(setImmediate);
    else if (some || !this.#ring.sleep()) this.#again((callback) => setTimeout(callback, POLL_MS));
  }

  #again(later: (callback: () => void) => unknown): void {
    if (this.#due) return;
    this.#due = true;
    later(() => {
      this.#due = false;
      this.proceed();
    });
  }
}
