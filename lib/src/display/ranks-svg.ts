/** The still picture of a distributed run: how the effective ranks went, and what was reached for the bytes that were sent. */
import { ceilingsOf, curveOf, meanOverSites, type RanksTrace, sentOverSteps } from "../trace/index.js";
import { categorical, ink } from "./colours.js";
import { documentSvg, HEADING_BOTTOM, headingSvg, notesSvg, PAGE } from "./document-svg.js";
import { type Chart, chartLegend, type ChartLine, lineChartSvg } from "./line-chart-svg.js";
import { megabytes } from "./ranks-summary.js";
import { group, translate } from "./svg.js";
import { elide, wrap } from "./text.js";

/** More are not told apart in a still picture. */
const MOST_LAYERS = categorical.length;
const CHART_HEIGHT = 250;
const GAP = 24;
const LONGEST = 60;

type Panel = Pick<Chart, "title" | "xName" | "lines" | "scale">;

/** Means over the sites, each with its ceiling. */
function ranksPanel(trace: RanksTrace): Panel | null {
  const ceilings = ceilingsOf(trace);
  const numbers = ({ x, y }: ReturnType<typeof meanOverSites>) => ({ x, y: y.map((value) => value ?? NaN) });
  const lines = trace.layers
    .flatMap(({ kind, name }, l) => (kind === "outer" ? [{ name, l }] : []))
    .map((layer) => ({ ...layer, line: numbers(meanOverSites(trace, trace.effectiveRank, layer.l)) }))
    .filter(({ line }) => line.y.some(Number.isFinite))
    .slice(0, MOST_LAYERS)
    .flatMap(({ name, l, line }, i): ChartLine[] => {
      const colour = categorical[i]!;
      return [
        { ...numbers(meanOverSites(trace, ceilings, l)), name, colour, isLimit: true },
        { ...line, name, colour },
      ];
    });
  if (lines.length === 0) return null;
  return {
    title: `effective rank, σ ≥ ${trace.method.theta}·σ₁ (dotted: ceiling)`,
    xName: "step",
    lines,
    scale: "linear",
  };
}

/** The first measure against the bytes sent, beside that of other runs; the bytes alone where nothing was measured. */
function bytesPanel(trace: RanksTrace): Panel {
  const [measure] = trace.measures;
  const inMB = (values: ArrayLike<number | null>) => Array.from(values, (value) => (value ?? NaN) / 1e6);
  if (measure) {
    const others = trace.others.filter((other) => other.measure === measure.name);
    const curves = [curveOf(trace, measure, trace.method.name), ...others].slice(0, categorical.length);
    const lines = curves.map(({ name, up, values }, i) => ({
      name,
      x: inMB(up),
      y: values,
      colour: categorical[i]!,
    }));
    return { title: elide(measure.name, LONGEST), xName: "MB sent up, by all sites", lines, scale: "linear" };
  }
  const line = (name: string, bytes: Float64Array, colour: string): ChartLine => {
    const { x, y } = sentOverSteps(trace, bytes);
    return { name, x, y: inMB(y), colour };
  };
  const { up, down } = trace.bytes;
  return {
    title: "MB sent",
    xName: "step",
    lines: [line("up, by all sites", up, "#555555"), line("down", down, "#999999")],
    scale: "linear",
  };
}

/** A pure function of the trace: the same trace gives the same picture. @returns an SVG document, 880 units wide */
export function ranksSvg(trace: RanksTrace): string {
  const { method, sites, steps, status, bytes, layers, recorded, failures } = trace;
  const row = layers.length * sites.length;
  const sent = (values: Float64Array) => megabytes(values.subarray((recorded.length - 1) * row).reduce((sum, value) => sum + value, 0)); // prettier-ignore
  const panels = [ranksPanel(trace), bytesPanel(trace)].filter((panel) => panel !== null);
  const room = PAGE.width - 2 * PAGE.margin;
  const width = (room - GAP * (panels.length - 1)) / panels.length;
  const legends = panels.map(({ lines }) => chartLegend(lines, width));
  const title = `Distributed run: ${elide(method.name, LONGEST)}`;
  const state = { done: "", running: ", running", stopped: ", stopped" }[status];
  const subtitle = `${sites.length} sites · ${steps.toLocaleString("en")} steps${state} · ${sent(bytes.up)} up, ${sent(bytes.down)} down`;
  const lines = failures.flatMap(({ site, step, message }) => wrap(elide(`${sites[site]} failed at step ${step}: ${message}`, 200), 10.5, room)); // prettier-ignore
  const notes = notesSvg(lines.slice(0, 6), ink.bad);
  const below = HEADING_BOTTOM + CHART_HEIGHT + Math.max(...legends.map(({ height }) => height)) + 10;
  return documentSvg(
    { height: below + notes.height + PAGE.margin, title, description: [subtitle, ...lines].join(" ") },
    headingSvg(title, subtitle),
    ...panels.map((panel, i) =>
      group(
        { transform: translate(PAGE.margin + i * (width + GAP), HEADING_BOTTOM) },
        lineChartSvg({ ...panel, width, height: CHART_HEIGHT }),
        group({ transform: translate(0, CHART_HEIGHT + 4) }, legends[i]!.svg),
      ),
    ),
    group({ transform: translate(PAGE.margin, below) }, notes.svg),
  );
}
