/** A distributed run as a Plotly figure: effective ranks that fall, and what was sent meanwhile. */
import type { RanksTrace } from "../trace/index.js";

/** Points of a line: between them lie means, so that batches do not hide the course. */
const POINTS = 120;

/** Distinguishable by colour-blind readers, and in grey (Okabe & Ito, 2008). */
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7f7f7f"];

export interface Figure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
}

interface Line {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** Means over bins of steps and over sites of a [T, L, S] array, for one layer; null where nothing was known. */
export function meanOverSites(trace: RanksTrace, values: ArrayLike<number>, layer: number): Line {
  const { recorded, layers, sites } = trace;
  const [T, L, S] = [recorded.length, layers.length, sites.length];
  const bins = Math.min(T, POINTS);
  const x: number[] = [];
  const y: (number | null)[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const [from, to] = [Math.floor((bin * T) / bins), Math.floor(((bin + 1) * T) / bins)];
    let [sum, count] = [0, 0];
    for (let t = from; t < to; t++)
      for (let s = 0; s < S; s++) {
        const value = values[(t * L + layer) * S + s]!;
        if (Number.isFinite(value)) [sum, count] = [sum + value, count + 1];
      }
    x.push(recorded[to - 1]!);
    y.push(count > 0 ? sum / count : null);
  }
  return { x, y };
}

/** Bytes from the start of the run to each recorded step, over all layers and sites, in MB. */
export function sentUntil({ recorded, layers, sites }: RanksTrace, bytes: Float64Array): Line {
  const row = layers.length * sites.length;
  const total = (t: number) => bytes.subarray(t * row, (t + 1) * row).reduce((sum, value) => sum + value, 0);
  const places = Array.from({ length: Math.min(recorded.length, POINTS) }, (_, i, n = Math.min(recorded.length, POINTS)) =>
    Math.floor(((i + 1) * recorded.length) / n) - 1,
  ); // prettier-ignore
  return { x: places.map((t) => recorded[t]!), y: places.map((t) => total(t) / 1e6) };
}

/** The most that a layer's effective rank can be: of its widths, with the column of the bias, and of the rows of a site's batch. */
export function ceilingOf(trace: RanksTrace, layer: number): number {
  const { inputs, outputs, hasBias } = trace.layers[layer]!;
  const rows = trace.rows.reduce((most, count) => Math.max(most, count), 0);
  return Math.min(rows, inputs + (hasBias ? 1 : 0), outputs);
}

const trimmed = (text: string): string => text.replace(/[<>&]/g, " ").slice(0, 60);

/**
 * Above: the effective rank of every weight's gradient (means over the sites), with its ceiling where that is in sight. Below: the
 * bytes sent, up and down; and what else was measured. A method that looks at no ranks, as dSGD, has the lower plot alone.
 */
export function ranksFigure(trace: RanksTrace): Figure {
  const outer = trace.layers.flatMap(({ kind }, l) => (kind === "outer" ? [l] : []));
  const ranks = outer
    .map((l) => ({ l, line: meanOverSites(trace, trace.effectiveRank, l) }))
    .filter(({ line }) => line.y.some((value) => value !== null));
  const hasRanks = ranks.length > 0;
  const top = Math.max(0, ...ranks.flatMap(({ line }) => line.y.map((value) => value ?? 0)));
  const data: Record<string, unknown>[] = ranks.flatMap(({ l, line }, i) => {
    const [colour, name, ceiling] = [COLOURS[i % COLOURS.length]!, trimmed(trace.layers[l]!.name), ceilingOf(trace, l)]; // prettier-ignore
    const common = { type: "scatter", mode: "lines", legendgroup: name, xaxis: "x", yaxis: "y" };
    const shown = { ...common, ...line, name, line: { color: colour, width: 2 } };
    if (ceiling > 1.5 * top) return [shown];
    const [first, last] = [trace.recorded[0]!, trace.recorded.at(-1)!];
    return [
      shown,
      { ...common, x: [first, last], y: [ceiling, ceiling], name: `ceiling of ${name}`, showlegend: false, line: { color: colour, width: 1, dash: "dot" } }, // prettier-ignore
    ];
  });
  const lower = { type: "scatter", mode: "lines", xaxis: "x", yaxis: "y2" };
  data.push(
    { ...lower, ...sentUntil(trace, trace.bytes.up), name: "up (all sites)", line: { color: "#555555", width: 2 } },
    { ...lower, ...sentUntil(trace, trace.bytes.down), name: "down", line: { color: "#999999", width: 2, dash: "dash" } },
  ); // prettier-ignore
  for (const [i, { name, steps, values }] of trace.measures.entries())
    data.push({
      type: "scatter",
      mode: "lines+markers",
      xaxis: "x",
      yaxis: "y3",
      x: [...steps],
      y: [...values].map((value) => (Number.isFinite(value) ? value : null)),
      name: trimmed(name),
      line: { color: COLOURS.at(-2 - (i % 4)), width: 2 },
    });
  const { method } = trace;
  return {
    data,
    layout: {
      title: { text: `${trimmed(method.name)}${hasRanks ? `: effective rank, σ ≥ ${method.theta}·σ₁` : ": bytes sent"}` },
      height: hasRanks ? 520 : 320,
      margin: { l: 60, r: 60, t: 50, b: 50 },
      xaxis: { title: { text: "step" }, anchor: "y2" },
      ...(hasRanks && { yaxis: { title: { text: "effective rank" }, rangemode: "tozero", domain: [0.5, 1] } }),
      yaxis2: { title: { text: "sent / MB" }, rangemode: "tozero", domain: hasRanks ? [0, 0.4] : [0, 1] },
      ...(trace.measures.length > 0 && {
        yaxis3: { title: { text: trimmed(trace.measures.map(({ name }) => name).join(", ")) }, overlaying: "y2", side: "right", rangemode: "tozero", showgrid: false, tickmode: "auto" },
      }),
      legend: { orientation: "h", y: -0.15 },
    },
  }; // prettier-ignore
}
