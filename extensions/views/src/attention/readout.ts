/** The read-out of one cell: query → key, weight, change; its room is reserved, so that nothing jumps. */
import { html, setText } from "../common/dom.js";
import { formatChange, formatWeight } from "../common/format.js";
import type { Cell } from "./crosshair.js";
import type { AttentionModel } from "./model.js";

export interface Reading {
  readonly query: string;
  readonly key: string;
  readonly queryIndex: number;
  readonly keyIndex: number;
  readonly weight: number;
  /** The same cell in the stored frame before, if there is one. */
  /** `when`: "iteration 3" */
  readonly before?: { readonly weight: number; readonly when: string };
  /** Said where there is none: "first stored iteration". */
  readonly first: string;
}

/** What there is to say about a cell of a stored frame. */
export function readingOf(
  { labels, weights, iterationOf, noun, numberOf }: AttentionModel,
  frame: number,
  head: number,
  cell: Cell | undefined,
): Reading | undefined {
  if (!cell) return undefined;
  const index = cell.query * labels.length + cell.key;
  const at = (f: number) => weights(f, head)[index]!;
  return {
    query: labels[cell.query]!,
    key: labels[cell.key]!,
    queryIndex: cell.query,
    keyIndex: cell.key,
    weight: at(frame),
    ...(frame > 0 && {
      before: { weight: at(frame - 1), when: `${noun} ${numberOf(iterationOf(frame - 1))}` },
    }),
    first: `first stored ${noun}`,
  };
}

/** One sentence, for a screen reader. */
export function spokenReading({ query, key, weight, before }: Reading): string {
  const change = before ? `, change ${formatChange(weight - before.weight)} since ${before.when}` : "";
  return `${query} to ${key}: weight ${formatWeight(weight)}${change}`;
}

export interface Readout {
  readonly element: HTMLElement;
  /** @param speak whether to announce it: only for a reader who moves by keyboard */
  show(reading: Reading | undefined, speak: boolean): void;
}

export function readout(): Readout {
  const query = html("bdi", { class: "cot-token" });
  const key = html("bdi", { class: "cot-token" });
  const from = html("span", { class: "cot-index" });
  const to = html("span", { class: "cot-index" });
  const weight = html("dd", { class: "cot-weight" });
  const change = html("dd", { class: "cot-change" });
  const since = html("dt", {}, "change");
  const spoken = html("div", { class: "cot-hidden", "aria-live": "polite" });
  const element = html(
    "div",
    { class: "cot-readout" },
    html(
      "div",
      { class: "cot-pair" },
      html("div", { class: "cot-end" }, query, from),
      html(
        "div",
        { class: "cot-end cot-end-key" },
        html("span", { class: "cot-arrow", "aria-hidden": "true" }, "→"),
        key,
        to,
      ),
    ),
    html("dl", {}, html("dt", {}, "weight"), weight, since, change),
    html("p", { class: "cot-hint" }, "Point at a cell to read it."),
    spoken,
  );
  element.dataset.empty = "true";
  return {
    element,
    show(reading, speak) {
      element.dataset.empty = String(reading === undefined);
      if (!reading) return;
      const { before } = reading;
      setText(query, reading.query);
      setText(key, reading.key);
      query.title = reading.query;
      key.title = reading.key;
      setText(from, `query ${reading.queryIndex}`);
      setText(to, `key ${reading.keyIndex}`);
      setText(weight, formatWeight(reading.weight));
      setText(since, before ? `change since ${before.when}` : "change");
      setText(change, before ? formatChange(reading.weight - before.weight) : reading.first);
      if (speak) setText(spoken, spokenReading(reading));
    },
  };
}
