/** Compiled kernels, by their source, their sizes and the kinds of their arguments; the least recently used one goes first. */
import type { Argument, Gpu, Kernel, KernelSettings } from "./library.js";

/** What a kernel depends on besides its source. */
const kindOf = (argument: Argument): string =>
  typeof argument === "number" ? "n" : "value" in argument ? `i${argument.value.length}` : "t";

export class KernelCache {
  readonly #gpu: Gpu;
  readonly #limit: number;
  readonly #settings: Omit<KernelSettings, "output">;
  readonly #kernels = new Map<string, Kernel>();

  constructor(gpu: Gpu, limit: number, settings: Omit<KernelSettings, "output">) {
    this.#gpu = gpu;
    this.#limit = limit;
    this.#settings = settings;
  }

  get size(): number {
    return this.#kernels.size;
  }

  /** @param sizes the lengths of all arguments, which are compiled into a kernel */
  kernel(source: string, output: number, sizes: readonly number[], args: readonly Argument[]): Kernel {
    const key = `${output}|${sizes.join()}|${args.map(kindOf).join()}|${source}`;
    let kernel = this.#kernels.get(key);
    if (kernel === undefined)
      kernel = this.#gpu.createKernel(source, { ...this.#settings, output: [output] });
    else this.#kernels.delete(key);
    this.#kernels.set(key, kernel);
    if (this.#kernels.size > this.#limit) {
      const [oldest, old] = this.#kernels.entries().next().value!;
      this.#kernels.delete(oldest);
      old.destroy();
    }
    return kernel;
  }
}
