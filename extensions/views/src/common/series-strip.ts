/** A strip of a curve on a linear scale, with a level that means something; its marker follows the slider, dragging it scrubs. */
import { shortNumber } from "cotangent/trace";
import { axisLeft, scaleLinear, select } from "d3";
import { setText, svg } from "./dom.js";
import { stripFrame } from "./strip-frame.js";

export interface SeriesOptions {
  /** [K] what is not finite leaves a gap that is marked. */
  readonly values: ArrayLike<number>;
  readonly name: string;
  /** Drawn as a dashed line. */
  readonly level?: { readonly at: number; readonly label: string } | undefined;
  /** Whether the scale begins at 0. */
  readonly fromZero: boolean;
  /** What a value that is NaN means; "NaN" when not given. */
  readonly missing?: string;
  /** [K] 1 where to put a mark on the base line, and what it means. */
  readonly marks?: { readonly at: ArrayLike<number>; readonly label: string } | undefined;
}

export interface SeriesStrip {
  readonly element: SVGSVGElement;
  resize(left: number, right: number): void;
  /** `at` may lie between two places; the value that is written is that of place k. */
  mark(at: number, k: number): void;
}

const HEIGHT = 88;
const PLOT = { top: 24, bottom: 80 } as const;

/** Lowest and highest finite value, the level and zero included; never the same. */
export function linearDomain({
  values,
  level,
  fromZero,
}: Pick<SeriesOptions, "values" | "level" | "fromZero">): [number, number] {
  let [low, high] = fromZero ? [0, 0] : [Infinity, -Infinity];
  const take = (value: number) => {
    if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  };
  for (let k = 0; k < values.length; k++) take(values[k]!);
  if (level) take(level.at);
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

export function seriesStrip(
  { values, name, level, fromZero, marks, missing = "NaN" }: SeriesOptions,
  onScrub: (at: number) => void,
  signal: AbortSignal,
): SeriesStrip {
  const K = values.length;
  const y = scaleLinear()
    .domain(linearDomain({ values, level, fromZero }))
    .nice(3)
    .range([PLOT.bottom - 4, PLOT.top + 3]);
  const drawable = Float64Array.from(values, (value) => (Number.isFinite(value) ? value : NaN));
  const frame = stripFrame({ K, height: HEIGHT, markerTo: HEIGHT, className: "cot-series" }, onScrub, signal);
  const { element, x, axes, odd, words } = frame;
  const value = svg("tspan", { class: "cot-value" });
  // d3's scales make undefined of NaN.
  const heightOf = (k: number) => (Number.isNaN(drawable[k]!) ? NaN : y(drawable[k]!));
  const marked = marks ? Array.from(marks.at).some((one) => one === 1) : false;

  return {
    element,
    resize(left, right) {
      frame.resize(left, right);
      const up = svg("g", { class: "cot-axis cot-grid", transform: `translate(${left},0)` });
      select(up).call(
        axisLeft(y)
          .ticks(3)
          .tickFormat((value) => shortNumber(Number(value)))
          .tickSize(left - right)
          .tickPadding(6),
      );
      axes.replaceChildren(up);
      words.replaceChildren(svg("text", { class: "cot-axis-name", x: left, y: 14 }, `${name}  `, value));
      if (level) {
        const at = y(level.at);
        axes.append(svg("line", { class: "cot-level", x1: left, x2: right, y1: at, y2: at }));
        const above = at > PLOT.top + 14;
        words.append(
          svg("text", { class: "cot-level-label", x: left + 6, y: above ? at - 4 : at + 12 }, level.label),
        );
      }
      if (marks && marked)
        words.append(
          svg("text", { class: "cot-failed-key", x: right, y: 14, "text-anchor": "end" }, marks.label),
        );
      frame.drawCurve(drawable, heightOf, (k) => Number.isNaN(drawable[k]!));
      // One mark per pixel column at most.
      const columns = (is: (k: number) => boolean) =>
        [...new Set(Array.from({ length: K }, (_, k) => k).filter(is).map((k) => Math.round(x(k))))]; // prettier-ignore
      odd.replaceChildren(
        ...columns((k) => Number.isNaN(drawable[k]!)).map((at) => svg("path", { class: "cot-gap", d: `M${at},${PLOT.top}V${PLOT.bottom}` })),
        ...columns((k) => marks?.at[k] === 1).map((at) => svg("path", { class: "cot-failed", d: `M${at},${PLOT.bottom}v6` })),
      ); // prettier-ignore
    },
    mark(at, k) {
      setText(value, Number.isNaN(values[k]!) ? missing : shortNumber(values[k]!));
      frame.mark(at, heightOf);
    },
  };
}
