/** How the parts of the view are arranged, and what is written around them. */
import { html, setText } from "../common/dom.js";
import { icon } from "../common/icons.js";
import type { RanksModel } from "./model.js";
import type { Panel } from "./panel.js";
import { layersDrawn } from "./rank-lines.js";
import { notes, subject, verdict } from "./wording.js";

export interface Parts {
  readonly transport: HTMLElement;
  readonly slider: HTMLElement;
  readonly panels: readonly HTMLElement[];
  readonly alternative: HTMLElement;
}

/** Phrases with dots between; a line breaks between them only. */
const phrases = (list: readonly string[]): (Node | string)[] =>
  list.flatMap((text, i) => [...(i > 0 ? [" · "] : []), html("span", { class: "cot-phrase" }, text)]);

export interface Frame {
  readonly element: HTMLElement;
  /** Where the chart is drawn. */
  readonly stage: HTMLElement;
  /** Show a sentence in place of the chart, or the chart again. */
  say(sentence: string | undefined): void;
  caption(text: string): void;
}

/** A titled place for a chart, with its controls. */
export function frame({ name, title }: Panel, controls: readonly HTMLElement[]): Frame {
  const stage = html("div", { class: "cot-chart", role: "img" });
  const caption = html("p", { class: "cot-caption" });
  const sentence = html("p", { class: "cot-chart-message" });
  sentence.hidden = true;
  const element = html(
    "section",
    { class: "cot-panel-frame", "data-panel": name, "aria-label": title },
    html(
      "header",
      { class: "cot-panel-header" },
      html("h3", { class: "cot-panel-title" }, title),
      ...controls,
    ),
    caption,
    sentence,
    stage,
  );
  return {
    element,
    stage,
    say(text) {
      sentence.textContent = text ?? "";
      sentence.hidden = text === undefined;
      stage.hidden = text !== undefined;
    },
    caption(text) {
      setText(caption, text);
      stage.setAttribute("aria-label", `${title}. ${text}`);
    },
  };
}

export interface Page {
  readonly element: HTMLElement;
  /** Write what is said of another trace of the same run. */
  update(model: RanksModel): void;
}

function head(model: RanksModel): readonly HTMLElement[] {
  const { level, title, details } = verdict(model);
  return [
    html(
      "p",
      { class: "cot-verdict", "data-level": level },
      html("span", { class: "cot-verdict-sign" }, icon(level)),
      html("strong", {}, title),
      html("span", { class: "cot-verdict-details" }, ...phrases(details)),
    ),
    html("p", { class: "cot-subject" }, ...phrases(subject(model))),
  ];
}

export function page(first: RanksModel, parts: Parts): Page {
  const header = html("header", { class: "cot-header" });
  const remarks = html("ul", { class: "cot-notes" });
  const update = (model: RanksModel) => {
    header.replaceChildren(...head(model));
    remarks.replaceChildren(...notes(model, layersDrawn(model).length).map((note) => html("li", {}, note)));
  };
  update(first);
  return {
    element: html(
      "section",
      { class: "cot-view cot-ranks", "aria-label": "Distributed run" },
      header,
      html("div", { class: "cot-time" }, parts.transport, parts.slider),
      html("div", { class: "cot-panels" }, ...parts.panels),
      remarks,
      parts.alternative,
    ),
    update,
  };
}
