/** How the parts of the tape view are arranged, and what is written around them. */
import { html, OWN_KEYS } from "../common/dom.js";
import { icon } from "../common/icons.js";
import type { TapeModel } from "./model.js";
import { bannersOf, headline, notesOf, placeOf } from "./wording.js";

export interface Parts {
  readonly graph: HTMLElement;
  /** Above the graph: what it can be told. */
  readonly graphSettings: readonly HTMLElement[];
  readonly source: HTMLElement;
  readonly readout: HTMLElement;
  readonly transport: HTMLElement;
  readonly slider: HTMLElement;
  readonly strip: Element;
  readonly listing: HTMLElement;
}

function banner(
  model: TapeModel,
  { level, node, what, remedy }: ReturnType<typeof bannersOf>[number],
): HTMLElement {
  const place = placeOf(model, node);
  const link =
    node < 0
      ? []
      : [html("button", { type: "button", class: "cot-node-link", "data-node": node, ...OWN_KEYS }, `${model.numberOf(node)} ${model.nameOf(node)}${place ? `, ${place}` : ""}`)]; // prettier-ignore
  return html(
    "li",
    { class: "cot-banner", "data-level": level },
    html("span", { class: "cot-banner-sign" }, icon(level)),
    html("span", { class: "cot-banner-text" }, html("strong", {}, what), " ", remedy, " ", ...link),
  );
}

/** A scale from no share to the largest. */
const scale = (hasProducts: boolean): HTMLElement =>
  html(
    "span",
    { class: "cot-heat-scale" },
    html("span", {}, "|v · v̄|"),
    html("span", {}, "0"),
    html("span", { class: "cot-heat", "aria-hidden": "true" }),
    html(
      "span",
      {},
      `largest: how much the output changes with a share of the value. Dashed: has a kink.${hasProducts ? " Falling bars: the gradient of a weight has its ranks here." : ""}`,
    ),
  );

/** @param onPick a node that a banner names was pointed at */
export function page(
  model: TapeModel,
  parts: Parts,
  onPick: (node: number) => void,
  signal: AbortSignal,
): HTMLElement {
  // prettier-ignore
  const { level, title, details } = headline(model);
  const banners = html(
    "ul",
    { class: "cot-banners" },
    ...bannersOf(model).map((each) => banner(model, each)),
  );
  banners.addEventListener(
    "click",
    (event) => {
      const link = (event.target as Element).closest<HTMLElement>("[data-node]");
      if (link) onPick(Number(link.dataset["node"]));
    },
    { signal },
  );
  return html(
    "section",
    { class: "cot-view cot-tape", "aria-label": "Adjoint tape" },
    html(
      "header",
      { class: "cot-header" },
      html(
        "p",
        { class: "cot-verdict", "data-level": level },
        html("span", { class: "cot-verdict-sign" }, icon(level)),
        html("strong", {}, title),
        html("span", { class: "cot-verdict-details" }, details.join(" · ")),
      ),
    ),
    banners,
    html("div", { class: "cot-time" }, parts.transport, parts.slider, parts.strip),
    html(
      "div",
      { class: "cot-tape-body" },
      html("div", { class: "cot-tape-settings" }, ...parts.graphSettings, scale(model.products.size > 0)),
      parts.graph,
      html("div", { class: "cot-tape-side" }, parts.source, parts.readout),
    ),
    html("ul", { class: "cot-notes" }, ...notesOf(model).map((note) => html("li", {}, note))),
    parts.listing,
  );
}
