/** A Plotly figure out of a notebook: checked, and given the colours of the page where it has none of its own. */

export interface Figure {
  readonly data: unknown[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly frames: unknown[];
}

/** The colours of the page around a figure, as CSS says them. */
export interface PageColours {
  readonly text: string;
  readonly faint: string;
  readonly font: string;
}

/** Okabe & Ito (2008): told apart by colour-blind people too, and on light and dark alike. */
const COLOURWAY = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999"];
/** Perceptually even, and readable in grey; Plotly's own default for these traces is a blue-to-red one. */
const COLOURSCALE = "Viridis";
const SCALED_TRACES = ["heatmap", "contour", "surface", "histogram2d", "histogram2dcontour"];
const HEIGHT = 380;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @returns the figure, or a sentence that says why it is none */
export function readFigure(value: unknown): Figure | string {
  if (!isObject(value)) return "This Plotly figure is not an object with data and layout.";
  const { data, layout = {}, config = {}, frames } = value;
  if (!Array.isArray(data)) return "This Plotly figure has no list of traces (data).";
  if (!data.every(isObject)) return "This Plotly figure has a trace that is not an object.";
  return {
    data,
    layout: isObject(layout) ? layout : {},
    config: isObject(config) ? config : {},
    frames: Array.isArray(frames) ? frames : [],
  };
}

/** The layout with what the page decides, beneath what the figure says itself. */
export function themedLayout(layout: Figure["layout"], { text, faint, font }: PageColours): object {
  const axis = { gridcolor: faint, zerolinecolor: faint, linecolor: faint, automargin: true };
  const template = {
    data: Object.fromEntries(SCALED_TRACES.map((type) => [type, [{ type, colorscale: COLOURSCALE }]])),
    layout: {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: text, family: font, size: 13 },
      colorway: COLOURWAY,
      xaxis: axis,
      yaxis: axis,
      // Room for what is there, not for what might be.
      margin: { t: layout["title"] === undefined ? 24 : 56, r: 24, b: 48, l: 56 },
      hoverlabel: { font: { family: font } },
    },
  };
  return { height: HEIGHT, autosize: layout["width"] === undefined, template, ...layout };
}

/** The notebook is where a figure is shared: no button leads to another site. */
export const quietConfig = (config: Figure["config"]): object => ({
  responsive: false,
  displaylogo: false,
  ...config,
  showSendToCloud: false,
  showEditInChartStudio: false,
});
