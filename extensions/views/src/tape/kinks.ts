/** The kink lens: which share of the paths is on each side of a kink, and which share is so near that a difference would cross it. */
import { defaultFraction, kinkWords, percent, shortNumber, type TapePathKink } from "cotangent/trace";
import { html, OWN_KEYS, setText, svg } from "../common/dom.js";
import { visibleToken } from "../common/labels.js";
import type { TapeModel } from "./model.js";

const WIDTH = 190;
const HEIGHT = 16;

export interface KinkPanel {
  readonly element: HTMLElement;
  /** Show the kinks and comparisons of a node; of one that has none, nothing. */
  show(node: number): void;
}

/** The paths below and above as a bar, with those within δ in its middle, where the two meet. */
function bar({ paths, below, above, within }: TapePathKink, at: number): SVGSVGElement {
  const x = (count: number) => (WIDTH * count) / paths;
  const near = within[at] ?? 0;
  // Those exactly at the kink are between the sides.
  const middle = x(below) + x(paths - below - above) / 2;
  const left = Math.min(Math.max(middle - x(near) / 2, 0), WIDTH - x(near));
  return svg(
    "svg",
    { class: "cot-kink-bar", width: WIDTH + 2, height: HEIGHT + 6, viewBox: `-1 -3 ${WIDTH + 2} ${HEIGHT + 6}`, "aria-hidden": "true" }, // prettier-ignore
    svg("rect", { class: "cot-kink-below", x: 0, y: 0, width: x(below), height: HEIGHT }),
    svg("rect", { class: "cot-kink-above", x: WIDTH - x(above), y: 0, width: x(above), height: HEIGHT }),
    svg("rect", { class: "cot-kink-near", x: left, y: 3, width: x(near), height: HEIGHT - 6 }),
    svg("line", { x1: middle, x2: middle, y1: -3, y2: HEIGHT + 3 }),
  );
}

export function kinkPanel(model: TapeModel, signal: AbortSignal): KinkPanel {
  const { paths } = model.trace;
  const bars = html("div", { class: "cot-kink-list" });
  const element = html("div", { class: "cot-kinks", role: "group", "aria-label": "Kinks over the paths" }, bars); // prettier-ignore
  element.hidden = true;
  if (paths === null || paths.kinks.length === 0 || paths.fractions.length === 0)
    return { element, show() {} };
  let at = defaultFraction(paths);
  let shown: readonly TapePathKink[] = [];
  const slider = html("input", { type: "range", class: "cot-kink-slider", min: 0, max: paths.fractions.length - 1, step: 1, "aria-label": "δ: how near to the kink, as a share of the standard deviation σ of the margin", ...OWN_KEYS }); // prettier-ignore
  const value = html("output", {});
  element.append(
    html("label", { class: "cot-kink-row" }, html("span", {}, "within δ ="), slider, value),
    html("p", { class: "cot-kink-note" }, "σ: standard deviation of the margin over the paths"),
  );

  function figure(kink: TapePathKink): HTMLElement {
    const { what, isBranch, paths: count, below, above, within } = kink;
    const near = percent(within[at]!, count);
    return html(
      "figure",
      { class: "cot-kink" },
      html("figcaption", {}, html("strong", {}, `${near} of ${count} paths`), ` within δ of the ${isBranch ? `threshold of ${visibleToken(what)}` : `kink of ${visibleToken(what)}`}`), // prettier-ignore
      bar(kink, at),
      html(
        "span",
        { class: "cot-spread-ends" },
        html("span", {}, `${percent(below, count)} below`),
        html("span", {}, `${percent(above, count)} above`),
      ),
    );
  }

  function draw(): void {
    element.hidden = shown.length === 0;
    if (shown.length === 0) return;
    bars.replaceChildren(...shown.map(figure));
    const fraction = paths!.fractions[at]!;
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", `δ = ${fraction} σ. ${shown.map((kink) => `${visibleToken(kink.what)}: ${kinkWords(kink, paths!, at)}`).join(". ")}`); // prettier-ignore
    // Each comparison has a δ of its own.
    setText(value, `${fraction} σ${shown.length === 1 ? ` = ${shortNumber(fraction * shown[0]!.spread)}` : ""}`); // prettier-ignore
  }

  slider.addEventListener(
    "input",
    () => {
      at = slider.valueAsNumber;
      draw();
    },
    { signal },
  );
  return {
    element,
    show(node) {
      shown = node < 0 ? [] : (model.kinks.get(node) ?? []);
      draw();
    },
  };
}
