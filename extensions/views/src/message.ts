/** The message in place of a picture that cannot be drawn: what is wrong, what to do, and the text that came along. */
import { MalformedTraceError, NewerTraceError, TraceError, TraceTooLargeError } from "cotangent/trace";
import { html } from "./common/dom.js";
import { icon } from "./common/icons.js";

export interface Message {
  readonly title: string;
  readonly what: string;
  readonly remedy: string;
}

/** The words for an error; errors that are not about the trace are our own fault, and say so. */
export function messageOf(error: unknown): Message {
  const what = error instanceof Error ? error.message : String(error);
  if (error instanceof NewerTraceError) {
    return {
      title: "This picture needs a newer Cotangent",
      what,
      remedy: "Or run the cell again with the kernel that this one came with.",
    };
  }
  if (error instanceof TraceTooLargeError) {
    return {
      title: "This trace is too large to draw",
      what,
      remedy: "Run the solve again with fewer tokens, heads or stored iterations.",
    };
  }
  if (error instanceof MalformedTraceError || error instanceof TraceError) {
    return {
      title: "This trace cannot be read",
      what,
      remedy: "The saved output may be damaged or edited by hand: run the cell again.",
    };
  }
  return {
    title: "This picture could not be drawn",
    what,
    remedy: "The trace was read, but drawing it failed; please report it with the message above.",
  };
}

/** @param fallback the plain text of the same output, if there is one */
export function messageView(host: HTMLElement, error: unknown, fallback?: string): { destroy(): void } {
  const { title, what, remedy } = messageOf(error);
  const root = html(
    "section",
    { class: "cot-view cot-message", role: "note" },
    html("span", { class: "cot-message-sign" }, icon("warning")),
    html(
      "div",
      { class: "cot-message-text" },
      html("p", { class: "cot-message-title" }, title),
      html("p", { class: "cot-message-what" }, what),
      html("p", { class: "cot-message-remedy" }, remedy),
      ...(fallback ? [html("pre", { class: "cot-message-fallback" }, fallback)] : []),
    ),
  );
  host.replaceChildren(root);
  return { destroy: () => root.remove() };
}
