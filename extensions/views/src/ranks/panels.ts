/** The panels of the ranks view, in the order in which they are read: a new one is one more row. */
import { measurePanel } from "./measure-curve.js";
import type { Panel } from "./panel.js";
import { rankLines } from "./rank-lines.js";
import { sigmaPanel } from "./sigma-map.js";
import { trafficPanel } from "./traffic-bars.js";

export const panels: readonly Panel[] = [rankLines, sigmaPanel, measurePanel, trafficPanel];
