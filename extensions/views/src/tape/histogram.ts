/** How a number is spread over the paths of a simulation, and where that of the path that is shown stands. */
import { shortNumber } from "cotangent/trace";
import { extent, bin } from "d3";
import { html, svg } from "../common/dom.js";

const WIDTH = 190;
const HEIGHT = 46;
const BINS = 24;

/** @param values of all paths */
export function histogram(title: string, values: Float32Array, shown: number): HTMLElement {
  const finite = Array.from(values).filter(Number.isFinite);
  const [low, high] = extent(finite);
  const bad = values.length - finite.length;
  const note = bad > 0 ? `, ${bad} not finite` : "";
  if (low === undefined || high === undefined)
    return html("figure", { class: "cot-spread" }, html("figcaption", {}, `${title}: nothing finite`));
  if (low === high)
    return html(
      "figure",
      { class: "cot-spread" },
      html("figcaption", {}, `${title}: ${shortNumber(low)} on all paths${note}`),
    );
  const bins = bin().domain([low, high]).thresholds(BINS)(finite);
  const most = Math.max(...bins.map(({ length }) => length));
  const x = (value: number) => ((value - low) / (high - low)) * WIDTH;
  const bars = bins.map((each) =>
    svg("rect", {
      x: x(each.x0!),
      y: HEIGHT * (1 - each.length / most),
      width: Math.max(0.5, x(each.x1!) - x(each.x0!) - 0.5),
      height: (HEIGHT * each.length) / most,
    }),
  );
  const own = values[shown]!;
  const mark = Number.isFinite(own) ? [svg("line", { x1: x(own), x2: x(own), y1: -2, y2: HEIGHT + 3 })] : [];
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const error = Math.sqrt(
    finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (finite.length - 1) / finite.length,
  );
  return html(
    "figure",
    { class: "cot-spread" },
    html("figcaption", {}, `${title}: mean ${shortNumber(mean)} ± ${shortNumber(error)}${note}`),
    svg(
      "svg",
      {
        width: WIDTH + 2,
        height: HEIGHT + 4,
        viewBox: `-1 -2 ${WIDTH + 2} ${HEIGHT + 5}`,
        "aria-hidden": "true",
      },
      ...bars,
      ...mark,
    ),
    html(
      "span",
      { class: "cot-spread-ends" },
      html("span", {}, shortNumber(low)),
      html("span", {}, shortNumber(high)),
    ),
  );
}
