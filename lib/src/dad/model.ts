/** What sites train: parameters, and the loss of a batch. */
import type { Tensor } from "../tensor/tensor.js";

/** A tree of tensors (and numbers): arrays and plain objects. */
export type Tree = unknown;

export interface Model<P = Tree, B = Tree> {
  /** Where all sites start. */
  readonly params: P;
  /** A tensor without axes. Its products with parameters are `x.matmul(weight)`; row i of the result is of row i of x. */
  readonly loss: (params: P, batch: B) => Tensor;
  /**
   * Whether the loss is the mean over the rows of a batch (the default), or their sum. Sites are weighted so that either way
   * the shared gradient is that of the mean over the rows of all sites.
   */
  readonly reduction?: "mean" | "sum";
}

/** What a site trains on in one step. */
export interface Batch<B = Tree> {
  readonly data: B;
  /** N_s: how many samples the loss is of. */
  readonly rows: number;
}

export interface Site<P = Tree, B = Tree> {
  readonly name: string;
  /** The batch of a step, counted from 0. It should depend on the step alone: a step may be asked for again. */
  readonly batch: (step: number) => Batch<B> | Promise<Batch<B>>;
  /** The site's own copy of the model, where it does not use that of the run. */
  readonly model?: Model<P, B>;
}

/** One step of an optimiser that keeps nothing. */
export type UpdateFunction<P = Tree> = (params: P, gradients: P) => P;

/** An optimiser that keeps something, such as moments; each site keeps its own. */
export interface StatefulOptimiser<P = Tree, S = unknown> {
  init(params: P): S;
  /** Pure: a step may be tried again when a site fails. */
  update(params: P, gradients: P, state: S): { readonly params: P; readonly state: S };
}

export type Optimiser<P = Tree> = UpdateFunction<P> | StatefulOptimiser<P>;
