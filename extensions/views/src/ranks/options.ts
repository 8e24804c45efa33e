/** The public types of the ranks view. */
import type { RanksTrace } from "cotangent/trace";
import type { Plotly } from "./plotly.js";

/** Where a reader stands in a view, so that another view of the same run can open there. */
export interface RanksViewState {
  readonly step: number;
  /** Whether this is the last recorded step: a reader of a running computation who wants to follow. */
  readonly atEnd: boolean;
  readonly theta: number;
  /** Whether the reader has moved θ; otherwise it is that of the run. */
  readonly hasTheta: boolean;
  /** Index into the trace's layers, of the σ heat-map. */
  readonly layer: number;
  readonly playing: boolean;
  /** Recorded steps per second, where the reader has chosen. */
  readonly rate: number | undefined;
  readonly loop: boolean;
}

export interface RanksViewOptions {
  /** Loads plotly.js; called once, when the charts are to be drawn. */
  readonly plotly: () => Promise<Plotly>;
  /** Where to open; otherwise at the end, with the θ of the run. A reader who was at the end is taken to the end that there is now. */
  readonly state?: RanksViewState | undefined;
  /** Another recorded step is shown. */
  readonly onStep?: (step: number) => void;
  /** The charts could not be drawn and the view has destroyed itself; without a listener the error is thrown. */
  readonly onError?: (error: unknown) => void;
}

export interface RanksView {
  readonly state: RanksViewState;
  /** Resolves when everything that was asked for up to now has been drawn. */
  drawn(): Promise<void>;
  /** Show another trace of the same run, further on, in place; false where it is of another one, and nothing was done. */
  update(trace: RanksTrace): boolean;
  play(): void;
  pause(): void;
  /** Go to the recorded step nearest to this one. */
  showStep(step: number): void;
  showTheta(theta: number): void;
  showLayer(layer: number): void;
  /** Remove everything: nodes, listeners, observers, animation frames, charts. Calling it twice does no harm. */
  destroy(): void;
}
