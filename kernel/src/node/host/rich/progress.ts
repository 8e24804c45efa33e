/** `progress(items)`: a loop that shows how far it is. */
import type { DisplayHandle } from "../display.js";
import { escapeHtml } from "./table.js";

export interface ProgressOptions {
  /** What is being done. */
  readonly label?: string;
  /** How many steps there are, where the items do not tell. */
  readonly total?: number;
}

/** As often as an eye can follow. */
const INTERVAL_MS = 100;
const BAR = 24;

export type Ending = "running" | "done" | "stopped";

/** A moment of a loop. */
export interface Moment {
  readonly label: string;
  readonly count: number;
  readonly total: number | null;
  readonly seconds: number;
  readonly state: Ending;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function rateOf({ count, seconds }: Moment): string {
  const rate = count / seconds;
  if (!Number.isFinite(rate) || count === 0) return "";
  return rate >= 1
    ? `${rate >= 100 ? rate.toFixed(0) : rate.toFixed(1)} a second`
    : `${duration(1 / rate)} each`;
}

/** "12 of 80 · 3.1 a second · 22 s left" */
function wordsOf(moment: Moment): string {
  const { count, total, seconds, state } = moment;
  const place = total === null ? String(count) : `${count} of ${total}`;
  if (state === "done") return [place, `in ${duration(seconds)}`].join(" ");
  const left =
    state === "running" && total !== null && count > 0
      ? `${duration(((total - count) * seconds) / count)} left`
      : "";
  return [state === "stopped" ? `stopped at ${place}` : place, rateOf(moment), left]
    .filter(Boolean)
    .join(" · ");
}

export function progressBundle(moment: Moment): Record<string, string> {
  const { label, count, total, state } = moment;
  const words = wordsOf(moment);
  const filled = total === null || total === 0 ? 0 : Math.min(BAR, Math.round((BAR * count) / total));
  const bar = total === null ? "" : `${"█".repeat(filled)}${"░".repeat(BAR - filled)} `;
  const element =
    total === null
      ? state === "running"
        ? "<progress></progress>"
        : ""
      : `<progress value="${Math.min(count, total)}" max="${Math.max(total, 1)}"></progress>`;
  return {
    "text/html": `<div>${[label && escapeHtml(label), element, words].filter(Boolean).join(" ")}</div>`,
    "text/plain": `${label && `${label} `}${bar}${words}`,
  };
}

function totalOf(items: unknown): number | null {
  const { length, size } = items as { length?: unknown; size?: unknown };
  const known = length ?? size;
  return typeof known === "number" ? known : null;
}

function* upTo(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

export interface Progress {
  /** Go over `items` and show how far the loop is: a bar, the rate, the time that remains. A number n means 0 … n − 1. */
  (items: number, options?: ProgressOptions): IterableIterator<number>;
  <T>(items: Iterable<T>, options?: ProgressOptions): IterableIterator<T>;
  <T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterableIterator<T>;
}

type Show = (bundle: Record<string, string>) => DisplayHandle;

export function createProgress(
  show: Show,
  update: (handle: DisplayHandle, bundle: Record<string, string>) => void,
): Progress {
  class Bar {
    readonly #started = performance.now();
    readonly #handle: DisplayHandle;
    readonly #label: string;
    readonly #total: number | null;
    #count = 0;
    #shown = performance.now();

    constructor(label: string, total: number | null) {
      this.#label = label;
      this.#total = total;
      this.#handle = show(this.#bundle("running"));
    }

    advance(): void {
      this.#count += 1;
      const now = performance.now();
      if (now - this.#shown < INTERVAL_MS) return;
      this.#shown = now;
      update(this.#handle, this.#bundle("running"));
    }

    end(state: Ending): void {
      update(this.#handle, this.#bundle(state));
    }

    #bundle(state: Ending): Record<string, string> {
      const seconds = (performance.now() - this.#started) / 1000;
      return progressBundle({ label: this.#label, count: this.#count, total: this.#total, seconds, state });
    }
  }

  function* through<T>(items: Iterable<T>, bar: () => Bar): Generator<T> {
    const shown = bar();
    let ending: Ending = "stopped";
    try {
      for (const item of items) {
        yield item;
        shown.advance();
      }
      ending = "done";
    } finally {
      shown.end(ending);
    }
  }

  async function* throughAsync<T>(items: AsyncIterable<T>, bar: () => Bar): AsyncGenerator<T> {
    const shown = bar();
    let ending: Ending = "stopped";
    try {
      for await (const item of items) {
        yield item;
        shown.advance();
      }
      ending = "done";
    } finally {
      shown.end(ending);
    }
  }

  const progress = (items: unknown, { label = "", total }: ProgressOptions = {}) => {
    const given = typeof items === "number" ? upTo(items) : items;
    const known = total ?? (typeof items === "number" ? items : totalOf(items ?? {}));
    const bar = () => new Bar(label, known);
    if (typeof given === "object" && given !== null && Symbol.asyncIterator in given)
      return throughAsync(given as AsyncIterable<unknown>, bar);
    if (given === null || given === undefined || !(Symbol.iterator in Object(given)))
      throw new TypeError("progress takes what a for loop can go over, or a number of steps.");
    return through(given as Iterable<unknown>, bar);
  };
  return progress as Progress;
}
