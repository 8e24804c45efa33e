/** A distributed run as a Plotly figure: effective ranks that fall, and what was sent meanwhile. */
import { ceilingsOf, meanOverSites, type RanksTrace, sentOverSteps } from "../trace/index.js";
import { categorical } from "./colours.js";
import { plotlyText } from "./plotly-text.js";

/** Circles of the bytes by formula: few, so that the line of what was sent shows between them. */
const CIRCLES = 8;

export interface Figure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

export const named = (text: string): string => plotlyText(text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** Effective ranks (means over the sites), each with its ceiling as a dotted line. */
function rankLines(trace: RanksTrace): Record<string, unknown>[] {
  const ceilings = ceilingsOf(trace);
  const outer = trace.layers.flatMap(({ kind }, l) => (kind === "outer" ? [l] : []));
  return outer
    .map((l) => ({ l, line: meanOverSites(trace, trace.effectiveRank, l) }))
    .filter(({ line }) => line.y.some((value) => value !== null))
    .flatMap(({ l, line }, i) => {
      const colour = categorical[i % categorical.length]!;
      // Its input is the data: what is sent of it is made of samples.
      const mark = l === outer[0] && outer.length > 1 ? " ◆ first layer" : "";
      const name = `${named(trace.layers[l]!.name)}${mark}`;
      const common = { type: "scatter", mode: "lines", legendgroup: name, xaxis: "x", yaxis: "y" };
      const ceiling = { ...meanOverSites(trace, ceilings, l), name: `ceiling of ${name}`, showlegend: false };
      return [
        { ...common, ...line, name, line: { color: colour, width: 2 } },
        { ...common, ...ceiling, line: { color: colour, width: 1, dash: "dot" } },
      ];
    });
}

function sentLines(trace: RanksTrace): Record<string, unknown>[] {
  const { up, down, upFormula, downFormula } = trace.bytes;
  const inMB = ({ x, y }: ReturnType<typeof sentOverSteps>) => ({
    x,
    y: y.map((value) => value! / 1e6),
    type: "scatter",
    xaxis: "x",
    yaxis: "y2",
  });
  const line = (bytes: Float64Array, name: string, color: string, dash: string) => ({ ...inMB(sentOverSteps(trace, bytes)), mode: "lines", name, line: { color, width: 2, dash } }); // prettier-ignore
  const circles = (bytes: Float64Array, name: string, color: string, showlegend: boolean) => ({
    ...inMB(sentOverSteps(trace, bytes, CIRCLES)), mode: "markers", name, legendgroup: "formula", showlegend, marker: { symbol: "circle-open", size: 8, color },
  }); // prettier-ignore
  return [
    line(up, "up (all sites)", "#555555", "solid"),
    line(down, "down", "#999999", "dash"),
    circles(upFormula, "by formula", "#555555", true),
    circles(downFormula, "down by formula", "#999999", false),
  ];
}

const measureLines = ({ measures }: RanksTrace): Record<string, unknown>[] =>
  measures.map(({ name, steps, values }, i) => ({
    type: "scatter",
    mode: "lines+markers",
    xaxis: "x",
    yaxis: "y3",
    x: [...steps],
    y: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    name: named(name),
    line: { color: categorical.at(-2 - (i % 4)), width: 2 },
  }));

/**
 * Above: the effective rank of every weight's gradient (means over the sites), with its ceiling. Below: the bytes sent, up and
 * down, beside what the closed formulas say; and what else was measured. A method that looks at no ranks, as dSGD, has the lower
 * plot alone.
 */
export function ranksFigure(trace: RanksTrace): Figure {
  const { method, measures } = trace;
  const ranks = rankLines(trace);
  const hasRanks = ranks.length > 0;
  return {
    data: [...ranks, ...sentLines(trace), ...measureLines(trace)],
    layout: {
      title: { text: `${named(method.name)}${hasRanks ? `: effective rank, σ ≥ ${method.theta}·σ₁` : ": bytes sent"}` },
      height: hasRanks ? 520 : 320,
      margin: { l: 60, r: 60, t: 50, b: 50 },
      xaxis: { title: { text: "step" }, anchor: "y2" },
      ...(hasRanks && { yaxis: { title: { text: "effective rank" }, rangemode: "tozero", domain: [0.5, 1] } }),
      yaxis2: { title: { text: "sent / MB" }, rangemode: "tozero", domain: hasRanks ? [0, 0.4] : [0, 1] },
      ...(measures.length > 0 && {
        yaxis3: { title: { text: named(measures.map(({ name }) => name).join(", ")) }, overlaying: "y2", side: "right", rangemode: "tozero", showgrid: false, tickmode: "auto" },
      }),
      legend: { orientation: "h", y: -0.15 },
    },
  }; // prettier-ignore
}
