/** How every chart looks: colours of the theme, axes that are quiet, room for what is there. */
import { css, type Rgb, type Scheme } from "../common/colour.js";
import type { Theme } from "../common/theme.js";

export interface Look {
  readonly scheme: Scheme;
  readonly page: Rgb;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly font: string;
  /** Width of the chart in CSS pixels. */
  readonly width: number;
}

/** Okabe & Ito (2008), without black and yellow: told apart by colour-blind people too, and on light and dark alike. */
const COLOURS = {
  light: ["#0072B2", "#D55E00", "#009E73", "#AA4499", "#B07C00", "#3A9BD0", "#6b6b6b"],
  dark: ["#56B4E9", "#FF8A3D", "#2FC79C", "#E39BC6", "#E9B33B", "#8FB8FF", "#a8a8a8"],
} as const;

/** How many can be told apart. */
export const COLOUR_COUNT = COLOURS.light.length;

export const colourOf = ({ scheme }: Look, index: number): string => COLOURS[scheme][index % COLOUR_COUNT]!;

/** The colours that the style sheet gives the view, read off its root. */
export function lookOf(root: HTMLElement, { scheme, page }: Theme, width: number): Look {
  const style = getComputedStyle(root);
  const variable = (name: string) => style.getPropertyValue(`--cot-${name}`).trim();
  return {
    scheme,
    page,
    text: variable("text-quiet"),
    faint: variable("text-faint"),
    line: variable("line"),
    font: style.fontFamily,
    width,
  };
}

/** An axis with the title given. */
export const axis = ({ faint, line }: Look, title: string, more: object = {}): object => ({
  title: { text: title, standoff: 8, font: { color: faint, size: 11 } },
  gridcolor: line,
  zerolinecolor: line,
  linecolor: line,
  tickfont: { color: faint, size: 11 },
  automargin: true,
  fixedrange: false,
  ...more,
});

/** The axis of steps, which are whole. */
export const stepAxis = (look: Look, [first, last]: readonly [number, number], more: object = {}): object => {
  const room = first === last ? 0.5 : (last - first) * 0.01;
  return axis(look, "step", { range: [first - room, last + room], ...(last - first < 6 && { dtick: 1 }), ...more }); // prettier-ignore
};

/** What every chart's layout begins with. */
export const baseLayout = ({ text, faint, font, page, line, width }: Look, height: number): object => ({
  width,
  height,
  autosize: false,
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  font: { family: font, size: 12, color: text },
  margin: { t: 12, r: 16, b: 40, l: 44 },
  // Where a reader has zoomed in, a chart that is drawn again stays there.
  uirevision: "reader",
  hovermode: "closest",
  hoverlabel: { bgcolor: css(page), bordercolor: line, font: { family: font, size: 12, color: text }, align: "left" },
  legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom", font: { size: 11, color: text } },
  modebar: { bgcolor: "rgba(0,0,0,0)", color: faint, activecolor: text },
}); // prettier-ignore

/** The notebook is where a chart is shared: no button leads to another site, and none is there that nobody needs. */
export const CONFIG = {
  responsive: false,
  displaylogo: false,
  displayModeBar: false,
  doubleClick: "reset",
  showSendToCloud: false,
  showEditInChartStudio: false,
} as const;

/** The line at the step where the reader stands. */
export const stepShape = ({ text }: Look, step: number): Readonly<Record<string, unknown>> => ({
  type: "line",
  xref: "x",
  yref: "paper",
  x0: step,
  x1: step,
  y0: 0,
  y1: 1,
  line: { color: text, width: 1.25 },
});
