/** Which GPUs there are, and which of them are GPUs: a rasteriser in software answers as if it were one. */
import type { GpuLibrary, GpuMode } from "./library.js";

/** What answered for a back end. */
export interface Probe {
  readonly mode: GpuMode;
  /** Of the adapter, as it calls itself; "" where nothing answered. */
  readonly adapter: string;
  /** Whether work on it is done by a GPU. */
  readonly hardware: boolean;
  /** Why it counts or does not, in a sentence. */
  readonly reason: string;
}

/** SwiftShader, Mesa's rasterisers, Microsoft's: slower than the CPU that they run on. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|subzero|software|basic render|warp/i;

export const isSoftware = (adapter: string): boolean => SOFTWARE.test(adapter);

/** As much of the platform as is asked. */
export interface Platform {
  readonly navigator?: { readonly gpu?: { requestAdapter(): Promise<Adapter | null> } };
  /** A canvas for WebGL; null where there are none. */
  canvas(): { getContext(kind: string): WebGl | null } | null;
}

export interface Adapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
}

export interface WebGl {
  getExtension(name: string): { readonly UNMASKED_RENDERER_WEBGL?: number; loseContext?(): void } | null;
  getParameter(name: number): unknown;
}

function judged(mode: GpuMode, adapter: string, fallback = false): Probe {
  const name = adapter === "" ? "an adapter without a name" : `"${adapter}"`;
  if (fallback || isSoftware(adapter))
    return {
      mode,
      adapter,
      hardware: false,
      reason: `${name} rasterises in software, slower than the wasm engine`,
    };
  return { mode, adapter, hardware: true, reason: `${name} answered` };
}

const nothing = (mode: GpuMode, reason: string): Probe => ({ mode, adapter: "", hardware: false, reason });

async function webGpu({ navigator }: Platform): Promise<Probe> {
  if (!navigator?.gpu) return nothing("webgpu", "there is no navigator.gpu here");
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) return nothing("webgpu", "no adapter answered");
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {};
  const name = [vendor, architecture, description].filter(Boolean).join(" ");
  return judged("webgpu", name, adapter.isFallbackAdapter ?? isFallbackAdapter);
}

function webGl2(platform: Platform): Probe {
  const gl = platform.canvas()?.getContext("webgl2");
  if (!gl) return nothing("webgl2", "there is no WebGL 2 here");
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  const UNMASKED = 0x9246;
  const renderer = String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? UNMASKED) ?? "");
  gl.getExtension("WEBGL_lose_context")?.loseContext?.();
  // Software likes to hide its name; a renderer that does not say what it is is not taken.
  if (renderer === "") return nothing("webgl2", "the renderer does not say what it is");
  return judged("webgl2", renderer);
}

function headlessGl({ GPU }: GpuLibrary): Probe {
  return GPU.isHeadlessGLSupported
    ? nothing(
        "headlessgl",
        "headless-gl is there, but does not say on what it runs: choose it by its mode if it is a GPU",
      )
    : nothing("headlessgl", "headless-gl is not installed");
}

/** All back ends that can be a GPU, the best first. Never throws: what fails is a reason. */
export async function probeGpus(library: GpuLibrary, platform: Platform): Promise<readonly Probe[]> {
  const asked: [GpuMode, () => Probe | Promise<Probe>][] = [
    ["webgpu", () => webGpu(platform)],
    ["webgl2", () => webGl2(platform)],
    ["headlessgl", () => headlessGl(library)],
  ];
  const probes: Probe[] = [];
  for (const [mode, ask] of asked)
    try {
      probes.push(await ask());
    } catch (error) {
      probes.push(nothing(mode, `asking for it failed: ${(error as Error).message}`));
    }
  return probes;
}

/** The platform that this program runs on. */
export const thisPlatform: Platform = {
  get navigator() {
    return (globalThis as { navigator?: NonNullable<Platform["navigator"]> }).navigator ?? {};
  },
  canvas() {
    const { OffscreenCanvas: Canvas } = globalThis as {
      OffscreenCanvas?: new (w: number, h: number) => unknown;
    };
    return Canvas ? (new Canvas(1, 1) as ReturnType<Platform["canvas"]>) : null;
  },
};
