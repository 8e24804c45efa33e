/** Showing a computation while it runs: at most so many pictures a second, however fast it goes. */
import { OptionError } from "../errors.js";

/** Something on the screen whose place another value may take: what a kernel's `display` returns. */
export interface Shown {
  update(value: unknown): unknown;
}

/** Puts a value on the screen: a kernel's `display`. */
export type Show = (value: unknown) => Shown;

/** A burst of messages is dropped by Jupyter's server, and a reader sees no more than this. */
const PER_SECOND = 10;

/**
 * A place on the screen that is filled at the first value and changed by later ones.
 * @param now milliseconds, as performance.now
 */
export class LivePlace {
  readonly #show: Show;
  readonly #now: () => number;
  #shown: Shown | undefined;
  #last = -Infinity;

  /** @throws OptionError when `show` is no function */
  constructor(show: Show, now: () => number = () => performance.now()) {
    if (typeof show !== "function")
      throw new OptionError("live should be a function that shows a value, such as the kernel's display.");
    this.#show = show;
    this.#now = now;
  }

  /** Whether a picture may be made now: making one costs, so ask before. */
  get isDue(): boolean {
    return this.#now() - this.#last >= 1000 / PER_SECOND;
  }

  put(value: unknown): void {
    // From the end of the last: where showing itself takes long, the computation still gets its turn.
    if (this.#shown === undefined) this.#shown = this.#show(value);
    else this.#shown.update(value);
    this.#last = this.#now();
  }
}
