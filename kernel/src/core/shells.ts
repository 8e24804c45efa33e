/** The main shell and its subshells (JEP 91): each runs its own requests one after the other, beside the others. */
import type { Message } from "./message.js";
import { ShellQueue } from "./shell-queue.js";

export class Shells {
  readonly #main = new ShellQueue();
  readonly #subshells = new Map<string, ShellQueue>();
  #created = 0;

  /** @returns the id of a new subshell */
  create(): string {
    const id = `subshell-${++this.#created}`;
    this.#subshells.set(id, new ShellQueue());
    return id;
  }

  /** Cells that wait there are aborted; what runs there comes to its end. @returns false when there is no such subshell */
  delete(id: string): boolean {
    this.#subshells.get(id)?.abortWaiting();
    return this.#subshells.delete(id);
  }

  list(): string[] {
    return [...this.#subshells.keys()];
  }

  /** The queue that a request names; null when there is no such subshell. */
  queueOf({ header }: Message): ShellQueue | null {
    const id = header.subshell_id ?? null;
    return id === null ? this.#main : (this.#subshells.get(id) ?? null);
  }
}
