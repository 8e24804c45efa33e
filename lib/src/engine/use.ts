/** Choosing an engine where that takes a look at the machine: probing for GPUs, and measuring one before it is taken. */
import { GpuUnavailableError } from "../errors.js";
import { checkChoice, checkOptionNames } from "../options.js";
import { automatic, choose, offerEngine, setEngine } from "./current.js";
import type { EngineName } from "./engine.js";
import { createGpuEngine, type GpuEngine } from "./gpu/index.js";
import { type Crossover, measureCrossover } from "./gpu/crossover.js";
import { type GpuLibrary, type GpuMode, loadLibrary } from "./gpu/library.js";
import { type Platform, type Probe, probeGpus, thisPlatform } from "./gpu/probe.js";

export interface UseEngineOptions {
  /** For "gpu": this back end of gpu.js, whatever it runs on. When not given, the best that is a GPU. */
  readonly mode?: GpuMode;
  /** gpu.js itself, where `import("gpu.js")` does not find it. */
  readonly library?: GpuLibrary;
  /** What is asked for GPUs; this program's own platform when not given. */
  readonly platform?: Platform;
  /** Milliseconds, for the measurement. */
  readonly now?: () => number;
}

/** What is known of the machine's GPUs; null where nobody has looked. */
export const found: {
  probes: readonly Probe[] | null;
  crossover: Crossover | null;
  gpu: GpuEngine | null;
  /** Whether gpu.js could not be loaded. */
  missing: boolean;
} = { probes: null, crossover: null, gpu: null, missing: false };

/**
 * Make new tensors on an engine from now on, and wait until it is there.
 *
 * - `"reference"`, `"wasm"`: as `setEngine`.
 * - `"gpu"`: on a real GPU; a rasteriser in software is refused, unless its `mode` is named.
 * - `"auto"`: float32 tensors from a size on go to a GPU, if there is a real one, and it was faster than WebAssembly in a
 *   measurement of about 100 ms; all else is done by WebAssembly. `engineReport()` says what was found and decided.
 *
 * @throws GpuUnavailableError for `"gpu"` where there is none, with what was found instead
 * @example
 * await useEngine("auto");
 * if (!String(engineReport()).includes("wasm")) throw new Error("there should be WebAssembly here");
 */
export async function useEngine(name: EngineName | "auto", options: UseEngineOptions = {}): Promise<void> {
  checkOptionNames(options, ["mode", "library", "platform", "now"], "useEngine");
  checkChoice(name, "the engine", ["reference", "wasm", "gpu", "auto"]);
  if (name === "gpu") return useGpu(options);
  if (name === "auto") return useAuto(options);
  setEngine(name);
}

const list = (probes: readonly Probe[]): string =>
  probes.map(({ mode, reason }) => `${mode}: ${reason}`).join("; ");

async function look({
  library,
  platform = thisPlatform,
}: UseEngineOptions): Promise<{ library: GpuLibrary; probe: Probe | undefined }> {
  found.missing = true;
  const loaded = library ?? (await loadLibrary());
  found.missing = false;
  found.probes = await probeGpus(loaded, platform);
  return { library: loaded, probe: found.probes.find(({ hardware }) => hardware) };
}

async function gpuOn(mode: GpuMode, library: GpuLibrary): Promise<GpuEngine> {
  if (found.gpu?.mode === mode && found.gpu.device.library === library) return found.gpu;
  const engine = await createGpuEngine({ mode, library });
  found.gpu = engine;
  offerEngine("gpu", () => engine);
  return engine;
}

async function useGpu(options: UseEngineOptions): Promise<void> {
  const { library, probe } = await look(options);
  const mode = options.mode ?? probe?.mode;
  if (mode === undefined)
    throw new GpuUnavailableError(
      `There is no GPU here that gpu.js can use (${list(found.probes!)}). The wasm engine is faster than any of these; ` +
        `to use one all the same, for a test, name it: useEngine("gpu", { mode: "webasm" }).`,
    );
  choose({
    engine: await gpuOn(mode, library),
    reason: options.mode ? `its mode, "${mode}", was named` : `${mode}: ${probe!.reason}`,
  });
}

async function useAuto(options: UseEngineOptions): Promise<void> {
  const stay = (reason: string) => choose({ engine: "auto", reason });
  let looked: Awaited<ReturnType<typeof look>>;
  try {
    looked = await look(options);
  } catch (error) {
    if (error instanceof GpuUnavailableError) return stay("gpu.js is not installed");
    throw error;
  }
  const { library, probe } = looked;
  if (!probe) return stay(`no GPU: ${list(found.probes!)}`);
  const gpu = await gpuOn(probe.mode, library);
  const crossover = await measureCrossover(gpu, automatic("float32"), options.now);
  found.crossover = crossover;
  const largest = crossover.timings.at(-1)!.n;
  if (crossover.elements === null)
    return stay(`${probe.mode} was slower than WebAssembly in products of up to ${largest} × ${largest}`);
  choose({
    engine: "auto",
    reason: `${probe.mode} was faster than WebAssembly from ${crossover.elements} elements on`,
    large: { engine: gpu, elements: crossover.elements },
  });
}
