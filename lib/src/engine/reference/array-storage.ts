/** Storage that is a typed array in memory, read at once. */
import { DisposedError } from "../../errors.js";
import { dtypeOf } from "../dtypes.js";
import type { Dtype, NumberArray, Storage } from "../engine.js";

export class ArrayStorage implements Storage {
  readonly dtype: Dtype;
  readonly length: number;
  #data: NumberArray | null;

  /** @param data belongs to the storage from now on; it is not copied */
  constructor(data: NumberArray) {
    this.dtype = dtypeOf(data);
    this.length = data.length;
    this.#data = data;
  }

  /** @throws DisposedError after `dispose()` */
  read(): NumberArray {
    if (this.#data) return this.#data;
    throw new DisposedError(
      `These ${this.length} ${this.dtype} numbers were given back by dispose() and cannot be read any more. ` +
        `Read them before, or dispose later.`,
    );
  }

  dispose(): void {
    this.#data = null;
  }
}
