/** The script of the test page: the library, its checks of an engine, and gpu.js as it comes for browsers. */
import * as gpujs from "gpu.js";

import { createGpuEngine, createWasmEngine, type GpuLibrary, type GpuMode, tensor } from "cotangent";

import { kernelChecks } from "../../gpu-kernel/checks.js";
import { check, checkNames, type Outcome } from "./checks.js";
import { guards, type Guarded } from "./guards.js";

const library = ((gpujs as { default?: unknown }).default ?? gpujs) as GpuLibrary;

/** All groups of checks on one back end, and what ran. */
export async function runChecks(
  mode: GpuMode,
): Promise<{ outcomes: Outcome[]; ran: Record<string, number> }> {
  const engine = await createGpuEngine({ mode, library });
  const outcomes: Outcome[] = [];
  for (const name of checkNames) outcomes.push(await check(engine, name));
  const { ran } = engine.statistics();
  await engine.destroy();
  return { outcomes, ran };
}

export const runGuards = (mode: GpuMode): Promise<Record<string, Guarded>> => guards(library, mode);

/** Kernels that users write. */
export async function runKernelChecks(mode: GpuMode): Promise<string[]> {
  const engine = await createGpuEngine({ mode, library });
  const wrong = await kernelChecks(engine);
  await engine.destroy();
  return wrong;
}

/** Threads of the WebAssembly engine in a page: how many there are, and whether their product is the one thread's. */
export async function runThreads(): Promise<{ threads: number; isSame: boolean }> {
  const [one, two] = [createWasmEngine(), createWasmEngine({ threads: 2 })];
  const numbers = Float32Array.from({ length: 256 * 256 }, (_, i) => Math.sin(i));
  const [a, b] = [tensor(numbers, [256, 256], { engine: one }), tensor(numbers, [256, 256], { engine: two })];
  const want = a.matmul(a).dataSync();
  b.matmul(b).dispose();
  // A page's threads begin when it pauses.
  while (two.threads < 2) {
    await new Promise((done) => setTimeout(done, 0));
    b.matmul(b).dispose();
  }
  const got = b.matmul(b).dataSync();
  const { threads } = two;
  two.stopThreads();
  return { threads, isSame: got.every((x, i) => x === want[i]) };
}
