/**
 * A ring of shared memory by which text leaves the main thread while user code runs. It is bounded: code that prints faster
 * than output can be sent waits for room. Marks in it say where, among the text, the thread's other reports belong.
 */

/** Taken before user code can change them. */
const { exchange, load, notify, store, wait } = Atomics;

/** Small, so that little is still to come when a cell that prints for ever is stopped. */
const CAPACITY = 1 << 20;
/** The longest piece, in UTF-16 units, each of which takes at most three bytes. */
const PIECE = 1 << 16;
/** How many bytes are read in one go, before the reading thread looks at its sockets again. */
const TURN = 1 << 18;
const RECORD_HEADER = 8;
const ALIGN = 8;

/** Places in the control words. */
const WRITTEN = 0;
const READ = 1;
/** 1 while the reader knows that there is something to read. */
const AWAKE = 2;

/** In the second word of a record: what it is; else the number of bytes, with a bit for stderr. */
const SKIP = -1;
const MARK = -2;
const STDERR = 1 << 30;

export interface RingMemory {
  readonly control: Int32Array;
  readonly text: SharedArrayBuffer;
}

export const createRing = (): RingMemory => ({
  control: new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)),
  text: new SharedArrayBuffer(CAPACITY),
});

const aligned = (length: number): number => (length + ALIGN - 1) & -ALIGN;

/** A piece does not end between the two halves of a character. */
function endOfPiece(text: string, from: number): number {
  const end = from + PIECE;
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
}

export class RingWriter {
  readonly #control: Int32Array;
  readonly #words: Int32Array;
  readonly #put: (text: string, at: number) => number;
  readonly #wake: () => void;

  /** @param wake tells the reader that there is something to read */
  constructor({ control, text }: RingMemory, wake: () => void) {
    this.#control = control;
    this.#words = new Int32Array(text);
    const bytes = Buffer.from(text);
    this.#put = bytes.write.bind(bytes);
    this.#wake = wake;
  }

  /** Waits, if need be, until there is room. Lone surrogates become U+FFFD: there are no bytes for them. */
  write(origin: number, name: "stdout" | "stderr", text: string): void {
    for (let from = 0; from < text.length;) {
      const to = endOfPiece(text, from);
      const piece = from === 0 && to === text.length ? text : text.slice(from, to);
      const at = this.#reserve(RECORD_HEADER + 3 * piece.length);
      const length = this.#put(piece, at + RECORD_HEADER);
      this.#publish(at, origin, name === "stderr" ? length | STDERR : length, RECORD_HEADER + length);
      from = to;
    }
    if (exchange(this.#control, AWAKE, 1) === 0) this.#wake();
  }

  /** What is written after this is read after the report with this number. */
  mark(number: number): void {
    this.#publish(this.#reserve(RECORD_HEADER), number, MARK, RECORD_HEADER);
  }

  #publish(at: number, first: number, second: number, length: number): void {
    this.#words[at >> 2] = first;
    this.#words[(at >> 2) + 1] = second;
    const end = at + aligned(length);
    // Only now does the reader see the record, so that one whose writing was cut short does not exist.
    store(this.#control, WRITTEN, end === CAPACITY ? 0 : end);
  }

  /** The place for a record of at most `length` bytes. */
  #reserve(length: number): number {
    const need = aligned(length);
    for (;;) {
      const written = load(this.#control, WRITTEN);
      const read = load(this.#control, READ);
      if (written < read) {
        if (need < read - written) return written;
      } else {
        // The ring is never quite full: "full" would look like "empty".
        if (read === 0 ? need < CAPACITY - written : need <= CAPACITY - written) return written;
        if (need < read) {
          this.#words[(written >> 2) + 1] = SKIP;
          store(this.#control, WRITTEN, 0);
          continue;
        }
      }
      this.#wake();
      wait(this.#control, READ, read);
    }
  }
}

export interface RingSink {
  /** Whether more text can be taken now. */
  hasRoom(): boolean;
  take(origin: number, name: "stdout" | "stderr", text: string): void;
}

export class RingReader {
  readonly #control: Int32Array;
  readonly #words: Int32Array;
  readonly #bytes: Buffer;
  readonly #sink: RingSink;
  #reported = 0;
  readonly #scratch = Buffer.alloc(PIECE);
  #gathered = 0;
  #origin = 0;
  #stderr = 0;

  constructor({ control, text }: RingMemory, sink: RingSink) {
    this.#control = control;
    this.#words = new Int32Array(text);
    this.#bytes = Buffer.from(text);
    this.#sink = sink;
  }

  /** Read what was written before the report `number`, room or not; call it before the report is dealt with. */
  readTo(number: number): void {
    while (this.#read(number, () => true));
    this.#reported = number;
  }

  /** Read what there is, as far as there is room and no report is due first. @returns whether anything was read */
  read(): boolean {
    return this.#read(this.#reported + 1, () => this.#sink.hasRoom());
  }

  get empty(): boolean {
    return load(this.#control, WRITTEN) === load(this.#control, READ);
  }

  /** Nothing is left: the writer is to wake the reader. @returns false when something came in between */
  sleep(): boolean {
    store(this.#control, AWAKE, 0);
    if (this.empty) return true;
    store(this.#control, AWAKE, 1);
    return false;
  }

  #read(stopAt: number, hasRoom: () => boolean): boolean {
    const start = load(this.#control, READ);
    const written = load(this.#control, WRITTEN);
    let at = start;
    for (let seen = 0; at !== written && seen < TURN && hasRoom();) {
      const first = this.#words[at >> 2]!;
      const second = this.#words[(at >> 2) + 1]!;
      if (second === SKIP) {
        at = 0;
        continue;
      }
      if (second === MARK && first >= stopAt) break;
      const length = second === MARK ? 0 : second & ~STDERR;
      const begin = at + RECORD_HEADER;
      if (second !== MARK) this.#gather(first, second & STDERR, begin, length);
      seen += RECORD_HEADER + length;
      at = begin + aligned(length);
      if (at === CAPACITY) at = 0;
    }
    this.#flush();
    if (at === start) return false;
    store(this.#control, READ, at);
    notify(this.#control, READ);
    return true;
  }

  /** Short pieces of one origin become one text: a string for each would cost more than all the rest. */
  #gather(origin: number, stderr: number, begin: number, length: number): void {
    if (origin !== this.#origin || stderr !== this.#stderr || this.#gathered + length > PIECE) this.#flush();
    this.#origin = origin;
    this.#stderr = stderr;
    if (length > PIECE) {
      this.#take(this.#bytes.toString("utf8", begin, begin + length));
    } else {
      this.#bytes.copy(this.#scratch, this.#gathered, begin, begin + length);
      this.#gathered += length;
    }
  }

  #flush(): void {
    if (this.#gathered === 0) return;
    const text = this.#scratch.toString("utf8", 0, this.#gathered);
    this.#gathered = 0;
    this.#take(text);
  }

  #take(text: string): void {
    this.#sink.take(this.#origin, this.#stderr === 0 ? "stdout" : "stderr", text);
  }
}
