/** Numbers that are on a GPU, or will be: read by a promise. Integers stay beside it in the host's memory as well. */
import { DisposedError } from "../../errors.js";
import type { Dtype, NumberArray, Storage } from "../engine.js";
import { type GpuLibrary, isTexture, numbersOfValue, type Argument, type Value } from "./library.js";
import type { Queue } from "./queue.js";

export class GpuStorage implements Storage {
  readonly dtype: Dtype;
  readonly length: number;
  readonly #queue: Queue;
  /** When it is there; never rejects without somebody who sees it. */
  readonly #value: Promise<Value>;
  readonly #integers: Int32Array | null;
  #disposed = false;

  constructor(
    queue: Queue,
    dtype: Dtype,
    length: number,
    value: Promise<Value>,
    integers: Int32Array | null = null,
  ) {
    this.dtype = dtype;
    this.length = length;
    this.#queue = queue;
    this.#value = value;
    this.#integers = integers;
    // A failed kernel is reported to whoever reads what came of it.
    value.catch(() => {});
  }

  /** @throws DisposedError after `dispose()` */
  read(): NumberArray | Promise<NumberArray> {
    this.check();
    if (this.#integers) return this.#integers;
    return this.#queue.add(async () => {
      const numbers = await numbersOfValue(await this.#value);
      return this.dtype === "int32" ? Int32Array.from(numbers) : numbers;
    });
  }

  check(): void {
    if (!this.#disposed) return;
    throw new DisposedError(
      `These ${this.length} ${this.dtype} numbers were given back by dispose() and cannot be read any more. ` +
        `Read them before, or dispose later.`,
    );
  }

  /** For a kernel; to be awaited only by a task of the queue. */
  async argument({ input }: GpuLibrary): Promise<Argument> {
    const value = await this.#value;
    return isTexture(value) ? value : input(value, [this.length]);
  }

  /** Kernels that were asked for before still find it. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    void this.#queue.add(async () => {
      const value = await this.#value.catch(() => null);
      if (value && isTexture(value)) value.delete();
    });
  }
}
