/** History that outlives the kernel: a line of JSON an entry, in one file of the user's that all kernels append to. */
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { forgetfulStore, type HistoryEntry, type HistoryStore } from "../core/history.js";

/** A file that has grown beyond this is cut to its newest half when it is read. */
const LARGEST_FILE = 4 << 20;
/** A cell longer than this is data, not something to type again. */
const LONGEST_ENTRY = 100_000;

/** Where data of a user's programs belong, by platform. */
function dataFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === "win32") return env["APPDATA"] ?? join(homedir(), "AppData", "Roaming");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support");
  return env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share");
}

/** @returns null where the environment switches history off: COTANGENT_HISTORY=off, or a path to another file */
function fileFor(env: NodeJS.ProcessEnv): string | null {
  const wish = env["COTANGENT_HISTORY"] ?? "";
  if (wish.toLowerCase() === "off") return null;
  return wish !== "" ? wish : join(dataFolder(env), "cotangent", "history.jsonl");
}

/** A line that cannot be read, cut off perhaps when a machine stopped, is skipped. */
function parseLine(line: string): HistoryEntry | null {
  try {
    const { session, line: count, source } = JSON.parse(line) as Partial<HistoryEntry>;
    if (typeof session !== "number" || typeof count !== "number" || typeof source !== "string") return null;
    return { session, line: count, source };
  } catch {
    return null;
  }
}

export function parseHistory(text: string): HistoryEntry[] {
  const entries = text
    .split("\n")
    .map(parseLine)
    .filter((entry) => entry !== null);
  // Kernels that run side by side append in turns; a session's own entries stay in order.
  return entries.sort((a, b) => a.session - b.session);
}

export class HistoryFile implements HistoryStore {
  readonly #path: string;
  readonly #log: (line: string) => void;
  /** Null until the first entry tries. */
  #usable: boolean | null = null;

  constructor(path: string, log: (line: string) => void) {
    this.#path = path;
    this.#log = log;
  }

  load(): readonly HistoryEntry[] {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch {
      // There is none yet.
      return [];
    }
    if (Buffer.byteLength(text) > LARGEST_FILE) text = this.#shorten(text);
    return parseHistory(text);
  }

  append(entry: HistoryEntry): void {
    if (entry.source.length > LONGEST_ENTRY || !this.#ready()) return;
    try {
      // One write of a whole line with O_APPEND: entries of kernels that run side by side do not mix.
      appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
    } catch (error) {
      this.#giveUp(error as Error);
    }
  }

  #ready(): boolean {
    if (this.#usable !== null) return this.#usable;
    this.#usable = true;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      // For its owner's eyes: cells may hold what is nobody else's business.
      if (!statSync(this.#path, { throwIfNoEntry: false })) writeFileSync(this.#path, "", { mode: 0o600 });
    } catch (error) {
      this.#giveUp(error as Error);
    }
    return this.#usable;
  }

  #giveUp(error: Error): void {
    if (this.#usable !== false) this.#log(`History is kept for this session only: ${error.message}`);
    this.#usable = false;
  }

  #shorten(text: string): string {
    const newest = text.slice(text.indexOf("\n", text.length >> 1) + 1);
    const beside = `${this.#path}.${process.pid}`;
    try {
      writeFileSync(beside, newest, { mode: 0o600 });
      renameSync(beside, this.#path);
    } catch (error) {
      this.#giveUp(error as Error);
    }
    return newest;
  }
}

export function openHistory(env: NodeJS.ProcessEnv, log: (line: string) => void): HistoryStore {
  const path = fileFor(env);
  return path === null ? forgetfulStore : new HistoryFile(path, log);
}
