/** The still picture of an attention trace: the result's heat maps, the residual curve, and how it ended. */
import {
  type AttentionTrace,
  collapseNote,
  darkestWeight,
  resultFrame,
  trainingDetails,
  trainingTitle,
  unsettled,
  verdict,
} from "../trace/index.js";
import { ink } from "./colours.js";
import { documentSvg } from "./document-svg.js";
import { blockSize, hatchPattern, heatmapSvg } from "./heatmap-svg.js";
import { AXIS_TITLE, BODY_TOP, type Layout, layOut, MARGIN, MAX_PANELS, WIDTH } from "./layout.js";
import { LEGEND_HEIGHT, legendGradient, legendSvg } from "./legend-svg.js";
import { attentionNotes, describeSolve } from "./notes.js";
import { curveKey, residualSvg } from "./residual-svg.js";
import { trainingSvg } from "./training-svg.js";
import { element, group, textElement, translate } from "./svg.js";
import { elide, textWidth, wrap } from "./text.js";
import { columnLabels, layOutLabels, rowLabels } from "./token-labels.js";

const NOTE_FONT = 10.5;
const NOTE_LINE = 15;

/**
 * A pure function of the trace: the same trace gives the same picture. Dark text on its own white paper, so that
 * it reads in light and dark notebooks.
 *
 * @returns an SVG document, 880 units wide
 */
export function attentionSvg(trace: AttentionTrace): string {
  const heads = Math.min(trace.heads.length, MAX_PANELS);
  const layout = layOut(heads, trace.tokens.length, (size) => layOutLabels(trace.tokens, size));
  const N = trace.tokens.length;
  const frame = resultFrame(trace);
  const cells = N * N;
  const all = trace.frames.weights.subarray(frame * trace.heads.length * cells);
  const matrices = Array.from({ length: heads }, (_, h) => all.subarray(h * cells, (h + 1) * cells));
  const darkest = darkestWeight(trace);
  const hatched = countHatched(matrices);

  const labels = layOutLabels(trace.tokens, layout.size);
  const drawn = { heads, hatched, block: blockSize(N), every: labels.every };
  const notes = [...collapseNote(trace), ...attentionNotes(trace, drawn)];
  const side = sideColumn(trace, layout, darkest, hatched, notes);
  const height = Math.max(layout.beside ? layout.bottom : 0, side.bottom) + MARGIN - 6;
  const panels = matrices.map((weights, h) => panel(trace, weights, h, layout, darkest));

  return documentSvg(
    {
      height,
      title: `Attention ${verdict(trace)}`,
      description: [describeSolve(trace, frame), ...notes].join(" "),
      definitions: [hatchPattern(), legendGradient()],
    },
    headline(trace, frame),
    ...panels,
    axisTitles(layout),
    side.svg,
  );
}

const countHatched = (matrices: readonly Float32Array[]): number =>
  matrices.reduce(
    (sum, matrix) => matrix.reduce((n, weight) => n + (Number.isFinite(weight) ? 0 : 1), sum),
    0,
  );

/** A training run has too many numbers for one line: they are among the notes. */
const titleOf = (trace: AttentionTrace): string =>
  trace.training ? `Attention: ${trainingTitle(trace)}` : `Attention ${verdict(trace)}`;

function headline(trace: AttentionTrace, frame: number): string {
  const good = trace.training ? unsettled(trace.training).count === 0 : trace.outcome.converged;
  const colour = good ? ink.good : ink.bad;
  return group(
    {},
    element("circle", { cx: MARGIN + 8, cy: 33, r: 8, fill: colour }),
    element("path", {
      d: good ? "M4 9.2l2.8 2.8 5-6" : "M5 5l6 6m0-6l-6 6",
      transform: translate(MARGIN, 25),
      fill: "none",
      stroke: ink.paper,
      "stroke-width": 2,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    }),
    textElement(titleOf(trace), {
      x: MARGIN + 25,
      y: 38.5,
      "font-size": 15.5,
      "font-weight": "bold",
      fill: good ? ink.text : ink.bad,
    }),
    textElement(describeSolve(trace, frame), { x: MARGIN, y: 60, "font-size": 11.5, fill: ink.quiet }),
  );
}

function panel(
  trace: AttentionTrace,
  weights: Float32Array,
  h: number,
  layout: Layout,
  darkest: number,
): string {
  const { columns, size } = layout;
  const N = trace.tokens.length;
  const labels = layOutLabels(trace.tokens, size);
  const { name, temperature } = trace.heads[h]!;
  const suffix = temperature === 1 ? "" : `  τ = ${Number(temperature.toPrecision(3))}`;
  const longest = Math.max(4, Math.floor((size - textWidth(suffix, 11)) / (11 * 0.68)));
  const heads = Math.min(trace.heads.length, MAX_PANELS);
  return group(
    { transform: translate(layout.x(h % columns), layout.y(Math.floor(h / columns))) },
    textElement(elide(name, longest) + suffix, {
      y: -7,
      "font-size": 11,
      "font-weight": "bold",
      fill: ink.text,
    }),
    heatmapSvg(weights, N, size, darkest),
    h % columns === 0 ? rowLabels(labels, N, size) : "",
    h + columns >= heads ? group({ transform: translate(0, size) }, columnLabels(labels, N, size)) : "",
  );
}

function axisTitles({ x, y, rows, size, bottom, right }: Layout): string {
  const style = { "text-anchor": "middle", "font-size": 10.5, "font-style": "italic", fill: ink.quiet };
  const middle = (y(0) + y(rows - 1) + size) / 2;
  return group(
    {},
    element(
      "g",
      { transform: `${translate(MARGIN + AXIS_TITLE / 2, middle)} rotate(-90)` },
      textElement("token that looks (query)", style),
    ),
    textElement("token looked at (key)", { x: (x(0) + right) / 2, y: bottom - 2, ...style }),
  );
}

/** The residual curve, the legend and the notes: beside the matrices, or below them side by side. */
function sideColumn(
  trace: AttentionTrace,
  layout: Layout,
  darkest: number,
  hatched: number,
  notes: readonly string[],
): { svg: string; bottom: number } {
  const { beside, sideX, sideWidth, bottom } = layout;
  const curve = {
    x: sideX,
    y: beside ? BODY_TOP + 4 : bottom + 22,
    width: beside ? sideWidth : 560,
    height: 240,
  };
  if (!beside) curve.height = 190;
  const legend = {
    x: beside ? sideX : curve.x + curve.width + 34,
    y: beside ? curve.y + curve.height + 18 : curve.y,
  };
  const noteWidth = beside ? sideWidth : WIDTH - MARGIN - legend.x;
  const key = trace.training ? `${trainingDetails(trace).join("; ")}.` : curveKey(trace);
  const lines = [key, ...notes].flatMap((note) => wrap(note, NOTE_FONT, noteWidth));
  const noteTop = legend.y + LEGEND_HEIGHT + 20;
  const drawCurves = trace.training ? trainingSvg : residualSvg;
  const svg = group(
    {},
    group({ transform: translate(curve.x, curve.y) }, drawCurves(trace, curve.width, curve.height)),
    group({ transform: translate(legend.x, legend.y) }, legendSvg(darkest, hatched)),
    ...lines.map((line, i) =>
      textElement(line, { x: legend.x, y: noteTop + i * NOTE_LINE, "font-size": NOTE_FONT, fill: ink.quiet }),
    ),
  );
  return { svg, bottom: Math.max(curve.y + curve.height, noteTop + (lines.length - 1) * NOTE_LINE) };
}
