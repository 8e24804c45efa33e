/** How the parts of the view are arranged, and what is written around them. */
import { html } from "../common/dom.js";
import { icon } from "../common/icons.js";
import type { AttentionModel } from "./model.js";
import { notes, subject, verdict } from "./wording.js";

export interface Parts {
  readonly figure: HTMLElement;
  readonly heads: HTMLElement;
  readonly legend: HTMLElement;
  readonly readout: HTMLElement;
  readonly transport: HTMLElement;
  readonly slider: HTMLElement;
  /** What a training run adds. */
  readonly training: HTMLElement;
  readonly strip: Element;
  readonly tokens: HTMLElement;
  readonly analysis: HTMLElement;
  /** Where the solve runs and can be steered. */
  readonly steering: HTMLElement | undefined;
  readonly alternative: HTMLElement;
  /** A note that is shown or not as the room changes. */
  readonly sharing: HTMLElement;
}

/** Phrases with dots between; a line breaks between them only. */
const phrases = (list: readonly string[]): (Node | string)[] =>
  list.flatMap((text, i) => [...(i > 0 ? [" · "] : []), html("span", { class: "cot-phrase" }, text)]);

export function page({ trace, summary, curve }: AttentionModel, parts: Parts): HTMLElement {
  const { level, title, details } = verdict(trace, curve);
  const said = notes(trace, summary, curve);
  return html(
    "section",
    { class: "cot-view cot-attention", "aria-label": subject(trace)[0] },
    html(
      "header",
      { class: "cot-header" },
      html(
        "p",
        { class: "cot-verdict", "data-level": level },
        html("span", { class: "cot-verdict-sign" }, icon(level)),
        html("strong", {}, title),
        html("span", { class: "cot-verdict-details" }, ...phrases(details)),
      ),
      html("p", { class: "cot-subject" }, ...phrases(subject(trace))),
      ...(parts.steering ? [parts.steering] : []),
    ),
    html(
      "div",
      { class: "cot-body" },
      parts.figure,
      html("div", { class: "cot-panel" }, parts.heads, parts.legend, parts.readout),
    ),
    html(
      "div",
      { class: "cot-time" },
      parts.transport,
      parts.slider,
      parts.training,
      parts.strip,
      parts.tokens,
    ),
    parts.analysis,
    html("ul", { class: "cot-notes" }, ...said.map((note) => html("li", {}, note)), parts.sharing),
    parts.alternative,
  );
}
