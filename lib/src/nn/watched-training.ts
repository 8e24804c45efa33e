/** What a watched training run hands over: its trace for a program, a picture for a notebook. */
import { attentionSvg } from "../display/attention-svg.js";
import { attentionBundle, type MimeBundle } from "../display/bundle.js";
import { rasterise } from "../display/rasterise.js";
import { attentionSummary } from "../display/summary.js";
import type { AttentionTrace } from "../trace/index.js";

export class WatchedTraining {
  /** The run in the documented format: attention, loss, iterations, ρ(J) by training step. */
  readonly trace: AttentionTrace;
  /** Steps that were made. */
  readonly steps: number;
  /** Whether the reader ended it. */
  readonly stopped: boolean;

  constructor(trace: AttentionTrace, steps: number) {
    this.trace = trace;
    this.steps = steps;
    this.stopped = trace.outcome.reason === "stopped";
  }

  /** Several aligned lines: how far it came, the solver, what there is to say about it. */
  summary(): string {
    return attentionSummary(this.trace);
  }

  /** The still picture as SVG text. */
  svg(): string {
    return attentionSvg(this.trace);
  }

  /** The still picture as a PNG file; Node only. */
  png(): Promise<Uint8Array> {
    return rasterise(this.svg());
  }

  /** What a Jupyter kernel shows: the trace for the interactive view, the still picture, the summary. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return attentionBundle(this.trace);
  }

  /** What Node's console shows: the summary instead of thousands of numbers. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.summary();
  }
}
