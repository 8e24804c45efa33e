/** One GPU of gpu.js: uploads, and kernels whose results are there when their turn has come. */
import type { Dtype, NumberArray } from "../engine.js";
import { KernelCache } from "./kernels.js";
import type { Gpu, GpuLibrary, GpuMode, Value } from "./library.js";
import { createQueue, type Queue } from "./queue.js";
import { GpuStorage } from "./storage.js";

/** Modes whose results are plain arrays, which nothing has to be given back for. */
const onHost: ReadonlySet<GpuMode> = new Set(["cpu", "webasm"]);

export interface DeviceOptions {
  readonly mode: GpuMode;
  /** Compiled kernels that are kept. */
  readonly cache: number;
}

export class Device {
  readonly mode: GpuMode;
  readonly gpu: Gpu;
  readonly queue: Queue = createQueue();
  readonly kernels: KernelCache;
  readonly library: GpuLibrary;
  /** What the kernels that ran really were, by gpu.js's own account. */
  readonly ran = new Map<string, number>();
  /** Why gpu.js did not run a kernel where it was asked to. */
  readonly fallbacks = new Set<string>();

  constructor(library: GpuLibrary, { mode, cache }: DeviceOptions) {
    this.library = library;
    this.mode = mode;
    this.gpu = new library.GPU({ mode });
    const resident = !onHost.has(mode);
    this.kernels = new KernelCache(this.gpu, cache, {
      precision: "single",
      // On the host each result is a new array anyway.
      ...(resident && { pipeline: true, immutable: true }),
    });
  }

  /** @param data belongs to the device from now on */
  upload(data: NumberArray): GpuStorage {
    const integers = data instanceof Int32Array ? data : null;
    const floats = data instanceof Float32Array ? data : Float32Array.from(data);
    return new GpuStorage(
      this.queue,
      integers ? "int32" : "float32",
      data.length,
      Promise.resolve(floats),
      integers,
    );
  }

  /** What something else is computing. */
  later(dtype: Dtype, length: number, data: Promise<NumberArray>): GpuStorage {
    const floats = data.then((numbers) =>
      numbers instanceof Float32Array ? numbers : Float32Array.from(numbers),
    );
    return new GpuStorage(this.queue, dtype, length, floats);
  }

  /** Run a kernel, when all before have run. */
  launch(
    source: string,
    length: number,
    inputs: readonly GpuStorage[],
    dtype: Dtype = "float32",
  ): GpuStorage {
    for (const input of inputs) input.check();
    const value = this.queue.add(async (): Promise<Value> => {
      const args = await Promise.all(inputs.map((input) => input.argument(this.library)));
      const kernel = this.kernels.kernel(
        source,
        length,
        inputs.map((input) => input.length),
        args,
      );
      const result = await kernel(...args);
      this.#note(kernel.kernel);
      return result;
    });
    return new GpuStorage(this.queue, dtype, length, value);
  }

  #note({
    constructor,
    fallbackReason,
  }: {
    constructor: { mode: string };
    fallbackReason: string | null;
  }): void {
    this.ran.set(constructor.mode, (this.ran.get(constructor.mode) ?? 0) + 1);
    if (fallbackReason) this.fallbacks.add(fallbackReason);
  }

  /** After all that was asked for. */
  destroy(): Promise<void> {
    return this.queue.add(() => this.gpu.destroy());
  }
}
