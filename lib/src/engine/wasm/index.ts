/** The WebAssembly engine: SIMD kernels over one growable memory, in Node and in browsers; made when it is first asked for. */
import { checkCount, checkOptionNames, checkPositive } from "../../options.js";
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
  /**
   * How many threads may multiply matrices side by side, where SharedArrayBuffer exists; 1 when not given, "auto" for as many as
   * there are processors, and no more than 4. They begin with the first large product. Results are the same, bit for bit.
   */
  readonly threads?: number | "auto";
}

export interface WasmEngine extends Engine {
  readonly synchronous: true;
  /** What is in memory now. */
  statistics(): ArenaStatistics;
  /** How many threads are ready. */
  readonly threads: number;
  /** End its threads; it goes on with one. */
  stopThreads(): void;
}

const MOST_THREADS = 4;

/** As many as there are processors, where one knows. */
function processors(): number {
  const { navigator, process } = globalThis as {
    navigator?: { hardwareConcurrency?: number };
    process?: { getBuiltinModule?: (name: string) => { availableParallelism?: () => number } | undefined };
  };
  return (
    process?.getBuiltinModule?.("node:os")?.availableParallelism?.() ?? navigator?.hardwareConcurrency ?? 1
  );
}

/**
 * An engine with a memory of its own.
 * @throws WebAssembly.CompileError where WebAssembly has no SIMD
 */
export function createWasmEngine(options: WasmOptions = {}): WasmEngine {
  checkOptionNames(options, ["budget", "threads"], "createWasmEngine");
  const threads =
    options.threads === "auto"
      ? Math.min(MOST_THREADS, processors())
      : checkCount(options.threads ?? 1, "threads", 1, 64);
  const space = new Workspace(checkPositive(options.budget ?? 2 ** 30, "budget"), threads);
  return {
    name: "wasm",
    dtypes: ["float32", "float64"],
    synchronous: true,
    upload: (data: NumberArray) => space.upload(data),
    statistics: () => space.arena.statistics,
    get threads() {
      return space.threads;
    },
    stopThreads: () => space.stop(),
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
