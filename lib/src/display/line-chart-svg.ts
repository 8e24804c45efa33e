/** Curves over a common axis in a still picture: linear or logarithmic upwards, with their names below. */
import { shortNumber } from "../trace/index.js";
import { ink } from "./colours.js";
import { element, group, short, textElement, translate } from "./svg.js";
import { elide, textWidth } from "./text.js";
import { exponentTicks, roundTicks } from "./ticks.js";

export interface ChartLine {
  readonly name: string;
  /** The same length as y; ascending. */
  readonly x: ArrayLike<number>;
  /** What is not finite, or not positive on a logarithmic axis, leaves a gap. */
  readonly y: ArrayLike<number>;
  readonly colour: string;
  /** For a limit of another curve: dotted, and not named below. */
  readonly isLimit?: boolean;
}

export interface Chart {
  readonly lines: readonly ChartLine[];
  readonly title: string;
  readonly xName: string;
  readonly scale: "linear" | "logarithmic";
  readonly width: number;
  readonly height: number;
}

const MARGIN = { left: 46, right: 12, top: 24, bottom: 36 };
const FONT = 10.5;
const LEGEND = { line: 16, longest: 40, swatch: 18 };
/** Decades at most of a logarithmic axis; what is smaller lies on its floor. */
const DECADES = 16;
/** A longer curve is drawn by the extremes of each stretch. */
const MAX_POINTS = 800;

/** Indices to be drawn: all, or of a long curve those of the extremes of each stretch, and of a gap in it. */
export function extremes(values: ArrayLike<number>, most = MAX_POINTS): number[] {
  const all = Array.from(values, (_, k) => k);
  if (all.length <= most) return all;
  const stretch = Math.ceil((3 * all.length) / most);
  const kept = new Set<number>();
  for (let start = 0; start < all.length; start += stretch) {
    let [low, high, gap] = [-1, -1, -1];
    for (let k = start; k < Math.min(start + stretch, all.length); k++) {
      if (!Number.isFinite(values[k]!)) gap = k;
      else {
        if (low < 0 || values[k]! < values[low]!) low = k;
        if (high < 0 || values[k]! > values[high]!) high = k;
      }
    }
    for (const k of [low, high, gap]) if (k >= 0) kept.add(k);
  }
  return [...kept].sort((a, b) => a - b);
}

interface Scale {
  (value: number): number;
}

// Not by spreading: a long run has more values than a call may have arguments.
const least = (values: readonly number[], start: number): number =>
  values.reduce((a, b) => Math.min(a, b), start);
const most = (values: readonly number[], start: number): number =>
  values.reduce((a, b) => Math.max(a, b), start);

/** Of the values that can be drawn: lowest and highest, with 0 on a linear axis; never the same. */
function rangeOf(values: readonly number[], isLogarithmic: boolean): [number, number] {
  const drawn = values.filter((value) => Number.isFinite(value) && (!isLogarithmic || value > 0));
  if (isLogarithmic) {
    const logs = drawn.map(Math.log10);
    const high = Math.ceil(most(logs, 0));
    return [Math.max(Math.floor(least(logs, high - 1)), high - DECADES), high];
  }
  const [low, high] = [least(drawn, 0), most(drawn, 0)];
  return low === high ? [low, low + 1] : [low, high];
}

const all = (of: readonly ArrayLike<number>[]): number[] => of.flatMap((values) => Array.from(values));

