/** Layers, losses, optimisers: what training needs beyond tensors. Layers are pure functions of trees of parameters. */
export {
  type AttentionParams,
  multiHeadAttention,
  type MultiHeadAttention,
  type MultiHeadOptions,
} from "./attention.js";
export { type Activation, activations } from "./activations.js";
export * from "./convolution.js";
export { dropout } from "./dropout.js";
export * from "./embedding.js";
export * from "./encoder.js";
export {
  fixedPoint,
  type FixedPointFinder,
  type FixedPointOptions,
  type FixedPointStep,
  type GradientMode,
} from "./fixed-point.js";
export * from "./fixed-point-attention.js";
export * from "./gru.js";
export type { FixedPointInfo } from "./iterate.js";
export * as initialisers from "./initialisers.js";
export type { Initialiser } from "./initialisers.js";
export * from "./layer.js";
export * from "./layer-norm.js";
export { linear, type LinearOptions, type LinearParams } from "./linear.js";
export * from "./losses.js";
export * from "./mlp.js";
export * from "./optimisers.js";
export * from "./self-transformer.js";
export type { AttentionLook, Lookable, LookedAtSolver } from "./attention-look.js";
export { type TrainingWatch, watchTraining, type WatchOptions } from "./watch-training.js";
export { WatchedTraining } from "./watched-training.js";
export * as schedules from "./schedules.js";
export type { Schedule } from "./schedules.js";
