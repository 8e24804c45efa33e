/** The still picture of a tape: the source coloured by |v · v̄|, beside it the derivatives, or the spectra of weights' gradients. */
import { findPoison, formulaOf, type TapeTrace } from "../trace/index.js";
import { categorical, ink } from "./colours.js";
import { documentSvg, HEADING_BOTTOM, headingSvg, notesSvg, PAGE } from "./document-svg.js";
import { chartLegend, type ChartLine, lineChartSvg } from "./line-chart-svg.js";
import { sensitivitySvg } from "./sensitivity-svg.js";
import { sourceSvg } from "./source-svg.js";
import { group, textElement, translate } from "./svg.js";
import { count, placeOf, tapeTitle } from "./tape-summary.js";
import { elide, wrap } from "./text.js";

const GAP = 30;
/** Of the width, where both columns have something. */
const LEFT_SHARE = 0.58;
const TITLE = 20;
const CHART_HEIGHT = 230;
const MOST_NOTES = 8;
const LONGEST_NOTE = 320;

interface Block {
  readonly title: string;
  readonly svg: string;
  readonly height: number;
}

/** σ/σ₁ of each gradient that is a product, on a logarithmic axis. */
function spectraBlock({ products, inputs }: TapeTrace, width: number): Block | null {
  const lines = products
    .filter(({ spectra }) => spectra !== null && spectra.gradient[0]! > 0)
    .slice(0, categorical.length)
    .map((product, i): ChartLine => {
      const sigma = product.spectra!.gradient;
      const weight = inputs.find(({ node }) => node === product.weight)?.path ?? "?";
      return {
        name: `${weight}: ${formulaOf(product)}`,
        x: Array.from(sigma, (_, j) => j + 1),
        y: Array.from(sigma, (value) => value / sigma[0]!),
        colour: categorical[i]!,
      };
    });
  if (lines.length === 0) return null;
  const legend = chartLegend(lines, width);
  const title = "singular values of weights' gradients, σⱼ/σ₁";
  const chart = lineChartSvg({ lines, title, xName: "j", scale: "logarithmic", width, height: CHART_HEIGHT });
  return {
    title: "",
    svg: chart + group({ transform: translate(0, CHART_HEIGHT + 6) }, legend.svg),
    height: CHART_HEIGHT + 6 + legend.height,
  };
}

const blockSvg = ({ title, svg }: Block, x: number): string =>
  group(
    { transform: translate(x, HEADING_BOTTOM) },
    ...(title === "" ? [svg] : [textElement(title, { y: 12, "font-size": 11.5, "font-weight": "bold", fill: ink.text }), group({ transform: translate(0, TITLE) }, svg)]), // prettier-ignore
  );

/** What the banners of the view say. */
function warningsOf(trace: TapeTrace): string[] {
  const poison = findPoison(trace);
  return [
    ...(poison ? [`${poison.what}${placeOf(trace, poison.node)} Remedy: ${poison.remedy}.`] : []),
    ...trace.findings.map(({ node, what, remedy }) => `${what}${placeOf(trace, node)} ${remedy}`.trim()),
    ...trace.omissions.map(({ what, kept, of, reason }) => `${kept} of ${of} ${what} are kept: ${reason}.`),
  ];
}

/** A pure function of the trace: the same trace gives the same picture. @returns an SVG document, 880 units wide */
export function tapeSvg(trace: TapeTrace): string {
  const { nodes, inputs } = trace;
  const room = PAGE.width - 2 * PAGE.margin;
  const left = room * LEFT_SHARE - GAP / 2;
  const right = room - left - GAP;
  const source = sourceSvg(trace, left);
  const hasSource = source.height > 0;
  const beside = hasSource ? right : room;
  const derivatives = sensitivitySvg(trace, Math.min(beside, 520));
  const blocks = [
    hasSource && { ...source, title: "source, the darker the larger |v · v̄|" },
    derivatives.height > 0
      ? { ...derivatives, title: "derivatives (bars: x · ∂y/∂x)" }
      : spectraBlock(trace, beside),
  ].filter((block): block is Block => Boolean(block));
  const title = tapeTitle(trace);
  const subtitle = `${count(nodes.id.length, "node")}, ${count(inputs.length, "input")}`;
  const warnings = warningsOf(trace);
  const notes = notesSvg(
    warnings.flatMap((text) => wrap(elide(text, LONGEST_NOTE), 10.5, room)).slice(0, MOST_NOTES),
    ink.tolerance,
  );
  const below =
    HEADING_BOTTOM +
    Math.max(0, ...blocks.map(({ height, title }) => height + (title === "" ? 0 : TITLE))) +
    12;
  return documentSvg(
    {
      height: below + notes.height + PAGE.margin - 12,
      title,
      description: [subtitle, ...warnings].join(" "),
    },
    headingSvg(title, subtitle),
    ...blocks.map((block, i) => blockSvg(block, PAGE.margin + (i === 0 ? 0 : left + GAP))),
    group({ transform: translate(PAGE.margin, below) }, notes.svg),
  );
}
