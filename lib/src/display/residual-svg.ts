/** The residual curve on a logarithmic axis, with the tolerance and the iterate that was returned. */
import { type AttentionTrace, residualCurve, shortNumber } from "../trace/index.js";
import { ink } from "./colours.js";
import { extremes } from "./line-chart-svg.js";
import { element, group, short, textElement, translate } from "./svg.js";
import { exponentTicks, wholeTicks } from "./ticks.js";

const MARGIN = { left: 46, right: 10, top: 22, bottom: 36 };
const FONT = 10.5;
/** Above this many points in all, the tokens' own curves are left out. */
const MAX_TOKEN_POINTS = 20_000;
/** Up to this many iterations each has a dot. */
const MAX_DOTS = 48;

/** @returns SVG whose outer box is width × height */
export function residualSvg(trace: AttentionTrace, width: number, height: number): string {
  const { values, name, tolerance } = residualCurve(trace);
  const plot = {
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
  const last = Math.max(1, values.length - 1);
  const [low, high] = exponents([...values, ...(tolerance === undefined ? [] : [tolerance])]);
  const x = (k: number): number => (k / last) * plot.width;
  const y = (value: number): number => {
    const t = (Math.log10(value) - low) / (high - low);
    return plot.height * (1 - t);
  };

  const parts = [axes(plot, last, low, high, x, y)];
  if (showsTokens(trace)) parts.push(clip(plot), tokenCurves(trace, x, y));
  if (tolerance !== undefined) parts.push(toleranceLine(tolerance, plot, y));
  parts.push(curve(values, x, y, { stroke: ink.curve, "stroke-width": 1.8 }));
  if (values.length <= MAX_DOTS) parts.push(dots(values, x, y));
  parts.push(notFinite(values, x), marker(values, trace.outcome.bestIteration, plot.height, x, y));
  const title = textElement(name, { x: 0, y: 11, "font-size": 11.5, "font-weight": "bold", fill: ink.text });
  return title + group({ transform: translate(MARGIN.left, MARGIN.top) }, ...parts);
}

/** The tokens' own curves are in the units of the main one only when that is their maximum. */
const showsTokens = ({ solver, tokens, residuals }: AttentionTrace): boolean =>
  solver.norm === "token" &&
  solver.mode === "relative" &&
  tokens.length > 1 &&
  residuals.perToken.length <= MAX_TOKEN_POINTS;

/** What the marks in the curve mean. */
export const curveKey = (trace: AttentionTrace): string =>
  `Ring: the iterate that was returned.${showsTokens(trace) ? " Pale lines: single tokens." : ""}`;

type Scale = (value: number) => number;
interface Plot {
  readonly width: number;
  readonly height: number;
}

/** Powers of ten around the positive, finite values; at least two decades. */
function exponents(values: readonly number[]): [number, number] {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  const low = Math.floor(logs.reduce((a, b) => Math.min(a, b), logs[0] ?? -1));
  const high = Math.ceil(logs.reduce((a, b) => Math.max(a, b), logs[0] ?? 0));
  return [Math.min(low, high - 2), high];
}

function axes(plot: Plot, last: number, low: number, high: number, x: Scale, y: Scale): string {
  const label = { "font-size": FONT, fill: ink.quiet };
  const powers = exponentTicks(low, high, 6).map((exponent) => {
    const at = y(10 ** exponent);
    return (
      element("line", { x2: plot.width, y1: at, y2: at, stroke: ink.grid }) +
      textElement(powerOfTen(exponent), { x: -6, y: at + 3.6, "text-anchor": "end", ...label })
    );
  });
  const counts = wholeTicks(last, Math.max(3, plot.width / 60)).map(
    (k) =>
      element("line", { x1: x(k), x2: x(k), y1: plot.height, y2: plot.height + 4, stroke: ink.frame }) +
      textElement(String(k), { x: x(k), y: plot.height + 16, "text-anchor": "middle", ...label }),
  );
  const base = element("line", { x2: plot.width, y1: plot.height, y2: plot.height, stroke: ink.frame });
  const name = textElement("iteration", {
    x: plot.width / 2,
    y: plot.height + 31,
    "text-anchor": "middle",
    ...label,
  });
  return group({}, ...powers, base, ...counts, name);
}

/** For example 10⁻⁵. */
const powerOfTen = (exponent: number): string =>
  exponent === 0 ? "1" : exponent === 1 ? "10" : `10${superscript(String(exponent))}`;

const superscript = (digits: string): string =>
  digits.replace(/[-\d]/g, (digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!));

type Stroke = Readonly<Record<string, string | number>>;

/** A line through the positive, finite values; broken where there are none. */
function curve(values: ArrayLike<number>, x: Scale, y: Scale, stroke: Stroke): string {
  let path = "";
  let pen = "M";
  for (const k of extremes(values)) {
    const value = values[k]!;
    if (!(value > 0 && Number.isFinite(value))) {
      pen = "M";
      continue;
    }
    path += `${pen}${short(x(k))} ${short(y(value))}`;
    pen = "L";
  }
  return element("path", { d: path, fill: "none", "stroke-linejoin": "round", ...stroke });
}

const CLIP_ID = "residual-plot";

/** A token may be far below the axis, which ends a little below the worst one. */
const clip = ({ width, height }: Plot): string =>
  element("clipPath", { id: CLIP_ID }, element("rect", { width, height }));

function tokenCurves({ tokens, residuals }: AttentionTrace, x: Scale, y: Scale): string {
  const N = tokens.length;
  const curves = tokens.map((_, i) => {
    const own = residuals.relative.map((_value, k) => residuals.perToken[k * N + i]!);
    return curve(own, x, y, {
      stroke: ink.token,
      "stroke-width": 0.8,
      "stroke-opacity": N > 24 ? 0.35 : 0.6,
    });
  });
  return group({ "clip-path": `url(#${CLIP_ID})` }, ...curves);
}

function toleranceLine(tolerance: number, plot: Plot, y: Scale): string {
  const at = y(tolerance);
  const below = at < plot.height - 16;
  return group(
    {},
    element("line", {
      x2: plot.width,
      y1: at,
      y2: at,
      stroke: ink.tolerance,
      "stroke-width": 1.2,
      "stroke-dasharray": "5 3",
    }),
    textElement(`tolerance ${shortNumber(tolerance)}`, {
      x: 4,
      y: below ? at + 12 : at - 5,
      "font-size": 10,
      fill: ink.tolerance,
    }),
  );
}

const dots = (values: Float64Array, x: Scale, y: Scale): string =>
  group(
    { fill: ink.curve },
    ...Array.from(values, (value, k) =>
      value > 0 && Number.isFinite(value) ? element("circle", { cx: x(k), cy: y(value), r: 2 }) : "",
    ),
  );

/** Iterations whose residual is NaN or infinite: a cross at the top. */
function notFinite(values: Float64Array, x: Scale): string {
  const crosses = Array.from(values, (value, k) =>
    Number.isFinite(value) ? "" : `M${short(x(k) - 4)} -4l8 8m0 -8l-8 8`,
  );
  return element("path", { d: crosses.join(""), stroke: ink.bad, "stroke-width": 2, fill: "none" });
}

/** A ring around the iterate that was returned; on the base line when its residual is 0. */
function marker(values: Float64Array, best: number, base: number, x: Scale, y: Scale): string {
  const value = values[best]!;
  if (!Number.isFinite(value)) return "";
  const ring = { r: 4.6, fill: ink.paper, stroke: ink.curve, "stroke-width": 2 };
  return element("circle", { cx: x(best), cy: value > 0 ? y(value) : base, ...ring });
}
