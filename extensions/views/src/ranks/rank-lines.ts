/** Effective rank of every layer over the steps, with the ceilings that widths and batch set. */
import { meanOverSites } from "cotangent/trace";
import { axis, baseLayout, COLOUR_COUNT, colourOf, type Look, stepAxis, stepShape } from "./look.js";
import type { RanksModel } from "./model.js";
import type { Panel } from "./panel.js";
import { plotlyText } from "./plotly.js";
import { ceilingLabels, type LayerCeiling } from "./ceiling-labels.js";
import { layerLabel, noSpectra, openCounts, ranksInWords } from "./wording.js";

const HEIGHT = 300;
const POINTS = 240;
/** More lines than can be followed: then evenly chosen ones are drawn. */
const MOST_LINES = 12;
/** A ceiling that is higher than this many times the highest rank would press the ranks to the floor; it is written instead. */
const IN_VIEW = 4;

/** At most so many of the layers, the first and the last always. */
export function layersDrawn({ outer }: RanksModel): readonly number[] {
  if (outer.length <= MOST_LINES) return outer;
  const last = outer.length - 1;
  return Array.from({ length: MOST_LINES }, (_, i) => outer[Math.round((i / (MOST_LINES - 1)) * last)]!);
}

interface Line extends LayerCeiling {
  readonly layer: number;
  readonly colour: string;
  readonly name: string;
  readonly ranks: ReturnType<typeof meanOverSites>;
  /** Colours come again after some lines; then the lines are dashed. */
  readonly dash: "solid" | "dash";
  readonly bounds: ReturnType<typeof meanOverSites>;
}

function linesOf(model: RanksModel, theta: number, look: Look): Line[] {
  const { ranks } = model.at(theta);
  const { trace, ceilings } = model;
  return layersDrawn(model).flatMap((layer, i) => {
    const course = meanOverSites(trace, ranks, layer, POINTS);
    if (course.y.every((value) => value === null)) return [];
    const bounds = meanOverSites(trace, ceilings, layer, POINTS);
    const ceiling = bounds.y.findLast((value) => value !== null) ?? NaN;
    const name = layerLabel(model, layer);
    return [
      {
        layer,
        colour: colourOf(look, i),
        name,
        ranks: course,
        bounds,
        ceiling,
        dash: i < COLOUR_COUNT ? "solid" : "dash",
      },
    ];
  });
}

function chart(model: RanksModel, theta: number, look: Look) {
  const lines = linesOf(model, theta, look);
  if (lines.length === 0) return noSpectra(model);
  // The axis is that of the run's own θ, so that it stands still while the reader moves θ.
  const most = (each: readonly Line[]) =>
    Math.max(1, ...each.flatMap(({ ranks }) => ranks.y.map((value) => value ?? 0)));
  const top = Math.max(most(lines), most(linesOf(model, model.trace.method.theta, look)));
  const inView = lines.map(({ ceiling }) => ceiling).filter((ceiling) => ceiling <= IN_VIEW * top);
  const isAbove = lines.some(({ ceiling }) => ceiling > IN_VIEW * top);
  // Room for a label over the highest line, and for another where there are ceilings out of sight.
  const range = [0, Math.max(top, ...inView) * (isAbove ? 1.25 : 1.12)];
  const single = model.frames === 1;
  const data = lines.flatMap(({ layer, colour, name, ranks, bounds, dash }) => [
    {
      type: "scatter",
      mode: "lines",
      ...(single ? { x: [bounds.x[0]! - 0.5, bounds.x[0]! + 0.5], y: [bounds.y[0], bounds.y[0]] } : bounds),
      showlegend: false,
      line: { color: colour, width: 1.25, dash: "dot" },
      hovertemplate: `ceiling %{y:.4~g}<br>step %{x}<extra></extra>`,
      legendgroup: `layer ${layer}`,
    },
    {
      type: "scatter",
      mode: single ? "markers" : "lines",
      ...ranks,
      name: plotlyText(name),
      legendgroup: `layer ${layer}`,
      line: { color: colour, width: 2, dash },
      marker: { color: colour, size: 8 },
      hovertemplate: `${plotlyText(name)}<br>step %{x}: effective rank %{y:.2f}<extra></extra>`,
    },
  ]);
  return {
    data,
    layout: {
      ...baseLayout(look, HEIGHT),
      xaxis: stepAxis(look, model.ends),
      yaxis: axis(look, "effective rank, mean over sites", { range }),
      annotations: ceilingLabels(model, lines, range[1]!, look),
    },
  };
}

export const rankLines: Panel = {
  name: "ranks",
  title: "Effective rank",
  chart: (model, { theta }, look) => chart(model, theta, look),
  dependsOn: ({ theta }) => String(theta),
  shapes: (_model, { step }, look) => [stepShape(look, step)],
  hasSteps: true,
  caption: (model, place) => `${ranksInWords(model, place)}${openCounts(model, place)}`,
};
