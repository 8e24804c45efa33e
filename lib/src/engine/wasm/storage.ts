/** Numbers in the arena; or, beyond its budget, on the ordinary heap, from which a kernel borrows them. */
import { DisposedError } from "../../errors.js";
import { dtypeOf } from "../dtypes.js";
import type { Dtype, NumberArray, Storage } from "../engine.js";
import type { Arena } from "./arena.js";

const bytesEach: Readonly<Record<Dtype, number>> = { float32: 4, float64: 8, int32: 4 };
const views = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

/** Which block a forgotten storage had. */
interface Block {
  readonly arena: Arena;
  readonly address: number;
  readonly bytes: number;
}

/** Called only when the program pauses: a loop that never does wants `tidy`, or goes over to the heap. */
const forgotten = new FinalizationRegistry<Block>(({ arena, address, bytes }) =>
  arena.release(address, bytes),
);

export class WasmStorage implements Storage {
  readonly dtype: Dtype;
  readonly length: number;
  readonly #arena: Arena;
  /** 0 for numbers on the heap. */
  #address: number;
  #heap: NumberArray | null = null;
  #isDisposed = false;

  private constructor(arena: Arena, dtype: Dtype, length: number, address: number, heap: NumberArray | null) {
    this.#arena = arena;
    this.dtype = dtype;
    this.length = length;
    this.#address = address;
    this.#heap = heap;
    if (address > 0) forgotten.register(this, { arena, address, bytes: this.bytes }, this);
  }

  /** Room for numbers that a kernel writes: in the arena, else the numbers go to the heap when it is done. */
  static filledBy(arena: Arena, dtype: Dtype, length: number, write: (address: number) => void): WasmStorage {
    const bytes = length * bytesEach[dtype];
    const address = arena.allocate(bytes);
    if (address > 0) {
      write(address);
      return new WasmStorage(arena, dtype, length, address, null);
    }
    const borrowed = arena.borrow(bytes);
    write(borrowed);
    const heap = new views[dtype](arena.memory.buffer, borrowed, length).slice();
    arena.release(borrowed, bytes);
    return new WasmStorage(arena, dtype, length, 0, heap);
  }

  static of(arena: Arena, data: NumberArray): WasmStorage {
    const dtype = dtypeOf(data);
    const address = arena.allocate(data.byteLength);
    if (address === 0) return new WasmStorage(arena, dtype, data.length, 0, data);
    new views[dtype](arena.memory.buffer, address, data.length).set(data);
    return new WasmStorage(arena, dtype, data.length, address, null);
  }

  get bytes(): number {
    return this.length * bytesEach[this.dtype];
  }

  /** Where the numbers are, for the time of one kernel. @param borrowed told of what is to be given back after it */
  address(borrowed: { readonly address: number; readonly bytes: number }[]): number {
    this.#check();
    if (this.#address > 0) return this.#address;
    const address = this.#arena.borrow(this.bytes);
    borrowed.push({ address, bytes: this.bytes });
    new views[this.dtype](this.#arena.memory.buffer, address, this.length).set(this.#heap!);
    return address;
  }

  /**
   * The numbers themselves; a view of the memory is right until that grows: copy what is to be kept.
   * @throws DisposedError after `dispose()`
   */
  read(): NumberArray {
    this.#check();
    return this.#heap ?? new views[this.dtype](this.#arena.memory.buffer, this.#address, this.length);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#heap = null;
    if (this.#address === 0) return;
    forgotten.unregister(this);
    this.#arena.release(this.#address, this.bytes);
    this.#address = 0;
  }

  #check(): void {
    if (this.#isDisposed)
      throw new DisposedError(
        `These ${this.length} ${this.dtype} numbers were given back by dispose() and cannot be read any more. ` +
          `Read them before, or dispose later.`,
      );
  }
}
