/** What a reader can ask of a computation that runs: one row each. */

export interface WishRow {
  /** As the kernel knows it. */
  readonly wish: "pause" | "step" | "run" | "stop";
  readonly command: string;
  readonly label: string;
  readonly caption: string;
}

export const wishes: readonly WishRow[] = [
  {
    wish: "pause",
    command: "cotangent:pause",
    label: "Pause Computation",
    caption: "Let the solve or training run wait after the iteration that it is in",
  },
  {
    wish: "step",
    command: "cotangent:step",
    label: "Step Computation",
    caption: "Let a paused solve or training run make one iteration",
  },
  {
    wish: "run",
    command: "cotangent:run",
    label: "Go On with Computation",
    caption: "Let a paused solve or training run go on",
  },
  {
    wish: "stop",
    command: "cotangent:stop",
    label: "Stop Computation, Keep Result",
    caption: "End the solve or training run after this iteration; the cell goes on with the best it has",
  },
];
