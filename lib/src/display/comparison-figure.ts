/** Several runs of one problem as a Plotly figure: what each had reached for the bytes that it had sent. */
import type { RanksCurve } from "../trace/index.js";
import { categorical } from "./colours.js";
import { type Figure, named } from "./ranks-figure.js";

/** @param curves of one measure */
export function comparisonFigure(curves: readonly RanksCurve[]): Figure {
  return {
    data: curves.map(({ name, up, values }, i) => ({
      type: "scatter",
      mode: "lines+markers",
      x: Array.from(up, (bytes) => bytes / 1e6),
      y: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
      name: named(name),
      line: { color: categorical[i % categorical.length], width: 2 },
      marker: { symbol: i },
    })),
    layout: {
      xaxis: { title: { text: "sent up by all sites / MB" }, rangemode: "tozero" },
      yaxis: { title: { text: named(curves[0]?.measure ?? "") } },
      legend: { orientation: "h", y: -0.2 },
    },
  };
}
