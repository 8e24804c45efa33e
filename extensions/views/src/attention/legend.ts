/** The colour legend: the scale with its numbers, and where the cell that is read lies on it. */
import { shortNumber } from "cotangent/trace";
import { scaleLinear } from "d3";
import { html, svg } from "../common/dom.js";
import { sequential, css, type Scheme } from "../common/colour.js";

export interface Legend {
  readonly element: HTMLElement;
  update(scheme: Scheme): void;
  point(weight: number | undefined): void;
}

/** Room that the scale has at least, and that a character needs, in CSS pixels. */
const [LENGTH, CHARACTER] = [190, 7];

/** Numbers to write under the scale: 0, round ones, and the end itself, none touching another. */
export function legendTicks(max: number): { readonly value: number; readonly text: string }[] {
  const label = (value: number) => ({ value, text: shortNumber(Number(value.toPrecision(2))) });
  const end = label(max);
  const round = scaleLinear().domain([0, max]).ticks(4).map(label);
  // The end's label is flush with the end; the others are centred on their place.
  const room = ({ text }: typeof end) => (end.text.length + text.length / 2 + 1) * CHARACTER;
  return [...round.filter((tick) => (1 - tick.value / max) * LENGTH >= room(tick)), end];
}

const STOPS = 24;

/**
 * @param max the weight at the end of the scale
 * @param same what the scale is the same for
 * @param unit what the frames are of: "iterations", "training steps"
 * @param bad whether to explain the hatching
 */
export function legend(max: number, same: "heads" | "frames", unit: string, bad: boolean): Legend {
  const ramp = html("div", { class: "cot-ramp" });
  const pointer = html("div", { class: "cot-pointer" });
  pointer.hidden = true;
  const ticks = html("div", { class: "cot-ticks" });
  const element = html(
    "div",
    { class: "cot-legend", title: `One scale for all heads and ${unit}` },
    html(
      "div",
      { class: "cot-section-title" },
      html("span", { class: "cot-head-title" }, "weight"),
      html("span", {}, `linear, same for all ${same === "heads" ? same : unit}`),
    ),
    html("div", { class: "cot-scale" }, pointer, ramp, ticks),
  );
  if (bad) {
    const swatch = svg("svg", { class: "cot-swatch", width: 28, height: 12, "aria-hidden": "true" });
    swatch.append(svg("rect", { width: 28, height: 12 }));
    for (let x = -10; x < 28; x += 6) swatch.append(svg("path", { d: `M${x},13 l14,-14` }));
    element.append(html("div", { class: "cot-legend-bad" }, swatch, "NaN or ∞"));
  }
  return {
    element,
    update(scheme) {
      const stops = Array.from({ length: STOPS + 1 }, (_, i) => css(sequential(scheme, i / STOPS)));
      ramp.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      ticks.replaceChildren(
        ...legendTicks(max).map(({ value, text }) => {
          const tick = html("span", {}, text);
          tick.style.left = `${(100 * value) / max}%`;
          return tick;
        }),
      );
    },
    point(weight) {
      pointer.hidden = weight === undefined || !Number.isFinite(weight);
      if (!pointer.hidden) pointer.style.left = `${100 * Math.min(Math.max(weight! / max, 0), 1)}%`;
    },
  };
}
