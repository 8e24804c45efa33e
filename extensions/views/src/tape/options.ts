/** The public types of the tape view. */

/** Where a reader stands in a view, so that another view of the same tape can open there. */
export interface TapeViewState {
  /** 0 … N − 1: values forward; N … 2N − 1: adjoints backward. */
  readonly step: number;
  readonly playing: boolean;
  /** Steps per second. */
  readonly rate: number;
  readonly loop: boolean;
  /** Whether repeated blocks are drawn once. */
  readonly folded: boolean;
  /** Which singular values count in the ranks of gradients of weights: those of at least θ·σ₁. */
  readonly theta?: number;
  /** Which path of a simulation, where there are several. */
  readonly path?: number;
}

export interface TapeViewOptions {
  /** Where to open; otherwise at the end, where all adjoints are known. */
  readonly state?: TapeViewState | undefined;
  /** Another step is shown: the place of its node, and whether its adjoint is meant. */
  readonly onStep?: (node: number, isBackward: boolean) => void;
  /** Drawing failed and the view has destroyed itself; without a listener the error is thrown. */
  readonly onError?: (error: unknown) => void;
}

export interface TapeView {
  readonly state: TapeViewState;
  play(): void;
  pause(): void;
  showStep(step: number): void;
  /** Go to a node, in the direction that is shown. */
  showNode(node: number): void;
  /** Remove everything: nodes, listeners, observers, workers, animation frames. Calling it twice does no harm. */
  destroy(): void;
}
