/** The language port as the I/O thread sees it: orders to the language thread, and patience that has an end. */
import { Worker } from "node:worker_threads";

import { version } from "typescript";

import type { CellSource, Checked, Completions, Inspection, Language } from "../core/ports.js";
import type { LanguageAnswer, LanguageOrder, LanguageThreadData } from "../language/messages.js";

/** A check that takes longer is given up, and its cell runs unchecked. */
const PATIENCE_MS = 10_000;
/** Nobody waits that long for a completion. */
const QUESTION_PATIENCE_MS = 3000;
const WORTH_CANCELLING_MS = 500;
/** Cells that nobody checks are told to the engine when none has run for so long, or when something is asked. */
const PAUSE_MS = 300;
/** An engine that is given up this often in a row is left alone. */
const MAX_GIVEN_UP = 3;

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };
type OrderOf<T> = T extends unknown ? Omit<T, "ticket"> : never;

export interface LanguageClientOptions {
  /** Where the notebook is: its tsconfig.json and its packages. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** How long to wait for an answer, in milliseconds. */
  readonly patience?: number;
  /** The engine's program, where it is not the one that was installed with the kernel. */
  readonly executable?: string;
}

export class LanguageClient implements Language {
  readonly version = version;
  readonly #options: LanguageClientOptions;
  readonly #givenUp = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #opened: Promise<void> = Promise.resolve();
  #tickets = 0;
  #givenUpInARow = 0;
  #checkingSince: number | null = null;
  /** The cell that was checked last: the engine has it in hand. */
  #checked: number | null = null;
  /** Cells that have run and that the engine does not know yet, the oldest first. */
  #untold: CellSource[] = [];
  #pause: NodeJS.Timeout | undefined;
  #pid: number | undefined;
  /** Why there are no types; null while there are. */
  #off: string | null = null;
  /** What the next check tells the user. */
  #notice: string | null = null;

  constructor(options: LanguageClientOptions) {
    this.#options = options;
  }

  /** Start the thread and load the types, in the background. */
  start(): void {
    if (this.#worker !== null) return;
    const { folder, executable } = this.#options;
    this.#worker = new Worker(new URL("../language/thread.js", import.meta.url), {
      workerData: {
        folder,
        givenUp: this.#givenUp,
        ...(executable === undefined ? {} : { executable }),
      } satisfies LanguageThreadData,
    });
    this.#worker.on("message", (answer: LanguageAnswer) => this.#onAnswer(answer));
    this.#worker.on("error", (error) => this.#switchOff(error.message));
    this.#worker.on("exit", () => this.#switchOff("the language thread has ended"));
    this.#worker.unref();
    this.#opened = this.#patiently(this.#ask({ type: "open" })).then(({ answer, late }) => {
      if (late) this.#giveUp();
      else if (typeof answer === "string") this.#notice = answer;
    });
  }

  async check(cell: CellSource): Promise<Checked> {
    this.start();
    this.#checkingSince = performance.now();
    await this.#opened;
    let checked: Checked = { diagnostics: [] };
    if (this.#off === null) {
      this.#tell();
      this.#checked = cell.id;
      const { answer, late } = await this.#patiently(this.#ask({ type: "check", cell }));
      if (late) this.#giveUp();
      else if (answer !== undefined) {
        checked = answer as Checked;
        this.#givenUpInARow = 0;
      }
    }
    this.#checkingSince = null;
    const notice = this.#notice;
    this.#notice = null;
    return notice === null ? checked : { ...checked, notice };
  }

  accept(cell: CellSource): void {
    if (this.#off !== null) return;
    this.#untold.push(cell);
    if (cell.id === this.#checked) return this.#tell();
    // The engine would take its time from the cells that run.
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#tell(), PAUSE_MS).unref();
  }

  #tell(): void {
    clearTimeout(this.#pause);
    if (this.#untold.length > 0) this.start();
    for (const cell of this.#untold.splice(0)) this.#ask({ type: "accept", cell }).catch(() => {});
  }

  get #patience(): number {
    return this.#options.patience ?? PATIENCE_MS;
  }

  cancel(): void {
    // An answer that is almost there is worth more than a new start.
    if (this.#checkingSince !== null && performance.now() - this.#checkingSince > WORTH_CANCELLING_MS)
      this.#stopEngine();
  }

  async complete(source: string, offset: number): Promise<Completions> {
    const none: Completions = { matches: [], start: offset, end: offset };
    return ((await this.#question({ type: "complete", source, offset })) as Completions | null) ?? none;
  }

  async inspect(source: string, offset: number, detail: number): Promise<Inspection | null> {
    return (await this.#question({ type: "inspect", source, offset, detail })) as Inspection | null;
  }

  /** Without an answer in time there is none. */
  async #question(order: OrderOf<LanguageOrder>): Promise<unknown> {
    this.start();
    await this.#opened;
    if (this.#off !== null) return null;
    this.#tell();
    const { answer, late } = await this.#patiently(this.#ask(order), QUESTION_PATIENCE_MS);
    if (late) this.#stopEngine();
    return answer ?? null;
  }

  /** End the engine's process and the thread. */
  close(): void {
    this.#off ??= "the kernel is shutting down";
    clearTimeout(this.#pause);
    this.#stopEngine();
    void this.#worker?.terminate();
  }

  /** The answer; undefined when it failed (which is in the log) or did not come in time. */
  async #patiently(
    asked: Promise<unknown>,
    patience = this.#patience,
  ): Promise<{ readonly answer?: unknown; readonly late: boolean }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<{ late: true }>((resolve) => {
      timer = setTimeout(() => resolve({ late: true }), patience);
    });
    const answered = asked.then(
      (answer) => ({ answer, late: false }),
      () => ({ late: false }),
    );
    const first = await Promise.race([answered, late]);
    clearTimeout(timer);
    return first;
  }

  #giveUp(): void {
    this.#stopEngine();
    const seconds = this.#patience / 1000;
    this.#givenUpInARow += 1;
    if (this.#givenUpInARow < MAX_GIVEN_UP)
      this.#notice = `The type check took longer than ${seconds} s; this cell ran unchecked.`;
    else this.#switchOff(`it did not answer within ${seconds} s, ${MAX_GIVEN_UP} times in a row`);
  }

  /** The thread waits for the engine; it starts a new one when this one is gone. */
  #stopEngine(): void {
    Atomics.store(this.#givenUp, 0, 1);
    this.#endEngine();
  }

  #endEngine(): void {
    if (this.#pid === undefined) return;
    try {
      process.kill(this.#pid, "SIGKILL");
    } catch {
      // It has gone already.
    }
    this.#pid = undefined;
  }

  #ask(order: OrderOf<LanguageOrder>): Promise<unknown> {
    const ticket = ++this.#tickets;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ticket, { resolve, reject });
      this.#worker?.postMessage({ ...order, ticket });
    });
  }

  #onAnswer(answer: LanguageAnswer): void {
    if (answer.type === "started") {
      this.#pid = answer.pid;
      return;
    }
    const waiting = this.#waiting.get(answer.ticket);
    this.#waiting.delete(answer.ticket);
    if (answer.type === "done") return waiting?.resolve(answer.value);
    this.#options.log(`The language engine failed: ${answer.stack}`);
    if (answer.gone) this.#switchOff(answer.message);
    waiting?.reject(new Error(answer.message));
  }

  #switchOff(why: string): void {
    if (this.#off !== null) return;
    this.#off = why;
    this.#notice = `Cells run without type checks and completions, because TypeScript could not be started: ${why}`;
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
  }
}
