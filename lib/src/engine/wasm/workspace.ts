/** One engine's arena and kernels, and what a kernel call does with its arguments: dense where it must be, borrowed and returned. */
import type { Dtype, NumberArray, View } from "../engine.js";
import { isDense, sizeOf } from "../reference/kernels/elements.js";
import { Arena } from "./arena.js";
import { mergedAxes } from "../axes.js";
import { kernelsIn, sharedKernelModule, type WasmKernels } from "./module.js";
import { WasmStorage } from "./storage.js";
import { Threads } from "./threads.js";

export const bytesEach = (dtype: Dtype): number => (dtype === "float64" ? 8 : 4);

/** About a tenth of a millisecond of one thread. */
const WORTH_WAKING = 2 ** 22;

interface Loan {
  readonly address: number;
  readonly bytes: number;
}

export class Workspace {
  readonly arena: Arena;
  readonly kernels: WasmKernels;
  readonly #loans: Loan[] = [];

  readonly #most: number;
  #threads: Threads | null = null;

  /** @param threads that may work side by side, this one counted; more than one where memory can be shared */
  constructor(budget: number, threads: number) {
    const isShared = threads > 1 && typeof SharedArrayBuffer === "function";
    this.#most = isShared ? threads : 1;
    this.arena = new Arena(budget, isShared);
    this.kernels = kernelsIn(this.arena.memory, isShared);
  }

  /**
   * Threads for so many multiplications; null where there are none, or where waking them would cost more than they gain. They begin
   * when something first is large enough, and help when they are ready.
   */
  parallel(multiplications: number): { readonly threads: Threads; readonly parts: number } | null {
    if (this.#most === 1 || multiplications < WORTH_WAKING) return null;
    this.#threads ??= new Threads(this.#most - 1, sharedKernelModule(), this.arena.memory, this.kernels);
    const { ready } = this.#threads;
    return ready > 1 ? { threads: this.#threads, parts: ready } : null;
  }

  get threads(): number {
    return this.#threads?.ready ?? 1;
  }

  stop(): void {
    this.#threads?.stop();
    this.#threads = null;
  }

  /** Run `body`, and take back what it borrowed. */
  call<T>(body: () => T): T {
    try {
      return body();
    } finally {
      for (const { address, bytes } of this.#loans) this.arena.release(address, bytes);
      this.#loans.length = 0;
    }
  }

  /** Memory until the end of the call. */
  scratch(bytes: number): number {
    const address = this.arena.borrow(bytes);
    this.#loans.push({ address, bytes });
    return address;
  }

  result(dtype: Dtype, length: number, write: (address: number) => void): WasmStorage {
    return WasmStorage.filledBy(this.arena, dtype, length, write);
  }

  upload(data: NumberArray): WasmStorage {
    return WasmStorage.of(this.arena, data);
  }

  /** The address of a view's first element. */
  address({ storage, offset }: View): number {
    return (storage as WasmStorage).address(this.#loans) + offset * bytesEach(storage.dtype);
  }

  /** The address of a view's elements in row-major order: a copy until the end of the call where they do not lie so. */
  dense(view: View): number {
    const size = sizeOf(view.shape);
    if (isDense(view) || size === 0) return this.address(view);
    const to = this.scratch(size * bytesEach(view.storage.dtype));
    this.copyTo(view, to);
    return to;
  }

  /** Put a view's elements in row-major order. */
  copyTo(view: View, to: number): void {
    const bytes = bytesEach(view.storage.dtype);
    const copy = this.kernels[`dense${bytes}`]!;
    this.#byFour([view], (start, [n, m, l, k], [strides], at) => {
      const [sn, sm, sl, sk] = strides!;
      copy(this.address(view) + start * bytes, to + at * bytes, n, m, l, k, sn!, sm!, sl!, sk!);
    });
  }

  /** Add elements that lie in row-major order where the window says. */
  addTo(window: View, from: number, to: number): void {
    const bytes = bytesEach(window.storage.dtype);
    const add = this.kernels[`add${bytes}`]!;
    this.#byFour([window], (start, [n, m, l, k], [strides], at) => {
      const [sn, sm, sl, sk] = strides!;
      add(from + at * bytes, to + (window.offset + start) * bytes, n, m, l, k, sn!, sm!, sl!, sk!);
    });
  }

  /** The kernels take four axes; more are gone through here. */
  #byFour(
    views: readonly View[],
    run: (start: number, extents: [number, number, number, number], strides: number[][], at: number) => void,
  ): void {
    const axes = mergedAxes(views[0]!.shape, views);
    while (axes.length < 4) axes.unshift({ extent: 1, steps: views.map(() => 0) });
    const outer = axes.splice(0, axes.length - 4);
    const extents = axes.map(({ extent }) => extent) as [number, number, number, number];
    const strides = views.map((_, v) => axes.map(({ steps }) => steps[v]!));
    const size = sizeOf(extents);
    const visit = (axis: number, start: number, at: number): number => {
      if (axis === outer.length) {
        run(start, extents, strides, at);
        return at + size;
      }
      const { extent, steps } = outer[axis]!;
      for (let i = 0; i < extent; i++) at = visit(axis + 1, start + i * steps[0]!, at);
      return at;
    };
    visit(0, 0, 0);
  }
}
