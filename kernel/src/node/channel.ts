/** What the main thread and the I/O thread say to each other. */
import type { CommEvent, EvaluatorEvent, Outcome, RunnableCell } from "../core/ports.js";
import type { AnswerChannel } from "./host/input.js";
import type { ReportMemory } from "./reports.js";
import type { SteeringMemory } from "./steering.js";

/** From the I/O thread to the main thread. */
export type Order =
  | ({ readonly type: "run"; readonly number: number } & RunnableCell)
  | { readonly type: "deliver"; readonly number: number; readonly id: number; readonly event: CommEvent }
  /** Is the thread free? It answers with "pong"; the signals of the requests `interrupted` are aborted. */
  | { readonly type: "ping"; readonly number: number; readonly interrupted: readonly number[] }
  | { readonly type: "quit" };

/** From the main thread to the I/O thread, in the order in which things happened. */
export type Report =
  | { readonly type: "event"; readonly event: EvaluatorEvent }
  | { readonly type: "done"; readonly id: number; readonly outcome: Outcome }
  | { readonly type: "pong"; readonly ping: number }
  | { readonly type: "sigint" }
  | { readonly type: "quitRequest" }
  | { readonly type: "quitting" };

/** What the main thread and the I/O thread share. */
export interface SharedWithHost {
  /** Shared: the number of the last order before an interrupt; what has not begun by then does not begin. */
  readonly interrupted: Int32Array;
  /** Where answers to questions of user code go. */
  readonly answers: AnswerChannel;
  readonly steering: SteeringMemory;
}

/** What the I/O thread is started with. */
export interface IoThreadData extends SharedWithHost {
  readonly connectionFile: string;
  readonly reports: ReportMemory;
}
