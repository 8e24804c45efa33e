/** The script of the test page: the library, its checks of an engine, and gpu.js as it comes for browsers. */
import * as gpujs from "gpu.js";

import { createGpuEngine, type GpuLibrary, type GpuMode } from "cotangent";

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
