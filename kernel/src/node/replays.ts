/** The signatures that have come, so that a message that was recorded and is sent again does nothing again. */

/** The oldest are forgotten; to replay one of them takes a recording of a long session. */
const REMEMBERED = 1 << 16;

/**
 * By signature, not by message id: jupyter_client's kernel manager and its clients count their messages each for itself
 * under one session, so that two different messages may have the same id. A signature covers the date, too.
 */
export class Replays {
  readonly #seen = new Set<string>();

  /** @returns true when a message with this signature has come before; unsigned ones are all new */
  has(signature: string): boolean {
    if (signature === "") return false;
    if (this.#seen.has(signature)) return true;
    this.#seen.add(signature);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value!);
    return false;
  }
}
