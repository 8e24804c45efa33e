/** The engine over gpu.js: kernels as source text, results that stay on the device, numbers read by a promise. */
import { DtypeError } from "../../errors.js";
import { checkChoice, checkCount, checkOptionNames } from "../../options.js";
import type { Dtype, Engine, NumberArray } from "../engine.js";
import { Device } from "./device.js";
import { type GpuLibrary, type GpuMode, gpuModes, loadLibrary } from "./library.js";
import { copyWith, mapWith, whereWith, zipWith } from "./programs/elementwise.js";
import { gatherWith, placeWith, scatterAddWith } from "./programs/moving.js";
import { attentionWith, matmulWith } from "./programs/products.js";
import { reduceWith } from "./programs/reductions.js";
import { layerNormVjpWith, layerNormWith, softmaxVjpWith, softmaxWith } from "./programs/rows.js";
import { runnerOn } from "./runner.js";

export interface GpuOptions {
  /** Which back end of gpu.js, by its name. */
  readonly mode: GpuMode;
  /** Compiled kernels that are kept (256). */
  readonly cache?: number;
  /** gpu.js itself, where `import("gpu.js")` does not find it. */
  readonly library?: GpuLibrary;
}

export interface GpuEngine extends Engine {
  readonly name: "gpu";
  readonly synchronous: false;
  readonly mode: GpuMode;
  readonly device: Device;
  /** What ran, by gpu.js's own account, and why where it was not what was asked for. */
  statistics(): GpuStatistics;
  /** Give everything back, when all that was asked for is done. */
  destroy(): Promise<void>;
}

export interface GpuStatistics {
  /** Runs by the back end that did them. */
  readonly ran: Readonly<Record<string, number>>;
  readonly fallbacks: readonly string[];
  /** Compiled kernels that are kept now. */
  readonly kernels: number;
}

/**
 * An engine on a back end of gpu.js. It computes in float32; integers may be indices and conditions.
 *
 * @throws GpuUnavailableError where gpu.js is not installed or has no such back end here
 */
export async function createGpuEngine(options: GpuOptions): Promise<GpuEngine> {
  checkOptionNames(options, ["mode", "cache", "library"], "createGpuEngine");
  const mode = checkChoice(options.mode, "mode", gpuModes);
  const cache = checkCount(options.cache ?? 256, "cache", 1, 2 ** 20);
  const device = new Device(options.library ?? (await loadLibrary()), { mode, cache });
  const run = runnerOn(device);
  return {
    name: "gpu",
    mode,
    dtypes: ["float32"],
    synchronous: false,
    device,
    upload(data: NumberArray) {
      if (data instanceof Float64Array)
        throw new DtypeError(
          `The gpu engine computes in single precision, and was given ${data.length} float64 numbers. ` +
            `Keep them on another engine, or convert them first: tensor(…, { dtype: "float32" }).`,
        );
      return device.upload(data);
    },
    later: (dtype: Dtype, length: number, data: Promise<NumberArray>) => device.later(dtype, length, data),
    statistics: () => ({
      ran: Object.fromEntries(device.ran),
      fallbacks: [...device.fallbacks],
      kernels: device.kernels.size,
    }),
    destroy: () => device.destroy(),
    kernels: {
      map: mapWith(run),
      zip: zipWith(run),
      where: whereWith(run),
      reduce: reduceWith(run, copyWith(run)),
      matmul: matmulWith(run),
      attention: attentionWith(run),
      softmax: softmaxWith(run),
      softmaxVjp: softmaxVjpWith(run),
      layerNorm: layerNormWith(run),
      layerNormVjp: layerNormVjpWith(run),
      gather: gatherWith(run),
      scatterAdd: scatterAddWith(run),
      copy: copyWith(run),
      place: placeWith(run),
    },
  };
}

export { type GpuLibrary, type GpuMode, gpuModes } from "./library.js";
