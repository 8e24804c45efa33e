/** The cells that have run: which request each came from and what its text was. */
import type { Message } from "./message.js";
import type { MimeBundle } from "./ports.js";

export interface CellRecord {
  readonly id: number;
  readonly request: Message;
  /** The text that the user wrote; empty for requests that are not cells (comm messages). */
  readonly source: string;
  /** What stack traces call it: "Cell 3". */
  readonly label: string;
  /** What it gave to the front end's pager. */
  readonly pages: MimeBundle[];
}

/** How many records are kept for late output and for stack frames of functions defined long ago. */
const KEPT = 2000;

export class Cells {
  #lastId = 0;
  readonly #records = new Map<number, CellRecord>();

  add(request: Message, source: string, label: string): CellRecord {
    const record: CellRecord = { id: ++this.#lastId, request, source, label, pages: [] };
    this.#records.set(record.id, record);
    if (this.#records.size > KEPT) {
      const oldest = this.#records.keys().next();
      if (!oldest.done) this.#records.delete(oldest.value);
    }
    return record;
  }

  get(id: number): CellRecord | undefined {
    return this.#records.get(id);
  }

  /** The request to name as parent of output of `id`; the newest one when the record is gone. */
  parentOf(id: number): Message | null {
    return (this.#records.get(id) ?? this.#records.get(this.#lastId))?.request ?? null;
  }
}
