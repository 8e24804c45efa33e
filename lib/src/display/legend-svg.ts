/** The legend of the heat maps: the colour scale with its ends, and the hatching when it occurs. */
import { shortNumber } from "../trace/index.js";
import { ink, sequentialStops } from "./colours.js";
import { HATCH_ID } from "./heatmap-svg.js";
import { element, group, textElement } from "./svg.js";

const BAR = { id: "weights", width: 150, height: 10 };

export const legendGradient = (): string =>
  element(
    "linearGradient",
    { id: BAR.id },
    ...sequentialStops.map((stop, i) =>
      element("stop", { offset: i / (sequentialStops.length - 1), "stop-color": stop }),
    ),
  );

export const LEGEND_HEIGHT = 42;

/**
 * @param darkest the weight at the dark end
 * @param hatched how many cells are not finite
 */
export function legendSvg(darkest: number, hatched: number): string {
  const small = { "font-size": 10.5, fill: ink.quiet };
  const at = 18;
  const bar = group(
    {},
    textElement("attention weight", { y: 10, "font-size": 11.5, "font-weight": "bold", fill: ink.text }),
    element("rect", {
      y: at,
      width: BAR.width,
      height: BAR.height,
      fill: `url(#${BAR.id})`,
      stroke: ink.frame,
    }),
    textElement("0", { y: at + 23, ...small }),
    textElement(shortNumber(darkest), { x: BAR.width, y: at + 23, "text-anchor": "end", ...small }),
  );
  if (hatched === 0) return bar;
  const box = { x: BAR.width + 22, y: at, width: 18, height: BAR.height };
  return (
    bar +
    element("rect", { ...box, fill: `url(#${HATCH_ID})`, stroke: ink.frame }) +
    textElement(`NaN or ∞`, { x: box.x, y: at + 23, ...small })
  );
}
