/** The residual strip: a logarithmic curve over iterations (or steps) whose marker follows the slider; dragging it scrubs. */
import { shortNumber } from "cotangent/trace";
import { axisBottom, axisLeft, scaleLog, select } from "d3";
import { svg } from "./dom.js";
import { logDomain, residualKind } from "./log-scale.js";
import { stripFrame } from "./strip-frame.js";

export interface StripOptions {
  /** [K] */
  readonly values: ArrayLike<number>;
  readonly name: string;
  /** Drawn as a dashed line; left out when the curve was not what the tolerance applies to. */
  readonly tolerance: number | undefined;
  /** Marked with a ring, if any is. */
  readonly best: number | undefined;
  /** What the horizontal axis counts. */
  readonly axis: string;
  /** The number of place k on that axis; k itself when not given. */
  readonly numberOf?: ((k: number) => number) | undefined;
  /** Said in place of a curve that has no finite value. */
  readonly nothing: string;
  /** Where there is no number by design, so that none is missing. */
  readonly isAbsent?: (k: number) => boolean;
  /** Where the axis turns from one thing to another: drawn as a line between this one and the next. */
  readonly turn?: number | undefined;
  /** The iterations that have a picture, where not all have one: marked on the axis. */
  readonly stored: ArrayLike<number> | undefined;
}

export interface Strip {
  readonly element: SVGSVGElement;
  /** Lay out: left and right end of the plot, in CSS pixels. */
  resize(left: number, right: number): void;
  /** Move the marker; `at` may lie between two iterations. */
  mark(at: number, iteration: number): void;
}

const HEIGHT = 118;
const PLOT = { top: 26, bottom: 98 } as const;

/** @param onScrub called with an iteration, possibly fractional, when the reader points at one */
export function residualStrip(
  { values, name, tolerance, best, stored, axis, nothing, turn, isAbsent, numberOf = (k) => k }: StripOptions,
  onScrub: (iteration: number) => void,
  signal: AbortSignal,
): Strip {
  const K = values.length;
  const { domain, ticks } = logDomain(values, tolerance);
  const y = scaleLog()
    .domain([...domain])
    .range([PLOT.bottom - 10, PLOT.top + 3])
    .clamp(true);
  const drawable = Float64Array.from(values, (value) => (residualKind(value) === "value" ? value : NaN));
  const heightOf = (k: number) =>
    residualKind(values[k]!) === "value"
      ? y(values[k]!)
      : residualKind(values[k]!) === "zero"
        ? y.range()[0]!
        : NaN;

  const ring = svg("circle", { class: "cot-best", r: 4.5 });
  const frame = stripFrame({ K, height: HEIGHT, markerTo: PLOT.bottom, above: [ring] }, onScrub, signal);
  const { element, x, axes, odd, words } = frame;

  function drawAxes(left: number, right: number): void {
    const text = (className: string, at: Record<string, string | number>, content: string) =>
      svg("text", { class: className, ...at }, content);
    const across = svg("g", { class: "cot-axis", transform: `translate(0,${PLOT.bottom})` });
    const marks =
      K < 2 ? [0] : x.ticks(Math.min(K - 1, Math.max(2, (right - left) / 60))).filter(Number.isInteger);
    select(across).call(
      axisBottom(x)
        .tickValues(marks)
        .tickFormat((k) => numberOf(Number(k)).toLocaleString("en"))
        .tickSize(4)
        .tickSizeOuter(0),
    );
    const up = svg("g", { class: "cot-axis cot-grid", transform: `translate(${left},0)` });
    select(up).call(
      axisLeft(y)
        .tickValues([...ticks])
        .tickFormat((value) => shortNumber(Number(value)))
        .tickSize(left - right)
        .tickPadding(6),
    );
    axes.replaceChildren(up, across);
    words.replaceChildren(
      text("cot-axis-name", { x: left, y: 14 }, name),
      text("cot-axis-name", { x: left - 10, y: PLOT.bottom + 16, "text-anchor": "end" }, axis),
    );
    if (turn !== undefined) {
      const at = x(turn + 0.5);
      axes.append(svg("line", { class: "cot-turn", x1: at, x2: at, y1: PLOT.top, y2: PLOT.bottom }));
    }
    if (stored) {
      const rug = new Set(Array.from(stored, (k) => Math.round(x(k)) + 0.5));
      const path = [...rug].map((at) => `M${at},${PLOT.bottom - 5}v5`).join("");
      axes.append(svg("path", { class: "cot-stored", d: path }));
    }
    if (tolerance === undefined) return;
    const at = y(tolerance);
    const label = `tolerance ${shortNumber(tolerance)}`;
    axes.append(svg("line", { class: "cot-tolerance", x1: left, x2: right, y1: at, y2: at }));
    words.append(
      text("cot-tolerance-label", { x: left + 6, y: at < PLOT.top + 16 ? at + 12 : at - 4 }, label),
    );
  }

  function drawCurve(left: number, right: number): void {
    frame.drawCurve(drawable, heightOf, (k) => residualKind(values[k]!) === "missing");
    // One mark per pixel column at most: a hundred thousand NaN are still one hatched band.
    const seen = new Set<number>();
    const marks: SVGElement[] = [];
    let missingCount = 0;
    for (let k = 0; k < K; k++) {
      const kind = residualKind(values[k]!);
      if (kind === "missing") missingCount++;
      const column = Math.round(x(k));
      if (kind === "value" || seen.has(column) || isAbsent?.(k)) continue;
      seen.add(column);
      marks.push(
        kind === "zero"
          ? svg("path", { class: "cot-zero", d: `M${x(k) - 4},${PLOT.bottom - 8}h8l-4,7z` })
          : svg("path", { class: "cot-gap", d: `M${x(k)},${PLOT.top}V${PLOT.bottom}` }),
      );
    }
    odd.replaceChildren(...marks);
    if (missingCount === K) {
      const middle = { x: (left + right) / 2, y: PLOT.top + 28 };
      words.append(svg("text", { class: "cot-missing", ...middle }, nothing));
    }
    const bestHeight = best === undefined ? NaN : heightOf(best);
    ring.setAttribute("visibility", Number.isNaN(bestHeight) ? "hidden" : "visible");
    ring.setAttribute("cx", String(x(best ?? 0)));
    ring.setAttribute("cy", String(Number.isNaN(bestHeight) ? 0 : bestHeight));
  }

  return {
    element,
    resize(left, right) {
      frame.resize(left, right);
      drawAxes(left, right);
      drawCurve(left, right);
    },
    mark(at, iteration) {
      frame.mark(at, (k) => (Number.isNaN(heightOf(iteration)) ? NaN : heightOf(k)));
    },
  };
}
