/** Distributed auto-differentiation: what `import … from "cotangent/dad"` offers. */
export { activationNames, type ActivationName } from "./activations.js";
export { compatNames, type CompatName, compressAsPublished, publishedAs, trapsOf } from "./compat.js";
export { compareRuns, type Comparison } from "./comparison.js";
export { compress, type Compressed, type CompressOptions } from "./compress.js";
export { type Dense, dense, type Floats } from "./dense.js";
export * from "./errors.js";
export { type Bytes, Ledger, type LedgerRow, type LedgerUnit } from "./ledger.js";
export type { MeasureOptions } from "./measured.js";
export type { Block, Message, Role } from "./message.js";
export type {
  AggregatorContext,
  Method,
  Round,
  Sent,
  SiteContext,
  Traffic,
  Values,
} from "./methods/method.js";
export type { PowerSgdOptions } from "./methods/power-sgd-options.js";
export type { RankDadOptions } from "./methods/rank-dad.js";
export { type MethodChoice, type MethodName, methodNames, methods } from "./methods/table.js";
export type { Batch, Model, Optimiser, Site, StatefulOptimiser, UpdateFunction } from "./model.js";
export type { Observation, OuterUnit, Plan, RawUnit } from "./plan.js";
export type { ChosenMethod } from "./methods/table.js";
export type { Inside } from "./part.js";
export type { Drawn, Introduction, LocalSummary, Participant, RemoteSite } from "./participant.js";
export type { RecordOptions } from "./record.js";
export type { DadRun, Failure } from "./run.js";
export type { Carry } from "./step.js";
export {
  effectiveRank,
  entropyRank,
  factorsSave,
  rankCeiling,
  singularValues,
  stableRank,
} from "./spectrum.js";
export { train, type Progress, type TrainOptions } from "./train.js";