/** @returns SVG whose outer box is width × height; the names of the curves are not in it */
export function lineChartSvg({ lines, title, xName, scale, width, height }: Chart): string {
  const isLogarithmic = scale === "logarithmic";
  const [w, h] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  const xs = all(lines.map(({ x }) => x)).filter(Number.isFinite);
  const [left, right] = [least(xs, Infinity), most(xs, -Infinity)];
  const [low, high] = rangeOf(all(lines.map(({ y }) => y)), isLogarithmic);
  const x: Scale = (value) => (right > left ? ((value - left) / (right - left)) * w : w / 2);
  const y: Scale = (value) => {
    const t = ((isLogarithmic ? Math.log10(value) : value) - low) / (high - low);
    return h * (1 - Math.max(0, t));
  };
  const label = { "font-size": FONT, fill: ink.quiet };
  const up = isLogarithmic ? exponentTicks(low, high, 6).map((k) => 10 ** k) : roundTicks(low, high, 5);
  const across = xs.length === 0 ? [] : roundTicks(left, right, Math.max(3, w / 70));
  const isDrawn = (value: number) => Number.isFinite(value) && (!isLogarithmic || value > 0);
  return group(
    { transform: translate(MARGIN.left, MARGIN.top) },
    textElement(title, { x: -MARGIN.left, y: -10, "font-size": 11.5, "font-weight": "bold", fill: ink.text }),
    ...up.map(
      (value) =>
        element("line", { x2: w, y1: y(value), y2: y(value), stroke: ink.grid }) +
        textElement(shortNumber(value), { x: -6, y: y(value) + 3.6, "text-anchor": "end", ...label }),
    ),
    element("line", { x2: w, y1: h, y2: h, stroke: ink.frame }),
    ...across.map(
      (value) =>
        element("line", { x1: x(value), x2: x(value), y1: h, y2: h + 4, stroke: ink.frame }) +
        textElement(shortNumber(value), { x: x(value), y: h + 16, "text-anchor": "middle", ...label }),
    ),
    textElement(xName, { x: w / 2, y: h + 31, "text-anchor": "middle", ...label }),
    ...lines.map((line) => lineSvg(line, x, y, isDrawn)),
  );
}

function lineSvg(
  { x: xs, y: ys, colour, isLimit }: ChartLine,
  x: Scale,
  y: Scale,
  isDrawn: (value: number) => boolean,
): string {
  let [path, pen] = ["", "M"];
  const dots: string[] = [];
  for (const k of extremes(ys)) {
    if (!isDrawn(ys[k]!)) {
      pen = "M";
      continue;
    }
    // A point between gaps has no line of its own.
    const isAlone = !isDrawn(ys[k - 1] ?? NaN) && !isDrawn(ys[k + 1] ?? NaN);
    if (isAlone) dots.push(element("circle", { cx: x(xs[k]!), cy: y(ys[k]!), r: 2.5, fill: colour }));
    [path, pen] = [`${path}${pen}${short(x(xs[k]!))} ${short(y(ys[k]!))}`, "L"];
  }
  const stroke = isLimit ? { "stroke-width": 1, "stroke-dasharray": "2 3" } : { "stroke-width": 1.8 };
  return (
    element("path", { d: path, fill: "none", stroke: colour, "stroke-linejoin": "round", ...stroke }) +
    dots.join("")
  );
}

/** The names of curves in rows, as many to a row as fit. */
export function chartLegend(
  lines: readonly Pick<ChartLine, "name" | "colour" | "isLimit">[],
  width: number,
): { readonly svg: string; readonly height: number } {
  let [left, row] = [0, 0];
  const parts = lines
    .filter(({ isLimit }) => !isLimit)
    .map(({ name, colour }) => {
      const text = elide(name, LEGEND.longest);
      const room = LEGEND.swatch + 6 + textWidth(text, FONT) + 14;
      if (left > 0 && left + room > width) [left, row] = [0, row + 1];
      const [x, y] = [left, row * LEGEND.line];
      left += room;
      return (
        element("line", {
          x1: x,
          x2: x + LEGEND.swatch,
          y1: y + 7,
          y2: y + 7,
          stroke: colour,
          "stroke-width": 2.5,
        }) + textElement(text, { x: x + LEGEND.swatch + 6, y: y + 11, "font-size": FONT, fill: ink.text })
      );
    });
  return { svg: parts.join(""), height: parts.length === 0 ? 0 : (row + 1) * LEGEND.line };
}
