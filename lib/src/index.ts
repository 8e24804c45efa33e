/** Cotangent: what `import … from "cotangent"` offers. Nothing heavy is loaded before it is used. */
export { ops } from "./ad/ops.js";
export { EscapedValueError, type Recorded } from "./ad/recorded.js";
export type { AttentionPreset } from "./attention/presets.js";
export { attentionStep, type AttentionStep, type AttentionStepOptions } from "./attention/step.js";
export { checkGrad, type Check, type CheckOptions, type GradReport } from "./check/check-grad.js";
export { tokenSpread } from "./attention/diagnosis.js";
export type { AttentionSolveStep, SolveAttentionOptions } from "./attention/options.js";
export { AttentionSolve } from "./attention/result.js";
export { type Contender, raceAttention } from "./attention/race.js";
export { solveAttention } from "./attention/solve.js";
export type { AttentionWeights } from "./attention/weights.js";
export { attentionSvg } from "./display/attention-svg.js";
export { attentionBundle, type MimeBundle } from "./display/bundle.js";
export type { Show, Shown } from "./display/live.js";
export { attentionSummary } from "./display/summary.js";
export { rasterise } from "./display/rasterise.js";
export type {
  Dtype,
  Engine,
  EngineName,
  Kernels,
  NumberArray,
  Part,
  Storage,
  TriangularOptions,
  View,
} from "./engine/engine.js";
export { engineNamed, setEngine, withEngine } from "./engine/current.js";
export { type EngineLine, EngineReport, engineReport } from "./engine/report.js";
export { useEngine, type UseEngineOptions } from "./engine/use.js";
export type { Timing } from "./engine/gpu/crossover.js";
export type { Adapter, Platform, Probe, WebGl } from "./engine/gpu/probe.js";
export {
  createGpuEngine,
  gpuModes,
  type GpuEngine,
  type GpuLibrary,
  type GpuMode,
  type GpuOptions,
  type GpuStatistics,
} from "./engine/gpu/index.js";
export * from "./engine/reference/index.js";
export { createWasmEngine, hasRelaxedSimd, type WasmEngine, type WasmOptions } from "./engine/wasm/index.js";
export type { ArenaStatistics } from "./engine/wasm/arena.js";
export * from "./errors.js";
export * from "./fixedpoint/index.js";
export {
  type GpuFixedPoint,
  type GpuFixedPointOptions,
  type GpuKernel,
  gpuKernel,
  GpuKernelError,
  type GpuKernelOptions,
} from "./gpu-kernel/index.js";
export { type Matrix, matrix, row } from "./matrix.js";
export { eigenvalues } from "./numeric/eigenvalues.js";
export type { Eigenvalues } from "./numeric/eigenvalue-list.js";
export type { GmresOptions } from "./numeric/gmres.js";
export * from "./random/index.js";
export { GuardError, record, type RecordedFunction, type ToTraceOptions } from "./tape/record.js";
export { inspect, Inspection } from "./inspect/inspect.js";
export { inspectPaths } from "./inspect/paths.js";
export type { LineBytes } from "./tape/bytes.js";
export type { Span } from "./runtime/sources.js";
export { observeTapes, type TapeEvents } from "./tape/events.js";
export type { TapeNode } from "./tape/node.js";
export type { Guard } from "./tape/tape.js";
export type { TapeStatistics } from "./tape/statistics.js";
export type { SweepOptions } from "./tape/sweep.js";
export { TapeLimitError } from "./tape/tangent.js";
export * from "./transforms/index.js";
export * from "./tensor/index.js";
export { TreeError } from "./tree/tree.js";
