/** plotly.js, in a file of its own that is fetched when the first chart is drawn. */
import type { Plotly } from "plotly.js-dist-min";

export type { Plotly };
export const loadPlotly = async (): Promise<Plotly> => (await import("plotly.js-dist-min")).default;
