/** The reference engine's answer to a kernel whose arguments are not there yet: storages that will be filled. */
import type { Dtype, Engine, Kernels, NumberArray, Part, Storage, View } from "../engine/engine.js";
import { resultDtype } from "../engine/dtypes.js";
import { referenceEngine } from "../engine/reference/engine.js";
import { sizeOf } from "./shape.js";

interface Result {
  readonly dtype: Dtype;
  readonly length: number;
}

const like = (length: number, ...views: readonly View[]): readonly Result[] => [
  { dtype: resultDtype(...views.map(({ storage }) => storage.dtype)), length },
];
const same = (x: View): readonly Result[] => like(sizeOf(x.shape), x);
const upTo = ({ shape }: View, axes: number): number => sizeOf(shape.slice(0, shape.length - axes));

/** What each kernel gives, from its arguments alone; the sizes follow from the shapes that `Kernels` states. */
const results: { readonly [K in keyof Kernels]: (...args: Parameters<Kernels[K]>) => readonly Result[] } = {
  map: (_name, x) => same(x),
  zip: (_name, a, b) => like(sizeOf(a.shape), a, b),
  where: (_condition, a, b) => like(sizeOf(a.shape), a, b),
  reduce: (name, x, keep) => {
    const length = sizeOf(x.shape.slice(0, keep));
    return name === "argmax" || name === "argmin" ? [{ dtype: "int32", length }] : like(length, x);
  },
  matmul: (a, b) => like(upTo(a, 1) * b.shape.at(-1)!, a),
  attention: (q, _k, v) => like(upTo(q, 1) * v.shape.at(-1)!, q),
  softmax: same,
  softmaxVjp: same,
  layerNorm: same,
  layerNormVjp: same,
  gather: (table, index) => like(sizeOf(index.shape) * sizeOf(table.shape.slice(1)), table),
  scatterAdd: (index, updates, rows) =>
    like(rows * sizeOf(updates.shape.slice(index.shape.length)), updates),
  copy: same,
  place: (parts, size) => like(size, ...parts.map(({ x }) => x)),
  cholesky: same,
  triangularSolve: (_l, b) => same(b),
  qr: (a) => {
    const k = Math.min(a.shape.at(-2)!, a.shape.at(-1)!);
    return [...like(upTo(a, 1) * k, a), ...like(upTo(a, 2) * k * a.shape.at(-1)!, a)];
  },
  svd: (a) => {
    const k = Math.min(a.shape.at(-2)!, a.shape.at(-1)!);
    return [...like(upTo(a, 1) * k, a), ...like(upTo(a, 2) * k, a), ...like(upTo(a, 2) * k * a.shape.at(-1)!, a)];
  },
}; // prettier-ignore

const isView = (arg: unknown): arg is View => typeof arg === "object" && arg !== null && "storage" in arg;

/** An argument, whose numbers have been waited for. */
async function arrived(arg: unknown): Promise<unknown> {
  if (isView(arg)) return { ...arg, storage: referenceEngine.upload(await arg.storage.read()) };
  if (!Array.isArray(arg)) return arg;
  return Promise.all((arg as Part[]).map(async (part) => ({ ...part, x: await arrived(part.x) })));
}

/** @returns one storage for each result, on the engine, at once */
export function later<K extends keyof Kernels>(
  engine: Engine,
  name: K,
  args: Parameters<Kernels[K]>,
): readonly Storage[] {
  const describe = results[name] as unknown as (...args: unknown[]) => readonly Result[];
  // All are asked for now: what is given back after this call is still found.
  const given = Promise.all(args.map(arrived)).then((ready) => {
    const kernel = referenceEngine.kernels[name] as unknown as (
      ...args: unknown[]
    ) => Storage | readonly Storage[];
    const storages = kernel(...ready);
    return (Array.isArray(storages) ? storages : [storages]) as readonly Storage[];
  });
  return describe(...args).map(({ dtype, length }, i) =>
    engine.later!(
      dtype,
      length,
      given.then((storages) => storages[i]!.read() as NumberArray),
    ),
  );
}
