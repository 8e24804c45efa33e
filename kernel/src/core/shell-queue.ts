/** Requests that wait their turn: one at a time, in order of arrival; waiting cells can be aborted together. */

interface Entry {
  readonly abortable: boolean;
  readonly run: () => Promise<void>;
  readonly abort: () => void;
}

export class ShellQueue {
  readonly #entries: Entry[] = [];
  #running = false;

  push(entry: Entry): void {
    this.#entries.push(entry);
    if (!this.#running) void this.#work();
  }

  /** Abort every abortable request that is waiting now; the others keep their places. */
  abortWaiting(): void {
    const waiting = this.#entries.splice(0);
    for (const entry of waiting) {
      if (entry.abortable) entry.abort();
      else this.#entries.push(entry);
    }
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let entry = this.#entries.shift(); entry !== undefined; entry = this.#entries.shift())
      await entry.run();
    this.#running = false;
  }
}
