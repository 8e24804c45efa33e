/** The panels of the ranks view, in the order in which they are read: a new one is one more row. */
import type { Panel } from "./panel.js";
import { rankLines } from "./rank-lines.js";

export const panels: readonly Panel[] = [rankLines];
