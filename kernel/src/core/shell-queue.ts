/** Requests that wait their turn: one at a time, in order of arrival; waiting cells can be aborted together. */

interface Request {
  readonly abortable: boolean;
  readonly run: () => Promise<void>;
  readonly abort: () => void;
}

interface Entry extends Request {
  aborted: boolean;
}

export class ShellQueue {
  readonly #entries: Entry[] = [];
  #running = false;

  push(request: Request): void {
    this.#entries.push({ ...request, aborted: false });
    if (!this.#running) void this.#work();
  }

  /** The abortable requests that wait now are aborted when their turns come: after the end of the one that runs. */
  abortWaiting(): void {
    for (const entry of this.#entries) entry.aborted ||= entry.abortable;
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let entry = this.#entries.shift(); entry !== undefined; entry = this.#entries.shift())
      if (entry.aborted) entry.abort();
      else await entry.run();
    this.#running = false;
  }
}
