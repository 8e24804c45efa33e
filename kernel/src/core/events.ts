/** What the kernel does with what running code makes happen: one row a type of event. */
import { commContent } from "./comm-messages.js";
import type { Message } from "./message.js";
import type { OutputQueue } from "./output-queue.js";
import type { EvaluatorEvent } from "./ports.js";
import type { Questions } from "./questions.js";
import type { RequestContext } from "./request-context.js";
import { renderTraceback } from "./traceback.js";

/** What a row may use. */
export interface EventScope {
  readonly context: RequestContext;
  readonly queue: OutputQueue;
  readonly questions: Questions;
  /** The request that the event belongs to. */
  readonly parent: Message | null;
}

type Rows = {
  readonly [T in EvaluatorEvent["type"]]: (
    event: Extract<EvaluatorEvent, { type: T }>,
    scope: EventScope,
  ) => void;
};

const rows: Rows = {
  stream: ({ name, text }, { queue, parent }) => queue.pushStream(parent, name, text),

  display({ bundle, displayId, update }, { context, parent }) {
    const transient = displayId === null ? {} : { display_id: displayId };
    context.publish(parent, update ? "update_display_data" : "display_data", { ...bundle, transient });
  },

  clearOutput: ({ wait }, { context, parent }) => context.publish(parent, "clear_output", { wait }),

  page: ({ origin, bundle }, { context }) => context.cells.get(origin)?.pages.push(bundle),

  lateError({ error }, { context, queue, parent }) {
    queue.pushStream(parent, "stderr", `${renderTraceback(error, context.cells).join("\n")}\n`);
  },

  input({ origin, question, prompt, password }, { context, questions, parent }) {
    questions.ask(question, { prompt, password }, parent, context.running.has(origin));
  },

  comm({ event }, { context, parent }) {
    context.comms.note(event);
    const { metadata, buffers } = event;
    context.publish(parent, `comm_${event.kind}`, commContent(event), { metadata, buffers });
  },

  commTarget: ({ target, registered }, { context }) => context.comms.setTarget(target, registered),
};

export function onEvent(event: EvaluatorEvent, scope: Omit<EventScope, "parent">): void {
  const parent = "origin" in event ? scope.context.cells.parentOf(event.origin) : null;
  const row = rows[event.type] as (event: EvaluatorEvent, scope: EventScope) => void;
  row(event, { ...scope, parent });
}
