/** What a panel is: one question, one chart, one sentence. */
import type { Look } from "./look.js";
import type { RanksModel } from "./model.js";
import type { Chart, Shapes } from "./plotly.js";

/** Where the reader stands. */
export interface Place {
  /** Index of a recorded step. */
  readonly frame: number;
  readonly step: number;
  readonly theta: number;
  /** Index of a layer. */
  readonly layer: number;
}

export interface Panel {
  /** For style sheets and tests. */
  readonly name: string;
  readonly title: string;
  /** The chart, or a sentence where there is nothing to draw. Pure. */
  chart(model: RanksModel, place: Place, look: Look): Chart | string;
  /** What the chart depends on, beside the trace and the look: when it differs, the chart is drawn anew. */
  dependsOn(place: Place): string;
  /** Whether the horizontal axis is that of steps: then a click goes to one. */
  readonly hasSteps: boolean;
  /** What stands for the place where the reader is, and moves without the rest. */
  shapes?(model: RanksModel, place: Place, look: Look): Shapes;
  /** What the chart says at the place where the reader is, in a sentence: written above it, and read in its stead. */
  caption(model: RanksModel, place: Place): string;
}
