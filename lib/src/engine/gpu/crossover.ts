/** From which size on a GPU is faster: the same product, timed on both engines. */
import { rowMajor } from "../../tensor/shape.js";
import type { Engine, Storage, View } from "../engine.js";

export interface Timing {
  /** Rows of the square matrices. */
  readonly n: number;
  readonly gpu: number;
  readonly other: number;
}

export interface Crossover {
  /** Elements from which on the GPU was faster, and stayed so; null where it never was. */
  readonly elements: number | null;
  /** Milliseconds. */
  readonly timings: readonly Timing[];
}

const SIZES = [64, 128, 256, 512, 1024];
/** Milliseconds, after which nothing larger is tried. */
const ENOUGH = 100;
const REPETITIONS = 3;

function square(engine: Engine, n: number): View {
  const data = Float32Array.from({ length: n * n }, (_, i) => ((i * 7) % 13) / 13 - 0.5);
  return { storage: engine.upload(data), shape: [n, n], strides: rowMajor([n, n]), offset: 0 };
}

/** The best of a few products, each read by its last number's arrival; the first, which compiles, does not count. */
async function time(engine: Engine, n: number, now: () => number): Promise<number> {
  const [a, b] = [square(engine, n), square(engine, n)];
  let best = Infinity;
  for (let i = 0; i <= REPETITIONS; i++) {
    const start = now();
    const product: Storage = engine.kernels.matmul!(a, b)!;
    await product.read();
    const took = now() - start;
    if (i > 0) best = Math.min(best, took);
    product.dispose();
  }
  a.storage.dispose();
  b.storage.dispose();
  return best;
}

/** @param now milliseconds, from any beginning */
export async function measureCrossover(
  gpu: Engine,
  other: Engine,
  now: () => number = () => performance.now(),
): Promise<Crossover> {
  const timings: Timing[] = [];
  const start = now();
  for (const n of SIZES) {
    timings.push({ n, gpu: await time(gpu, n, now), other: await time(other, n, now) });
    if (now() - start > ENOUGH) break;
  }
  return { elements: crossover(timings), timings };
}

/** The smallest size from which on the GPU was the faster one in all that was measured. */
export function crossover(timings: readonly Timing[]): number | null {
  let from: number | null = null;
  for (const { n, gpu, other } of timings) {
    if (gpu >= other) from = null;
    else from ??= n * n;
  }
  return from;
}
