/** gpu.js as this engine uses it: loaded when it is asked for, and always with a named back end. */
import { GpuUnavailableError } from "../../errors.js";

/**
 * The back ends of gpu.js, by their names. Its own choices ("gpu", "async", none) are not among them: they take software
 * rasterisers without a word.
 */
export const gpuModes = ["webgpu", "webgl2", "webgl", "headlessgl", "webasm", "cpu"] as const;
export type GpuMode = (typeof gpuModes)[number];

/** A result that stays on the device. */
export interface Texture {
  toArray(): NestedArray | Promise<NestedArray>;
  delete(): void;
}

export type NestedArray = Float32Array | readonly NestedArray[];
export type Value = Float32Array | Texture;

/** What a kernel is called with. */
export type Argument = Texture | number | GpuInput;

/** gpu.js's flat array with a shape. */
export interface GpuInput {
  readonly value: Float32Array;
}

export interface KernelSettings {
  readonly output: readonly number[];
  readonly pipeline?: boolean;
  readonly immutable?: boolean;
  readonly precision?: "single";
  readonly constants?: Readonly<Record<string, number>>;
}

export interface Kernel {
  (...args: readonly Argument[]): Value | Promise<Value>;
  /** The kernel that really runs, and why where it is not the one that was asked for. */
  readonly kernel: {
    readonly constructor: { readonly mode: string };
    readonly fallbackReason: string | null;
  };
  destroy(): void;
}

/** A plan of several kernel calls, run as one. */
export interface Pipeline {
  (...args: readonly Argument[]): Promise<unknown>;
  readonly executorKind: string;
  readonly backend: string;
  readonly fallbackReason: string | null;
  destroy(): void;
}

export interface Gpu {
  createKernel(source: string, settings: KernelSettings): Kernel;
  createPipeline(
    plan: (...handles: readonly Argument[]) => unknown,
    settings?: { threads?: boolean },
  ): Pipeline;
  destroy(): Promise<void>;
}

export interface GpuLibrary {
  readonly GPU: {
    new (settings: { mode: GpuMode }): Gpu;
    readonly prototype: Gpu;
    readonly isHeadlessGLSupported: boolean;
    readonly isWebAssemblySupported: boolean;
  };
  input(value: Float32Array, size: readonly number[]): GpuInput;
}

let loaded: Promise<GpuLibrary> | undefined;

/**
 * gpu.js, loaded once.
 * @throws GpuUnavailableError where it is not installed
 */
export function loadLibrary(): Promise<GpuLibrary> {
  return (loaded ??= load().catch((error: unknown) => {
    // So that installing it and asking again works in the same kernel.
    loaded = undefined;
    throw error;
  }));
}

async function load(): Promise<GpuLibrary> {
  let module: GpuLibrary & { default?: GpuLibrary };
  try {
    module = (await import("gpu.js")) as unknown as typeof module;
  } catch (cause) {
    throw new GpuUnavailableError(
      "gpu.js is not installed, or cannot be loaded here. Install it beside cotangent: npm install gpu.js@2.24.1.",
      { cause },
    );
  }
  return module.default ?? module;
}

/** Numbers of a result, whatever the back end gave. */
export async function numbersOfValue(value: Value): Promise<Float32Array> {
  if (value instanceof Float32Array) return value;
  return (await value.toArray()) as Float32Array;
}

export const isTexture = (value: Value): value is Texture => !(value instanceof Float32Array);
