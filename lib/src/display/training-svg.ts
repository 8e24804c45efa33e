/** The curves of a training run in the still picture: what was told, ρ(J) with its limit 1, and the iterations of the solves. */
import { type AttentionTrace, shortNumber } from "../trace/index.js";
import { ink } from "./colours.js";
import { extremes } from "./line-chart-svg.js";
import { element, group, short, textElement, translate } from "./svg.js";
import { elide } from "./text.js";
import { wholeTicks } from "./ticks.js";

const MARGIN = { left: 46, right: 10, top: 18, bottom: 32 };
const GAP = 24;
const FONT = 10.5;
/** Series that were told which are drawn; the words have all of them. */
const MAX_TOLD = 2;

interface Panel {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** A level that means something. */
  readonly level?: { readonly at: number; readonly label: string };
  /** Whether the axis begins at 0. */
  readonly fromZero: boolean;
}

function panelsOf({ training, solver }: AttentionTrace): readonly Panel[] {
  const { series, spectralRadius, iterations } = training!;
  const most = iterations.reduce((a, b) => Math.max(a, b), 0);
  return [
    ...series.slice(0, MAX_TOLD).map(({ name, values }) => ({ name: elide(name, 24), values, fromZero: false })),
    ...(spectralRadius
      ? [{ name: "ρ(J) at the fixed point", values: spectralRadius, level: { at: 1, label: "ρ = 1" }, fromZero: true }]
      : []),
    {
      name: "iterations of the solve",
      values: iterations,
      fromZero: true,
      // The cap is far away from a run whose solves converge.
      ...(most >= solver.maxIterations && { level: { at: solver.maxIterations, label: "the most allowed" } }),
    },
  ]; // prettier-ignore
}

/** Lowest and highest finite value, level and zero included; never the same. */
function range({ values, level, fromZero }: Panel): [number, number] {
  let [low, high] = fromZero ? [0, 0] : [Infinity, -Infinity];
  for (const value of [...Array.from(values), ...(level ? [level.at * 1.05] : [])])
    if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function panelSvg(panel: Panel, width: number, height: number, last: number): string {
  const { values, level, name } = panel;
  const [low, high] = range(panel);
  const x = (k: number): number => (k / last) * width;
  const y = (value: number): number => height * (1 - (value - low) / (high - low));
  const label = { "font-size": FONT, fill: ink.quiet };
  let [path, pen] = ["", "M"];
  for (const k of extremes(values)) {
    if (!Number.isFinite(values[k])) pen = "M";
    else [path, pen] = [`${path}${pen}${short(x(k))} ${short(y(values[k]!))}`, "L"];
  }
  const at = level && y(level.at);
  return group(
    {},
    textElement(name, { x: 0, y: -6, "font-size": 11, "font-weight": "bold", fill: ink.text }),
    ...[low, high].map(
      (value) =>
        element("line", { x2: width, y1: y(value), y2: y(value), stroke: ink.grid }) +
        textElement(shortNumber(value), { x: -6, y: y(value) + 3.6, "text-anchor": "end", ...label }),
    ),
    ...(level
      ? [
          element("line", { x2: width, y1: at, y2: at, stroke: ink.tolerance, "stroke-width": 1.2, "stroke-dasharray": "5 3" }), // prettier-ignore
          textElement(level.label, { x: 4, y: at! > 14 ? at! - 4 : at! + 12, "font-size": 10, fill: ink.tolerance }), // prettier-ignore
        ]
      : []),
    element("path", { d: path, fill: "none", stroke: ink.curve, "stroke-width": 1.6, "stroke-linejoin": "round" }), // prettier-ignore
  );
}

/** @returns SVG whose outer box is width × height */
export function trainingSvg(trace: AttentionTrace, width: number, height: number): string {
  const panels = panelsOf(trace);
  const { steps } = trace.training!;
  const last = Math.max(1, steps.length - 1);
  const inner = width - MARGIN.left - MARGIN.right;
  const each = (height - MARGIN.top - MARGIN.bottom - GAP * (panels.length - 1)) / panels.length;
  const base = height - MARGIN.top - MARGIN.bottom;
  const label = { "font-size": FONT, fill: ink.quiet, "text-anchor": "middle" };
  const counts = wholeTicks(last, Math.max(3, inner / 60)).flatMap((k) => {
    const at = (k / last) * inner;
    return steps[k] === undefined ? [] : [
      element("line", { x1: at, x2: at, y1: base, y2: base + 4, stroke: ink.frame }),
      textElement(String(steps[k]), { x: at, y: base + 15, ...label }),
    ]; // prettier-ignore
  });
  return group(
    { transform: translate(MARGIN.left, MARGIN.top) },
    ...panels.map((panel, i) =>
      group({ transform: translate(0, i * (each + GAP)) }, panelSvg(panel, inner, each, last)),
    ),
    element("line", { x2: inner, y1: base, y2: base, stroke: ink.frame }),
    ...counts,
    textElement("training step", { x: inner / 2, y: base + 29, ...label }),
  );
}
