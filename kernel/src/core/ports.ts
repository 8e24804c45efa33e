/** What the core needs from outside: a transport to send by, an evaluator to run cells in, a language to check them in. */
import type { Wish } from "./steering.js";
import type { Positions } from "../compile/positions.js";
import type { Channel, Json, Outgoing } from "./message.js";

/** Sends messages to clients. Today ZeroMQ; a browser worker can be another. */
export interface Transport {
  /** Resolves when the socket has taken the message; the next send waits for it. */
  send(channel: Channel, message: Outgoing): Promise<void>;
}

/** A rich result: one value per MIME type, with metadata per MIME type. */
export interface MimeBundle {
  readonly data: Json;
  readonly metadata: Json;
}

/** A place in a stack trace. `cell` is the id of the cell, or null for a file. */
export interface Frame {
  readonly functionName: string;
  readonly cell: number | null;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The text of the file, of the first frame alone. */
  readonly source?: string;
}

/** An error that comes with another one, and how: "Error 1 of 3". */
export interface RelatedError {
  readonly relation: string;
  readonly error: ThrownError;
}

/** An exception as data, so that it can leave the thread that threw it. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly frames: readonly Frame[];
  readonly cause: ThrownError | null;
  /** Own properties beside those, one "name: value" each: code, errno, path, … */
  readonly properties?: readonly string[];
  /** The errors of an AggregateError, the suppressed one of a SuppressedError. */
  readonly related?: readonly RelatedError[];
}

export type Outcome =
  | { readonly status: "ok"; readonly result: MimeBundle | null }
  | { readonly status: "error"; readonly error: ThrownError }
  | { readonly status: "interrupted" };

/** A comm message in either direction. */
export interface CommEvent {
  readonly kind: "open" | "msg" | "close";
  readonly commId: string;
  /** Only for "open". */
  readonly target: string;
  readonly data: Json;
  readonly metadata: Json;
  readonly buffers: readonly Uint8Array[];
}

/** What running code makes happen, in order. `origin` is the id of the request it belongs to. */
export type EvaluatorEvent =
  | {
      readonly type: "stream";
      readonly origin: number;
      readonly name: "stdout" | "stderr";
      readonly text: string;
    }
  | {
      readonly type: "display";
      readonly origin: number;
      readonly bundle: MimeBundle;
      readonly displayId: string | null;
      readonly update: boolean;
    }
  | { readonly type: "comm"; readonly origin: number; readonly event: CommEvent }
  /** Code waits for an answer; see `Evaluator.answer`. */
  | {
      readonly type: "input";
      readonly origin: number;
      readonly question: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** For the front end's pager, where it has one. */
  | { readonly type: "page"; readonly origin: number; readonly bundle: MimeBundle }
  | { readonly type: "clearOutput"; readonly origin: number; readonly wait: boolean }
  | { readonly type: "commTarget"; readonly target: string; readonly registered: boolean }
  | { readonly type: "lateError"; readonly origin: number; readonly error: ThrownError };

/** What a question of running code gets: what was typed, or why nobody can type. */
export type Answer = { readonly value: string } | { readonly refused: string };

/** JavaScript that is ready to be evaluated as the cell `id`. */
export interface RunnableCell {
  readonly id: number;
  readonly code: string;
  /** What stack traces call it: "Cell 3". */
  readonly label: string;
  /** How places in `code` become places in what the user wrote. */
  readonly positions: Positions;
}

/** Runs cells and comm handlers; several at a time, where those that run already wait for something. */
export interface Evaluator {
  run(cell: RunnableCell): Promise<Outcome>;
  /** Hand a comm message to the code that listens; resolves when its handler has returned. */
  deliver(id: number, event: CommEvent): Promise<Outcome>;
  /** Stop what runs. Every pending `run` and `deliver` settles as "interrupted" once JavaScript has stopped. */
  interrupt(): Promise<void>;
  /** What the computation that runs is to do between two of its iterations; it may be one that never yields. */
  steer(wish: Wish): void;
  /** Answer the "input" event with this number. */
  answer(question: number, answer: Answer): void;
  onEvent: (event: EvaluatorEvent) => void;
}

/** What a type error does: it stops the cell before it runs, it is printed, or nobody looks for it. */
export type TypeLevel = "error" | "warn" | "off";

export interface CellSource {
  readonly id: number;
  readonly source: string;
  /** Set where the cell is a module and declares nothing itself: the name to import it by. */
  readonly module?: string | null;
}

/** A place in a cell's text: the present cell's (null), or an earlier one's id; offsets in UTF-16 units. */
export interface CellRange {
  readonly cell: number | null;
  readonly start: number;
  readonly end: number;
}

export interface RelatedPlace {
  readonly message: string;
  /** Null when it is in no cell. */
  readonly where: CellRange | null;
}

/** A type error. Offsets are in the cell's text, in UTF-16 units. */
export interface TypeDiagnostic {
  readonly code: number;
  /** One line, or several: the reasons are indented below. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly related: readonly RelatedPlace[];
}

export interface Checked {
  readonly diagnostics: readonly TypeDiagnostic[];
  /** What the user should be told beside: that there are no types, and why. */
  readonly notice?: string;
}

export interface Completion {
  readonly text: string;
  /** In Jupyter's words: function, property, variable, keyword, … */
  readonly type: string;
}

/** What may stand in place of the text from `start` to `end`; the best first. Offsets in UTF-16 units. */
export interface Completions {
  readonly matches: readonly Completion[];
  readonly start: number;
  readonly end: number;
}

export interface Inspection {
  readonly plain: string;
  readonly markdown: string;
}

/** Knows TypeScript: checks cells before they run, completes and explains names. Never throws: without an engine it finds nothing, and says so once. */
export interface Language {
  /** TypeScript's version. */
  readonly version: string;
  check(cell: CellSource): Promise<Checked>;
  /** The cell runs: later cells see what it declares. */
  accept(cell: CellSource): void;
  /** Nobody waits for the check under way any more. */
  cancel(): void;
  complete(source: string, offset: number): Promise<Completions>;
  /** Null when there is nothing to say. `detail` 1: with the source text of the declaration. */
  inspect(source: string, offset: number, detail: number): Promise<Inspection | null>;
}
