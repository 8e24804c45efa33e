/** What the handler of a request may use, and what it returns. */
import type { Place } from "../compile/cell.js";
import type { Completeness } from "../compile/completeness.js";
import type { Cells } from "./cells.js";
import type { Comms } from "./comms.js";
import type { History } from "./history.js";
import type { Json, Message, Outgoing } from "./message.js";
import type { Shells } from "./shells.js";
import type { Evaluator, Language, RunnableCell, TypeLevel } from "./ports.js";

/** A cell that is ready to run, or why it is not. */
export type Compiled =
  | { readonly ok: true; readonly cell: Omit<RunnableCell, "label">; readonly module?: string | null }
  | { readonly ok: false; readonly message: string; readonly place: Place | null };

/** Whether a prompt should run what has been typed, or wait for more. */
export type IsComplete = (source: string) => Promise<Completeness>;

export type Compile = (source: string, id: number) => Promise<Compiled>;

/** What a handler may use. */
export interface RequestContext {
  readonly evaluator: Evaluator;
  readonly compile: Compile;
  readonly isComplete: IsComplete;
  /** Where each socket is bound. */
  readonly ports: Readonly<Record<string, number>>;
  readonly cells: Cells;
  readonly comms: Comms;
  readonly shells: Shells;
  readonly history: History;
  /** The records of the cells that run now. */
  readonly running: Set<number>;
  /** Null where there is none: cells run unchecked. */
  readonly language: Language | null;
  /** What a type error does to its cell. */
  typeLevel: TypeLevel;
  executionCount: number;
  /** How many interrupts there have been; a cell that is being compiled looks whether there was one meanwhile. */
  interrupts: number;
  /** Called at every interrupt. */
  readonly interruptListeners: Set<() => void>;
  /** Stop what runs, or what is about to. */
  readonly interrupt: () => Promise<void>;
  readonly publish: (
    parent: Message | null,
    type: string,
    content: Json,
    extra?: Pick<Outgoing, "metadata" | "buffers">,
  ) => void;
  /** Abort the cells that wait behind `request`, those that are still in the socket included. */
  readonly abortWaiting: (request: Message) => Promise<void>;
  readonly shutdown: () => void;
}

/** Returns the content of the reply; null where the protocol has no reply. */
export type RequestHandler = (
  context: RequestContext,
  request: Message,
) => Promise<Json | null> | Json | null;
