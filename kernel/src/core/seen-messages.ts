/** The messages that have come, so that one that is sent again does nothing again. */
import type { Message } from "./message.js";

/** The oldest are forgotten; a replay of one of them would need a recording of the whole session since. */
const REMEMBERED = 1 << 16;

export class SeenMessages {
  readonly #seen = new Set<string>();

  /** @returns false when the message has come before */
  add({ header }: Message): boolean {
    const key = `${header.session}/${header.msg_id}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value!);
    return true;
  }
}
