/** What every strip over the time axis is made of: its elements in their order, its horizontal scale, the marker and its dot. */
import { line, type ScaleLinear, scaleLinear } from "d3";
import { svg } from "./dom.js";
import { envelope } from "./envelope.js";
import { watchScrub } from "./scrub.js";

export interface FrameOptions {
  /** Places on the axis. */
  readonly K: number;
  readonly height: number;
  /** How far down the marker goes. */
  readonly markerTo: number;
  /** Beside "cot-strip". */
  readonly className?: string;
  /** Between the curve and the marker. */
  readonly above?: readonly SVGElement[];
}

export interface StripFrame {
  readonly element: SVGSVGElement;
  readonly x: ScaleLinear<number, number>;
  readonly axes: SVGGElement;
  /** Marks of what is no number. */
  readonly odd: SVGGElement;
  /** Above the marker, each with a halo of the page's colour, so that the marker never strikes a word out. */
  readonly words: SVGGElement;
  /** Left and right end of the plot, in CSS pixels. */
  resize(left: number, right: number): void;
  /** As many places as there are pixels, the extremes among them; a place without a height is a gap. */
  drawCurve(drawable: Float64Array, heightOf: (k: number) => number, isGap: (k: number) => boolean): void;
  /** The marker to `at`, which may lie between two places; its dot on the line between their heights, hidden where there is none. */
  mark(at: number, heightOf: (k: number) => number): void;
}

export function stripFrame(
  { K, height, markerTo, className = "", above = [] }: FrameOptions,
  onScrub: (at: number) => void,
  signal: AbortSignal,
): StripFrame {
  const x = scaleLinear()
    .domain([0, Math.max(K - 1, 1)])
    .clamp(true);
  const axes = svg("g", { class: "cot-axes" });
  const odd = svg("g", { class: "cot-odd" });
  const curve = svg("path", { class: "cot-curve" });
  const hair = svg("line", { class: "cot-marker", y1: 0, y2: markerTo });
  const words = svg("g", { class: "cot-words" });
  const dot = svg("circle", { class: "cot-dot", r: 4 });
  const element = svg(
    "svg",
    { class: `cot-strip ${className}`.trim(), height, "aria-hidden": "true", focusable: "false" },
    axes,
    odd,
    curve,
    ...above,
    hair,
    words,
    dot,
  );
  watchScrub(element, K > 1, (left) => onScrub(x.invert(left)), signal);

  return {
    element,
    x,
    axes,
    odd,
    words,
    resize(left, right) {
      element.setAttribute("width", String(right + 12));
      x.range([left, right]);
    },
    drawCurve(drawable, heightOf, isGap) {
      const [left, right] = x.range() as [number, number];
      const path = line<number>()
        .defined((k) => !isGap(k))
        .x((k) => x(k))
        .y(heightOf);
      curve.setAttribute("d", path(envelope(drawable, Math.max(1, Math.round(right - left)))) ?? "");
    },
    mark(at, heightOf) {
      hair.setAttribute("transform", `translate(${x(at)},0)`);
      const [before, after] = [Math.floor(at), Math.min(Math.ceil(at), K - 1)];
      const [low, high] = [heightOf(before), heightOf(after)];
      const y = Number.isNaN(high) ? low : low + (high - low) * (at - before);
      dot.setAttribute("visibility", Number.isNaN(y) ? "hidden" : "visible");
      if (!Number.isNaN(y)) dot.setAttribute("transform", `translate(${x(at)},${y})`);
    },
  };
}
