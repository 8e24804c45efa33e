/** The text alternative: every layer's rank, ceiling, bytes and error at a step, in a table. */
import { html, OWN_KEYS } from "../common/dom.js";
import { shortNumber } from "cotangent/trace";
import { visibleToken } from "../common/labels.js";
import { curvesOf } from "./measure-curve.js";
import type { RanksModel } from "./model.js";
import type { Place } from "./panel.js";
import { byteCount, layerLabel, layerSize, meanAt, meanRank } from "./wording.js";

/** Rows of the table; more are said to be left out. */
const MAX_ROWS = 64;

const COLUMNS = ["layer", "size", "effective rank", "ceiling", "σ₁", "up", "up by formula", "down", "down by formula", "relative error"] as const; // prettier-ignore

export interface Alternative {
  readonly element: HTMLDetailsElement;
  /** Fill the table, if it is open. */
  update(model: RanksModel, place: Place): void;
}

const sumAt = ({ trace }: RanksModel, values: Float64Array, frame: number, layer: number): number => {
  const [L, S] = [trace.layers.length, trace.sites.length];
  const at = (frame * L + layer) * S;
  return values.subarray(at, at + S).reduce((sum, value) => sum + value, 0);
};

function firstSigma({ trace, singularValues: K }: RanksModel, frame: number, layer: number): string {
  const [L, S] = [trace.layers.length, trace.sites.length];
  let most = NaN;
  for (let s = 0; s < S && K > 0; s++) {
    const value = trace.spectra.values[((frame * L + layer) * S + s) * K]!;
    if (!(most >= value)) most = Number.isNaN(value) ? most : value;
  }
  return Number.isNaN(most) ? "–" : shortNumber(most);
}

function row(model: RanksModel, { frame, theta }: Place, layer: number): readonly string[] {
  const { bytes, error, layers } = model.trace;
  const { ranks } = model.at(theta);
  const sent = (of: Float64Array) => byteCount(sumAt(model, of, frame, layer));
  const ceiling = meanAt(model, model.ceilings, frame, layer);
  const off = error.relative[frame * layers.length + layer]!;
  return [
    layerLabel(model, layer),
    layerSize(model, layer),
    meanRank(meanAt(model, ranks, frame, layer)),
    ceiling === null ? "–" : shortNumber(ceiling),
    firstSigma(model, frame, layer),
    sent(bytes.up),
    sent(bytes.upFormula),
    sent(bytes.down),
    sent(bytes.downFormula),
    Number.isNaN(off) ? "–" : shortNumber(off),
  ];
}

/** What every run reached in the end, where there are several. */
function runsTable(model: RanksModel): HTMLTableElement | undefined {
  const { measure, curves } = curvesOf(model);
  if (curves.length < 2) return undefined;
  const cells = (texts: readonly string[]) => texts.map((text) => html("td", {}, text));
  return html(
    "table",
    { class: "cot-runs" },
    html("caption", {}, "At the end of every run."),
    html(
      "thead",
      {},
      html(
        "tr",
        {},
        ...["run", visibleToken(measure), "up"].map((name) => html("th", { scope: "col" }, name)),
      ),
    ),
    html(
      "tbody",
      {},
      ...curves.map(({ name, values, bytes }) =>
        html(
          "tr",
          {},
          html("th", { scope: "row" }, html("bdi", {}, name)),
          ...cells([shortNumber(values.at(-1) ?? NaN), byteCount(bytes.at(-1) ?? NaN)]),
        ),
      ),
    ),
  );
}

/** @param onOpen asked to call `update` */
export function alternative(first: RanksModel, onOpen: () => void, signal: AbortSignal): Alternative {
  const caption = html("caption");
  const body = html("tbody");
  const element = html(
    "details",
    { class: "cot-alternative" },
    html("summary", { ...OWN_KEYS }, "Text alternative"),
    html(
      "div",
      { class: "cot-table-scroll", tabindex: 0, ...OWN_KEYS },
      html(
        "table",
        {},
        caption,
        html("thead", {}, html("tr", {}, ...COLUMNS.map((name) => html("th", { scope: "col" }, name)))),
        body,
      ),
    ),
  );
  const runs = runsTable(first);
  if (runs) element.append(runs);
  element.addEventListener("toggle", () => element.open && onOpen(), { signal });
  return {
    element,
    update(model, place) {
      if (!element.open) return;
      const { layers, sites } = model.trace;
      const shown = layers.slice(0, MAX_ROWS);
      const left = layers.length > MAX_ROWS ? ` The first ${MAX_ROWS} of ${layers.length} layers.` : "";
      caption.textContent = `After step ${place.step}, θ ${shortNumber(place.theta)}: ranks are means over the sites (${sites.length}); bytes are sums over them since the start.${left}`;
      body.replaceChildren(
        ...shown.map((_, layer) => {
          const [name, ...cells] = row(model, place, layer);
          return html(
            "tr",
            {},
            html("th", { scope: "row" }, html("bdi", {}, name!)),
            ...cells.map((text) => html("td", {}, text)),
          );
        }),
      );
    },
  };
}
