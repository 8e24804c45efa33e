/** The public types of the attention view. */
import type { Resolve } from "./resolving.js";
import type { Wish } from "./steering.js";

/** Where a reader stands in a view, so that another view of the same solve can open there. */
export interface AttentionViewState {
  readonly head: number;
  readonly iteration: number;
  /** Whether this is the last stored iteration: a reader of a running solve who wants to follow. */
  readonly atEnd: boolean;
  readonly playing: boolean;
  /** Frames per second. */
  readonly rate: number;
  readonly loop: boolean;
}

export interface AttentionViewOptions {
  /**
   * Where to open; otherwise the first head at the iterate that the solve returned. A reader who was at the
   * end is taken to the end that there is now.
   */
  readonly state?: AttentionViewState | undefined;
  /** Start playing at once; ignored when the reader asked for less motion. Default: false. */
  readonly autoplay?: boolean;
  /** Asks the solve to pause, step, go on or stop: then a running one has buttons for it. */
  readonly steer?: ((wish: Wish) => void) | undefined;
  /** Solves the problem of the trace again: then a solve that can be has sliders for its temperature and its damping. */
  readonly resolve?: Resolve | undefined;
  /** Another stored iteration is shown. */
  readonly onFrame?: (iteration: number) => void;
  /** Another head is shown. */
  readonly onHead?: (head: number) => void;
  /** Drawing failed and the view has destroyed itself; without a listener the error is thrown. */
  readonly onError?: (error: unknown) => void;
}

export interface AttentionView {
  readonly state: AttentionViewState;
  play(): void;
  pause(): void;
  /** Go to the stored iteration nearest to this one. */
  showIteration(iteration: number): void;
  showHead(head: number): void;
  /** Remove everything: nodes, listeners, observers, animation frames. Calling it twice does no harm. */
  destroy(): void;
}
