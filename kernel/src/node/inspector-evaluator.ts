/** The evaluator as the I/O thread sees it: orders to the main thread, reports from it, and the power to terminate. */
import inspector from "node:inspector";
import type { MessagePort } from "node:worker_threads";

import type { Answer, CommEvent, Evaluator, EvaluatorEvent, Outcome, RunnableCell } from "../core/ports.js";
import type { Order, Report, SharedWithHost } from "./channel.js";
import type { Wish } from "../core/steering.js";
import type { AnswerChannel } from "./host/input.js";
import { steer, type SteeringMemory } from "./steering.js";

/** How long the main thread may take to say that it is free before it is stopped, and before it is stopped again. */
const FIRST_PATIENCE_MS = 2;
const PATIENCE_MS = 10;

type Unnumbered<T = Extract<Order, { id: number }>> = T extends unknown ? Omit<T, "number"> : never;
type Settle = (outcome: Outcome) => void;

export class InspectorEvaluator implements Evaluator {
  onEvent: (event: EvaluatorEvent) => void = () => {};
  onSigint: () => void = () => {};
  /** Called just before user code starts to run. */
  onStart: () => void = () => {};
  onQuitRequest: () => void = () => {};
  onQuitting: () => void = () => {};
  readonly #port: MessagePort;
  /** Used only to terminate: a cell evaluated through it could never be interrupted. */
  readonly #session = new inspector.Session();
  /** What runs now, by id of the request: one at a time runs JavaScript, the others await. */
  readonly #pending = new Map<number, Settle>();
  /** The number of the last order; see `SharedWithHost.interrupted`. */
  #orders = 0;
  /** The termination under way; the next order waits for it, or it would be hit in the other's stead. */
  #terminating: Promise<void> | null = null;

  /** The question under way whether the main thread is free. */
  #freeing: Promise<void> | null = null;
  #pings = 0;
  #onPong: (ping: number) => void = () => {};
  readonly #interrupted: Int32Array;
  readonly #answers: AnswerChannel;
  readonly #steering: SteeringMemory;

  constructor(port: MessagePort, { interrupted, answers, steering }: SharedWithHost) {
    this.#port = port;
    this.#interrupted = interrupted;
    this.#answers = answers;
    this.#steering = steering;
    this.#session.connectToMainThread();
  }

  run(cell: RunnableCell): Promise<Outcome> {
    return this.#order({ type: "run", ...cell });
  }

  deliver(id: number, event: CommEvent): Promise<Outcome> {
    return this.#order({ type: "deliver", id, event });
  }

  async interrupt(): Promise<void> {
    const pending = [...this.#pending];
    if (pending.length === 0) return this.#free([]);
    Atomics.store(this.#interrupted, 0, this.#orders);
    await this.#free(pending.map(([id]) => id));
    // JavaScript has stopped. The evaluations' own callbacks may never come, so the requests are settled here.
    for (const [id, settle] of pending)
      if (this.#pending.get(id) === settle) this.#settle(id, { status: "interrupted" });
  }

  /** Resolves when the JavaScript that was running on the main thread has been stopped. */
  terminate(): Promise<void> {
    this.#terminating ??= new Promise<void>((resolve) => {
      this.#session.post("Runtime.terminateExecution", () => {
        this.#terminating = null;
        resolve();
      });
    });
    return this.#terminating;
  }

  /**
   * Resolves when the main thread answers. It is asked before it is stopped: a termination of an idle thread would hit the
   * next timer instead, which would then never come again. And it is asked after: a termination stops what runs at that
   * moment; an endless chain of promises that was about to begin would go on.
   */
  #free(interrupted: readonly number[]): Promise<void> {
    this.#freeing ??= this.#askUntilFree(interrupted).finally(() => (this.#freeing = null));
    return this.#freeing;
  }

  async #askUntilFree(interrupted: readonly number[]): Promise<void> {
    const first = this.#pings + 1;
    let free = false;
    const answer = new Promise<void>((resolve) => {
      this.#onPong = (ping) => {
        // The answer to an earlier question says nothing of now.
        if (ping < first) return;
        free = true;
        resolve();
      };
    });
    for (let patience = FIRST_PATIENCE_MS; ; patience = PATIENCE_MS) {
      // Asked again each time: a termination may have hit the answer itself.
      this.#post({ type: "ping", number: ++this.#pings, interrupted });
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([answer, new Promise((resolve) => (timer = setTimeout(resolve, patience)))]);
      clearTimeout(timer);
      if (free) return;
      await this.terminate();
    }
  }

  steer(wish: Wish): void {
    steer(this.#steering, wish);
  }

  /** Give code that waits in `input` its answer. */
  answer(question: number, answer: Answer): void {
    const { port, arrived } = this.#answers;
    port.postMessage({ question, answer });
    Atomics.add(arrived, 0, 1);
    Atomics.notify(arrived, 0);
  }

  /** Ask the main thread to end the process; see `onQuitting`. */
  quit(): void {
    this.#post({ type: "quit" });
  }

  disconnect(): void {
    this.#session.disconnect();
  }

  async #order(order: Unnumbered): Promise<Outcome> {
    while (this.#terminating ?? this.#freeing) await (this.#terminating ?? this.#freeing);
    this.onStart();
    return new Promise((settle) => {
      this.#pending.set(order.id, settle);
      this.#post({ ...order, number: ++this.#orders });
    });
  }

  #post(order: Order): void {
    this.#port.postMessage(order);
  }

  /** The result of a request that was interrupted comes too late and means nothing. */
  #settle(id: number, outcome: Outcome): void {
    const settle = this.#pending.get(id);
    this.#pending.delete(id);
    settle?.(outcome);
  }

  /** Take a report from the main thread. */
  take(report: Report): void {
    if (report.type === "event") this.onEvent(report.event);
    else if (report.type === "pong") this.#onPong(report.ping);
    else if (report.type === "sigint") this.onSigint();
    else if (report.type === "quitRequest") this.onQuitRequest();
    else if (report.type === "quitting") this.onQuitting();
    else this.#settle(report.id, report.outcome);
  }
}
