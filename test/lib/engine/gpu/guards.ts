/**
 * What gpu.js 2.24.1 gets wrong, case by case, as the bare library gives it: where a new version changes one of them, the test
 * that has the list fails, and the engine's precautions can be looked at again.
 */
import type { Gpu, GpuLibrary, Kernel } from "../../../../lib/src/engine/gpu/library.js";
import type { GpuMode } from "cotangent";

/** The numbers that came, or the beginning of the error. */
export type Guarded = readonly number[] | string;

const f32 = (...numbers: number[]) => Float32Array.from(numbers);
const ramp = (n: number) => Float32Array.from({ length: n }, (_, i) => i);

type Case = (gpu: Gpu, input: GpuLibrary["input"]) => Promise<readonly number[]>;

/** A kernel that is called with what a user may call it with. */
type Loose = (...args: unknown[]) => Promise<ArrayLike<number>>;
const loose = (kernel: Kernel) => kernel as unknown as Loose;

const cases: Readonly<Record<string, Case>> = {
  /** An inner block shadows a variable: 5. */
  async shadow(gpu) {
    const kernel = gpu.createKernel(
      "function kernel(a) { let t = a[0]; if (a[0] > 0) { let t = 100; t = t + 1; } return t; }",
      { output: [1] },
    );
    return [...Array.from(await loose(kernel)(f32(5)))];
  },
  /** (−1.5)³: −3.375. */
  async cube(gpu) {
    const kernel = gpu.createKernel("function kernel(a) { return Math.pow(a[0], 3); }", { output: [1] });
    return [...Array.from(await loose(kernel)(f32(-1.5)))];
  },
  /** The second row of [4, 2] and then of [8, 2]: 8, 9 or an error. */
  async stride(gpu, input) {
    const kernel = gpu.createKernel("function kernel(a) { return a[1][this.thread.x]; }", { output: [2] });
    await loose(kernel)(input(ramp(8), [4, 2]));
    return [...Array.from(await loose(kernel)(input(ramp(16), [8, 2])))];
  },
  /** Nested arrays, then a flat one: 8. */
  async nestedThenFlat(gpu, input) {
    const kernel = gpu.createKernel("function kernel(a) { return a[this.thread.y][this.thread.x]; }", {
      output: [2, 2],
    });
    await loose(kernel)([[1, 2], [3, 4]]); // prettier-ignore
    const rows = (await loose(kernel)(input(f32(5, 6, 7, 8), [2, 2]))) as unknown as ArrayLike<number>[];
    return [rows[1]![1]!];
  },
};

export async function guards(library: GpuLibrary, mode: GpuMode): Promise<Record<string, Guarded>> {
  const results: Record<string, Guarded> = {};
  for (const [name, run] of Object.entries(cases)) {
    const gpu = new library.GPU({ mode });
    try {
      results[name] = await run(gpu, (value, size) => library.input(value, size));
    } catch (error) {
      results[name] = `throws: ${String((error as Error).message ?? error).slice(0, 40)}`;
    }
    await gpu.destroy();
  }
  return results;
}
