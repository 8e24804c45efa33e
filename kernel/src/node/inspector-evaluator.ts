/** The evaluator as the I/O thread sees it: orders to the main thread, reports from it, and the power to terminate. */
import inspector from "node:inspector";
import type { MessagePort } from "node:worker_threads";

import type { CommEvent, Evaluator, EvaluatorEvent, Outcome, RunnableCell } from "../core/ports.js";
import type { Order, Report } from "./channel.js";

interface Pending {
  readonly id: number;
  readonly settle: (outcome: Outcome) => void;
}

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
  #pending: Pending | null = null;
  /** The termination under way; the next order waits for it, or it would be hit in the other's stead. */
  #terminating: Promise<void> | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
    this.#session.connectToMainThread();
    port.on("message", (report: Report) => this.#onReport(report));
  }

  run({ id, code }: RunnableCell): Promise<Outcome> {
    return this.#order({ type: "run", id, code });
  }

  deliver(id: number, event: CommEvent): Promise<Outcome> {
    return this.#order({ type: "deliver", id, event });
  }

  async interrupt(): Promise<void> {
    const pending = this.#pending;
    if (pending === null) return;
    await this.terminate();
    // JavaScript has stopped. The evaluation's own callback may never come, so the cell is settled here.
    if (this.#pending === pending) this.#settle({ status: "interrupted" });
  }

  /** Resolves when no JavaScript of the user's runs on the main thread any more. */
  terminate(): Promise<void> {
    this.#terminating ??= new Promise<void>((resolve) => {
      this.#session.post("Runtime.terminateExecution", () => {
        this.#terminating = null;
        resolve();
      });
    });
    return this.#terminating;
  }

  /** Ask the main thread to end the process; see `onQuitting`. */
  quit(): void {
    this.#post({ type: "quit" });
  }

  disconnect(): void {
    this.#session.disconnect();
  }

  async #order(order: Extract<Order, { id: number }>): Promise<Outcome> {
    if (this.#terminating) await this.#terminating;
    this.onStart();
    return new Promise((settle) => {
      this.#pending = { id: order.id, settle };
      this.#post(order);
    });
  }

  #post(order: Order): void {
    this.#port.postMessage(order);
  }

  #settle(outcome: Outcome): void {
    const pending = this.#pending;
    this.#pending = null;
    pending?.settle(outcome);
  }

  #onReport(report: Report): void {
    if (report.type === "event") this.onEvent(report.event);
    else if (report.type === "sigint") this.onSigint();
    else if (report.type === "quitRequest") this.onQuitRequest();
    else if (report.type === "quitting") this.onQuitting();
    // The result of a cell that was interrupted comes too late and means nothing.
    else if (report.id === this.#pending?.id) this.#settle(report.outcome);
  }
}
