/** The WebAssembly engine: SIMD kernels over one growable memory, in Node and in browsers; made when it is first asked for. */
import { checkOptionNames, checkPositive } from "../../options.js";
import type { Engine, NumberArray } from "../engine.js";
import type { ArenaStatistics } from "./arena.js";
import { mapWith, whereWith, zipWith } from "./elementwise.js";
import { copyWith, gatherWith, placeWith, scatterAddWith } from "./moving.js";
import { attentionWith, matmulWith } from "./products.js";
import { reduceWith } from "./reductions.js";
import { layerNormVjpWith, layerNormWith, softmaxVjpWith, softmaxWith } from "./rows.js";
import { Workspace } from "./workspace.js";

export interface WasmOptions {
  /** Bytes that may lie in the kernels' memory (1 GiB); what comes after lies on the heap, and is copied for each kernel. */
  readonly budget?: number;
}

export interface WasmEngine extends Engine {
  readonly synchronous: true;
  /** What is in memory now. */
  statistics(): ArenaStatistics;
}

/**
 * An engine with a memory of its own.
 * @throws WebAssembly.CompileError where WebAssembly has no SIMD
 */
export function createWasmEngine(options: WasmOptions = {}): WasmEngine {
  checkOptionNames(options, ["budget"], "createWasmEngine");
  const space = new Workspace(checkPositive(options.budget ?? 2 ** 30, "budget"));
  return {
    name: "wasm",
    dtypes: ["float32", "float64"],
    synchronous: true,
    upload: (data: NumberArray) => space.upload(data),
    statistics: () => space.arena.statistics,
    kernels: {
      map: mapWith(space),
      zip: zipWith(space),
      where: whereWith(space),
      reduce: reduceWith(space),
      matmul: matmulWith(space),
      attention: attentionWith(space),
      softmax: softmaxWith(space),
      softmaxVjp: softmaxVjpWith(space),
      layerNorm: layerNormWith(space),
      layerNormVjp: layerNormVjpWith(space),
      gather: gatherWith(space),
      scatterAdd: scatterAddWith(space),
      copy: copyWith(space),
      place: placeWith(space),
    },
  };
}

export { hasRelaxedSimd, hasSimd } from "./module.js";
