/** What can be read out of a tape trace alone. */
export { type Consumers, consumersOf } from "./consumers.js";
export { type Block, foldRepeats } from "./fold.js";
export { type Expression, expressionsOf, importanceOf } from "./importance.js";
export { traceOfPath } from "./paths.js";
export { findPoison, type Poison } from "./poison.js";
export {
  type AdjointPath,
  type AdjointReason,
  type Contribution,
  whyAdjoint,
  type WhyOptions,
} from "./why.js";
export { linesOf, type Segment, type SourceLine } from "./source-lines.js";
export { explainZero, type Zero, type ZeroReason } from "./zero.js";
