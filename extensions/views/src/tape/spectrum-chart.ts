/** Singular values of A, Δ and AᵀΔ over their index, each by its own largest one, on a logarithmic axis with θ across it. */
import { rankCeiling, shortNumber, type TapeProduct, type TapeSpectra } from "cotangent/trace";
import { scaleLinear, scaleLog } from "d3";
import { svg } from "../common/dom.js";
import { logDomain } from "../common/log-scale.js";

const SIZE = { width: 340, height: 164 } as const;
const PLOT = { left: 50, right: 328, top: 14, bottom: 128 } as const;
/** More points than this would be a band: a line alone. */
const MOST_POINTS = 40;
/** What is smaller is rounding, and sits on the floor with what is 0. */
const FLOOR = 1e-16;

/** The order of drawing and of the legend. */
export const SERIES: readonly (keyof TapeSpectra)[] = ["input", "delta", "gradient"];

/** Each has a shape of its own, so that it is told apart without its colour. */
export function markOf(of: keyof TapeSpectra, x: number, y: number): SVGElement {
  const attributes = { class: "cot-sigma-mark", "data-of": of };
  if (of === "input") return svg("circle", { ...attributes, cx: x, cy: y, r: 3.4 });
  if (of === "delta") return svg("rect", { ...attributes, x: x - 2.9, y: y - 2.9, width: 5.8, height: 5.8 });
  return svg("path", {
    ...attributes,
    d: `M${x} ${y - 4.4}L${x + 4.4} ${y}L${x} ${y + 4.4}L${x - 4.4} ${y}Z`,
  });
}

/** σ/σ₁; 0 where all are 0. */
const ratiosOf = (sigma: Float64Array): Float64Array => sigma.map((value) => (sigma[0]! > 0 ? value / sigma[0]! : 0)); // prettier-ignore

/** Whole numbers from 1, few enough to read. */
function indices(K: number): number[] {
  const stride = [1, 2, 5, 10, 20, 50, 100, 200].find((each) => K / each <= 9) ?? 500;
  const found = stride === 1 ? [] : [1];
  for (let at = stride; at <= K; at += stride) found.push(at);
  return found;
}

/** @param label what it shows, in words */
export function spectrumChart(
  product: TapeProduct,
  spectra: TapeSpectra,
  theta: number,
  label: string,
): SVGSVGElement {
  const ratios = SERIES.map((of) => ratiosOf(spectra[of]));
  const K = Math.max(1, ...ratios.map(({ length }) => length));
  const seen = ratios.flatMap((each) => Array.from(each, (ratio) => (ratio > FLOOR ? ratio : NaN)));
  const { domain, ticks } = logDomain([...seen, 1, 0.1], theta > 0 ? theta : undefined);
  const floor = PLOT.bottom - 8;
  const x = scaleLinear([0.5, K + 0.5], [PLOT.left + 4, PLOT.right - 4]);
  const y = scaleLog([domain[0], 1], [floor - 15, PLOT.top + 6]).clamp(true);
  const heightOf = (ratio: number) => (ratio > FLOOR ? y(ratio) : floor);
  const text = (className: string, at: Readonly<Record<string, string | number>>, content: string) =>
    svg("text", { class: className, ...at }, content);

  const grid = ticks.flatMap((tick) => [
    svg("line", { class: "cot-sigma-grid", x1: PLOT.left, x2: PLOT.right, y1: y(tick), y2: y(tick) }),
    text("cot-sigma-tick", { x: PLOT.left - 5, y: y(tick) + 3.5, "text-anchor": "end" }, shortNumber(tick)),
  ]);
  const isOnFloor = ratios.some((each) => each.some((ratio) => ratio <= FLOOR));
  if (isOnFloor) grid.push(text("cot-sigma-tick", { x: PLOT.left - 5, y: floor + 3.5, "text-anchor": "end" }, "≈ 0")); // prettier-ignore
  const across = indices(K).map((j) =>
    text("cot-sigma-tick", { x: x(j), y: PLOT.bottom + 13, "text-anchor": "middle" }, String(j)),
  );
  const ceiling = rankCeiling(product);
  const wall = x(ceiling + 0.5);
  const bounded =
    ceiling < K
      ? [
          svg("line", { class: "cot-sigma-ceiling", x1: wall, x2: wall, y1: PLOT.top - 4, y2: PLOT.bottom }),
          text("cot-sigma-note", { x: wall + (ceiling > K / 2 ? -4 : 4), y: PLOT.top + 4, "text-anchor": ceiling > K / 2 ? "end" : "start" }, `rank ≤ ${ceiling}`), // prettier-ignore
        ]
      : [];
  const level = theta > 0 ? y(theta) : floor - 3;
  const line = [
    svg("line", { class: "cot-sigma-theta", x1: PLOT.left, x2: PLOT.right, y1: level, y2: level }),
    text("cot-sigma-note", { class: "cot-sigma-note cot-sigma-theta-name", x: PLOT.right, y: level - 4, "text-anchor": "end" }, `θ = ${shortNumber(theta)}`), // prettier-ignore
  ];
  const curves = SERIES.flatMap((of, i) => {
    const points = Array.from(ratios[i]!, (ratio, j) => [x(j + 1), heightOf(ratio)] as const);
    const marks = points.length > MOST_POINTS ? [] : points.map(([at, height]) => markOf(of, at, height));
    return [
      svg("path", { class: "cot-sigma-line", "data-of": of, d: points.map(([at, height], j) => `${j === 0 ? "M" : "L"}${at.toFixed(1)} ${height.toFixed(1)}`).join("") }), // prettier-ignore
      ...marks,
    ];
  });
  return svg(
    "svg",
    { class: "cot-sigma", role: "img", "aria-label": label, width: SIZE.width, height: SIZE.height, viewBox: `0 0 ${SIZE.width} ${SIZE.height}` }, // prettier-ignore
    ...grid,
    svg("line", { class: "cot-sigma-axis", x1: PLOT.left, x2: PLOT.right, y1: PLOT.bottom, y2: PLOT.bottom }),
    ...across,
    text("cot-sigma-name", { x: (PLOT.left + PLOT.right) / 2, y: SIZE.height - 8, "text-anchor": "middle" }, "index i of the singular value"), // prettier-ignore
    text("cot-sigma-name", { x: 11, y: (PLOT.top + PLOT.bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 11 ${(PLOT.top + PLOT.bottom) / 2})` }, "σᵢ ∕ σ₁"), // prettier-ignore
    ...bounded,
    ...curves,
    ...line,
  );
}
