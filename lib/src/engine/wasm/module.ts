/** The kernels as a module, compiled when the first engine asks for it. */
import { plainKernels } from "./generated/plain.js";
import { relaxedKernels } from "./generated/relaxed.js";
import { MOST_PAGES } from "./arena.js";
import { withSharedMemory } from "./shared-memory.js";

/** Numbers are addresses in bytes, counts and strides in elements. */
export type WasmKernel = (...args: number[]) => number;
export type WasmKernels = Readonly<Record<string, WasmKernel>>;

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

let compiled: { readonly module: WebAssembly.Module; readonly isRelaxed: boolean } | undefined;

let simd: boolean | undefined;
/** Whether there is a WebAssembly with SIMD here. */
export const hasSimd = (): boolean =>
  (simd ??= typeof WebAssembly === "object" && WebAssembly.validate(bytesOf(plainKernels)));

/** With fused multiply-add where this machine's WebAssembly has it. */
function kernelModule() {
  if (compiled) return compiled;
  const relaxed = bytesOf(relaxedKernels);
  const isRelaxed = WebAssembly.validate(relaxed);
  compiled = { module: new WebAssembly.Module(isRelaxed ? relaxed : bytesOf(plainKernels)), isRelaxed };
  return compiled;
}

/** Whether products and sums are fused: then results differ in the last digit. */
export const hasRelaxedSimd = (): boolean => kernelModule().isRelaxed;

let shared: WebAssembly.Module | undefined;
/** The same kernels for a memory that threads share. */
export function sharedKernelModule(): WebAssembly.Module {
  const bytes = bytesOf(kernelModule().isRelaxed ? relaxedKernels : plainKernels);
  return (shared ??= new WebAssembly.Module(withSharedMemory(bytes, MOST_PAGES)));
}

/** @throws WebAssembly.CompileError where there is no SIMD */
export function kernelsIn(memory: WebAssembly.Memory, isShared = false): WasmKernels {
  const module = isShared ? sharedKernelModule() : kernelModule().module;
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } });
  return exports as unknown as WasmKernels;
}
