/** One head's attention matrix as SVG: cells by colour level, what is not finite hatched. */
import { ink, sequential } from "./colours.js";
import { element, short } from "./svg.js";

/** Colours told apart; finer steps than the eye's. */
const LEVELS = 96;

/** A matrix with more rows is drawn in square blocks of cells, each with its mean. */
export const MAX_DRAWN_ROWS = 256;

/** How many cells on a side one drawn cell stands for. */
export const blockSize = (tokens: number): number => Math.ceil(tokens / MAX_DRAWN_ROWS);

/** The fill of cells that are NaN or infinite. */
export const HATCH_ID = "not-finite";

export const hatchPattern = (): string =>
  element(
    "pattern",
    { id: HATCH_ID, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    element("rect", { width: 5, height: 5, fill: ink.hatchPaper }),
    element("rect", { width: 1.6, height: 5, fill: ink.hatch }),
  );

/**
 * @param weights [N, N] row-major
 * @param size of the panel's side
 * @param darkest the weight that gets the darkest colour
 */
export function heatmapSvg(weights: Float32Array, tokens: number, size: number, darkest: number): string {
  const block = blockSize(tokens);
  const count = Math.ceil(tokens / block);
  const edge = (i: number): number => (Math.min(tokens, i * block) / tokens) * size;
  const paths = new Map<number, string[]>();
  for (let i = 0; i < count; i++) {
    // Neighbours of one colour are one rectangle: fewer shapes, no seams.
    for (let j = 0, start = 0; j < count; j++) {
      const level = levelOf(blockMean(weights, tokens, block, i, j), darkest);
      const next = j + 1 < count ? levelOf(blockMean(weights, tokens, block, i, j + 1), darkest) : undefined;
      if (next === level) continue;
      const rectangle = `M${short(edge(start))} ${short(edge(i))}H${short(edge(j + 1))}V${short(edge(i + 1))}H${short(edge(start))}z`;
      const same = paths.get(level) ?? [];
      same.push(rectangle);
      paths.set(level, same);
      start = j + 1;
    }
  }
  const cells = [...paths].map(([level, rectangles]) =>
    element("path", {
      d: rectangles.join(""),
      fill: level < 0 ? `url(#${HATCH_ID})` : sequential(level / (LEVELS - 1)),
    }),
  );
  return (
    element("g", { "shape-rendering": "crispEdges" }, ...cells) +
    element("rect", { width: size, height: size, fill: "none", stroke: ink.frame, "stroke-width": 1 })
  );
}

/** −1 for what is not finite. */
const levelOf = (weight: number, darkest: number): number =>
  Number.isFinite(weight) ? Math.round(Math.min(1, Math.max(0, weight / darkest)) * (LEVELS - 1)) : -1;

function blockMean(weights: Float32Array, tokens: number, block: number, i: number, j: number): number {
  if (block === 1) return weights[i * tokens + j]!;
  let [sum, count] = [0, 0];
  for (let row = i * block; row < Math.min(tokens, (i + 1) * block); row++) {
    for (let col = j * block; col < Math.min(tokens, (j + 1) * block); col++, count++) {
      sum += weights[row * tokens + col]!;
    }
  }
  return sum / count;
}
