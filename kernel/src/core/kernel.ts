/** The kernel's core: messages in, messages out. It knows neither sockets nor how a cell is evaluated. */
import { Cells } from "./cells.js";
import { Comms } from "./comms.js";
import { onEvent } from "./events.js";
import { forgetfulStore, History, type HistoryStore } from "./history.js";
import type { Channel, Json, Message, RequestChannel } from "./message.js";
import type { OutputQueue } from "./output-queue.js";
import type { Evaluator, Language, TypeLevel } from "./ports.js";
import { Questions } from "./questions.js";
import type { Compile, IsComplete, RequestContext, RequestHandler } from "./request-context.js";
import { requests, shellOnly } from "./requests.js";
import { Shells } from "./shells.js";
import { isSteering } from "./steering.js";

export interface KernelOptions {
  readonly queue: OutputQueue;
  readonly evaluator: Evaluator;
  readonly compile: Compile;
  readonly isComplete: IsComplete;
  /** Without one, cells run unchecked. */
  readonly language?: Language;
  /** What a type error does to its cell; "error" when nothing is said. */
  readonly typeLevel?: TypeLevel;
  /** Where history outlives the kernel; without one, it does not. */
  readonly historyStore?: HistoryStore;
  /** Where each socket is bound, by its name. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Called when the reply to a shutdown request is in the queue. */
  readonly onShutdown: () => void;
  readonly log: (line: string) => void;
}

export class Kernel {
  readonly #options: KernelOptions;
  readonly #questions: Questions;
  readonly #context: RequestContext;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#context = {
      evaluator: options.evaluator,
      compile: options.compile,
      isComplete: options.isComplete,
      language: options.language ?? null,
      typeLevel: options.typeLevel ?? "error",
      ports: options.ports ?? {},
      cells: new Cells(),
      comms: new Comms(),
      // Milliseconds order the sessions of kernels that know nothing of each other.
      history: new History(options.historyStore ?? forgetfulStore, Date.now()),
      running: new Set(),
      executionCount: 0,
      interrupts: 0,
      shells: new Shells(),
      interruptListeners: new Set(),
      interrupt: () => this.interrupt(),
      publish: (parent, type, content, extra = {}) =>
        options.queue.push("iopub", { type, parent, content, ...extra }),
      abortWaiting: async (request) => {
        // One turn of the event loop, in which what has arrived is read. Before the reply: what a client sends on seeing
        // that is not meant.
        await new Promise((resolve) => setImmediate(resolve));
        this.#context.shells.queueOf(request)?.abortWaiting();
      },
      shutdown: options.onShutdown,
    };
    this.#questions = new Questions(
      (message) => options.queue.push("stdin", message),
      (question, answer) => options.evaluator.answer(question, answer),
    );
    const { queue } = options;
    const scope = { context: this.#context, queue, questions: this.#questions };
    options.evaluator.onEvent = (event) => onEvent(event, scope);
  }

  /** Say that the kernel is up; clients that subscribed early see it. */
  start(): void {
    this.#status(null, "starting");
  }

  /** Stop what runs, by whichever way the wish came. */
  interrupt(): Promise<void> {
    this.#context.interrupts += 1;
    this.#questions.forget();
    for (const listener of this.#context.interruptListeners) listener();
    return this.#options.evaluator.interrupt();
  }

  /** Take a message from a client. Control is answered at once, shell requests take their turn. */
  receive(channel: RequestChannel, message: Message): void {
    const type = message.header.msg_type;
    if (channel === "stdin") {
      if (type === "input_reply") this.#questions.receive(message);
      return;
    }
    const handler = requests.get(type);
    if (handler === undefined) {
      this.#options.log(`No handler for ${type} on ${channel}; ignored.`);
      return;
    }
    const run = async () => {
      this.#status(message, "busy");
      const reply = await this.#handle(handler, message);
      if (reply !== null) this.#reply(channel, message, reply);
      this.#status(message, "idle");
    };
    const queue = this.#context.shells.queueOf(message);
    const isUrgent =
      (channel === "control" && !shellOnly.has(type)) || isSteering(message, this.#context.comms);
    if (isUrgent) void run();
    else if (queue === null) this.#refuse(channel, message);
    else
      queue.push({
        abortable: type === "execute_request",
        run,
        abort: () => this.#abort(channel, message),
      });
  }

  /** A request for a subshell that is not there, or not any more. */
  #refuse(channel: Channel, message: Message): void {
    const evalue = `There is no subshell "${message.header.subshell_id}".`;
    this.#status(message, "busy");
    this.#reply(channel, message, { status: "error", ename: "SubshellError", evalue, traceback: [evalue] });
    this.#status(message, "idle");
  }

  async #handle(handler: RequestHandler, message: Message): Promise<Json | null> {
    try {
      return await handler(this.#context, message);
    } catch (error) {
      this.#options.log(
        `${message.header.msg_type} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return { status: "error", ename: "KernelError", evalue: String(error), traceback: [] };
    }
  }

  #abort(channel: Channel, message: Message): void {
    this.#status(message, "busy");
    this.#reply(channel, message, { status: "aborted" });
    this.#status(message, "idle");
  }

  #reply(channel: Channel, parent: Message, content: Json): void {
    const type = parent.header.msg_type.replace(/_request$/, "_reply");
    this.#options.queue.push(channel, { type, parent, content });
  }

  #status(parent: Message | null, execution_state: "starting" | "busy" | "idle"): void {
    this.#context.publish(parent, "status", { execution_state });
  }
}
