/** Threads over one memory: a kernel's parts run side by side, and the call returns when all are done. */
import { FAILED, GENERATION, MOST_ARGUMENTS, PENDING, STOP, THREADS, threadSource } from "./thread.js";
import type { WasmKernels } from "./module.js";

/** A worker of Node or of a browser, as far as it is used. */
interface Thread {
  readonly stop: () => void;
}

interface NodeThreads {
  Worker: new (
    source: string,
    options: object,
  ) => { unref(): void; terminate(): Promise<number>; on(event: string, listener: () => void): void };
}

/** What a thread begins with. */
interface Beginning {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly args: Float64Array;
  readonly names: readonly string[];
  readonly id: number;
}

function begin(beginning: Beginning): Thread {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const node = process?.getBuiltinModule?.("node:worker_threads") as NodeThreads | undefined;
  if (node) {
    // Without the flags and loaders of this program: the thread needs none, and some would run it twice.
    const worker = new node.Worker(threadSource, {
      eval: true,
      workerData: beginning,
      execArgv: [],
      env: {},
    });
    worker.on("error", () => {});
    worker.unref();
    return { stop: () => void worker.terminate() };
  }
  const url = URL.createObjectURL(new Blob([threadSource], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.postMessage(beginning);
  return { stop: () => worker.terminate() };
}

/** Kernels that are ever split. */
const SPLIT = ["multiply4", "multiply8", "attentionHead"] as const;
export type SplitKernel = (typeof SPLIT)[number];

export class Threads {
  readonly #kernels: WasmKernels;
  readonly #control: Int32Array;
  readonly #args: Float64Array;
  readonly #threads: Thread[];

  /** @param count threads besides the one that calls */
  constructor(count: number, module: WebAssembly.Module, memory: WebAssembly.Memory, kernels: WasmKernels) {
    this.#kernels = kernels;
    this.#control = new Int32Array(new SharedArrayBuffer(4 * (THREADS + 2 * count)));
    this.#args = new Float64Array(new SharedArrayBuffer(8 * MOST_ARGUMENTS * count));
    const common = { module, memory, control: this.#control, args: this.#args, names: SPLIT };
    this.#threads = Array.from({ length: count }, (_, id) => begin({ ...common, id }));
  }

  /** How many parts may run side by side now: threads take some time until they are ready. */
  get ready(): number {
    let ready = 1;
    for (let id = 0; id < this.#threads.length; id++) ready += Atomics.load(this.#control, THREADS + 2 * id);
    return ready;
  }

  /**
   * Run a kernel once for each list of arguments; no more than `ready` of them.
   * @throws Error when a part failed
   */
  run(kernel: SplitKernel, parts: readonly (readonly number[])[]): void {
    const control = this.#control;
    const index = SPLIT.indexOf(kernel);
    let next = 1;
    for (let id = 0; id < this.#threads.length; id++) {
      const isReady = Atomics.load(control, THREADS + 2 * id) === 1;
      const part = isReady ? parts[next] : undefined;
      Atomics.store(control, THREADS + 2 * id + 1, part ? index : -1);
      if (!part) continue;
      this.#args.set(part, id * MOST_ARGUMENTS);
      next++;
    }
    Atomics.store(control, FAILED, 0);
    Atomics.store(control, PENDING, next - 1);
    Atomics.add(control, GENERATION, 1);
    Atomics.notify(control, GENERATION);
    this.#kernels[kernel]!(...parts[0]!);
    // What no thread took is done here.
    for (; next < parts.length; next++) this.#kernels[kernel]!(...parts[next]!);
    this.#wait();
    if (Atomics.load(control, FAILED) === 1) throw new Error(`A thread failed in the kernel ${kernel}.`);
  }

  /** The main thread of a page may not sleep; it looks again and again, for as long as its own part took. */
  #wait(): void {
    for (;;) {
      const pending = Atomics.load(this.#control, PENDING);
      if (pending === 0) return;
      try {
        Atomics.wait(this.#control, PENDING, pending);
      } catch {
        // Not allowed here.
      }
    }
  }

  stop(): void {
    Atomics.store(this.#control, STOP, 1);
    Atomics.add(this.#control, GENERATION, 1);
    Atomics.notify(this.#control, GENERATION);
    for (const thread of this.#threads) thread.stop();
  }
}
