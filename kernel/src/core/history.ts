/** What has been typed: in this session and in earlier ones, as history requests ask for it. */
import { globTest } from "./glob.js";

/** One cell that was run. */
export interface HistoryEntry {
  /** The run of a kernel it belongs to; a later run has a larger number. */
  readonly session: number;
  /** Its execution count there. */
  readonly line: number;
  readonly source: string;
}

/** Where entries outlive the kernel. */
export interface HistoryStore {
  /** The entries of earlier sessions, oldest first. */
  load(): readonly HistoryEntry[];
  append(entry: HistoryEntry): void;
}

/** Keeps nothing: history is then this session's alone. */
export const forgetfulStore: HistoryStore = { load: () => [], append: () => {} };

/** Entries of this session that are kept in memory; the oldest are forgotten first. */
const KEPT = 10_000;
/** A result is kept as the text that was shown, cut here. */
const OUTPUT_LENGTH = 10_000;

export interface FoundEntry extends HistoryEntry {
  /** The result as text, where this session still knows it. */
  readonly output: string | null;
}

export class History {
  readonly #store: HistoryStore;
  readonly #session: number;
  #earlier: readonly HistoryEntry[] | null = null;
  readonly #own: HistoryEntry[] = [];
  readonly #outputs = new Map<number, string>();

  /** @param session the number of this session; larger than those of the sessions in `store` */
  constructor(store: HistoryStore, session: number) {
    this.#store = store;
    this.#session = session;
  }

  record(line: number, source: string): void {
    const entry = { session: this.#session, line, source };
    this.#own.push(entry);
    if (this.#own.length > KEPT) this.#outputs.delete(this.#own.shift()!.line);
    this.#store.append(entry);
  }

  setOutput(line: number, text: string): void {
    this.#outputs.set(line, text.slice(0, OUTPUT_LENGTH));
  }

  /** The last `count` entries, the newest last. */
  tail(count: number): FoundEntry[] {
    return this.#found(lastOf(this.#all(), count));
  }

  /**
   * The lines `start` to `stop` (exclusive; null: to the end) of a session.
   *
   * @param session its number; 0 is this session, -1 the one before it, and so on
   */
  range(session: number, start: number, stop: number | null): FoundEntry[] {
    const wanted = session > 0 ? session : this.#before(-session);
    return this.#found(
      this.#all().filter(
        (entry) => entry.session === wanted && entry.line >= start && (stop === null || entry.line < stop),
      ),
    );
  }

  /** The last `count` entries (null: all) whose text matches `pattern`; with `unique`, each text once, where it came last. */
  search(pattern: string, count: number | null, unique: boolean): FoundEntry[] {
    const matches = globTest(pattern);
    let entries = this.#all().filter(({ source }) => matches(source));
    if (unique) entries = [...new Map(entries.map((entry) => [entry.source, entry])).values()].sort(inOrder);
    return this.#found(count === null ? entries : lastOf(entries, count));
  }

  #all(): readonly HistoryEntry[] {
    // Read when it is first asked for: most kernels never are.
    this.#earlier ??= this.#store.load().filter(({ session }) => session !== this.#session);
    return [...this.#earlier, ...this.#own];
  }

  #before(back: number): number | undefined {
    if (back === 0) return this.#session;
    const earlier = [...new Set(this.#all().map(({ session }) => session))].filter(
      (s) => s !== this.#session,
    );
    return earlier.sort((a, b) => b - a)[back - 1];
  }

  #found(entries: readonly HistoryEntry[]): FoundEntry[] {
    return entries.map((entry) => ({
      ...entry,
      output: entry.session === this.#session ? (this.#outputs.get(entry.line) ?? null) : null,
    }));
  }
}

const inOrder = (a: HistoryEntry, b: HistoryEntry): number => a.session - b.session || a.line - b.line;

const lastOf = <T>(values: readonly T[], count: number): readonly T[] =>
  count <= 0 ? [] : values.slice(-count);
