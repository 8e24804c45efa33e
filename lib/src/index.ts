/** Cotangent: what `import … from "cotangent"` offers. Nothing heavy is loaded before it is used. */
export type { AttentionPreset } from "./attention/presets.js";
export { attentionStep, type AttentionStep, type AttentionStepOptions } from "./attention/step.js";
export { tokenSpread } from "./attention/diagnosis.js";
export type { AttentionSolveStep, SolveAttentionOptions } from "./attention/options.js";
export { AttentionSolve } from "./attention/result.js";
export { solveAttention } from "./attention/solve.js";
export type { AttentionWeights } from "./attention/weights.js";
export { attentionSvg } from "./display/attention-svg.js";
export { attentionBundle, type MimeBundle } from "./display/bundle.js";
export { attentionSummary } from "./display/summary.js";
export { rasterise } from "./display/rasterise.js";
export * from "./engine/reference/index.js";
export * from "./errors.js";
export * from "./fixedpoint/index.js";
export { type Matrix, matrix, row, zeros } from "./matrix.js";
export * from "./random/index.js";
