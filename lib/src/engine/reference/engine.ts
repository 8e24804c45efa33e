/** The reference engine: every kernel in plain TypeScript, computed in double precision and rounded once, at the end. */
import type { Engine, Kernels, NumberArray } from "../engine.js";
import { ArrayStorage } from "./array-storage.js";
import { attention } from "./kernels/attention.js";
import { copy } from "./kernels/copy.js";
import { cholesky, qr, svd, triangularSolve } from "./kernels/factor.js";
import { gather, scatterAdd } from "./kernels/gather.js";
import { layerNorm, layerNormVjp } from "./kernels/layer-norm.js";
import { map } from "./kernels/map.js";
import { matmul } from "./kernels/matmul.js";
import { place } from "./kernels/place.js";
import { reduce } from "./kernels/reduce.js";
import { softmax, softmaxVjp } from "./kernels/softmax.js";
import { where } from "./kernels/where.js";
import { zip } from "./kernels/zip.js";

/** The same storages, as arrays. */
type Arrays<R> = R extends readonly unknown[] ? { readonly [I in keyof R]: ArrayStorage } : ArrayStorage;

/** An engine that has every kernel and answers at once. */
export interface ReferenceEngine extends Engine {
  readonly synchronous: true;
  upload(data: NumberArray): ArrayStorage;
  readonly kernels: {
    readonly [K in keyof Kernels]: (...args: Parameters<Kernels[K]>) => Arrays<ReturnType<Kernels[K]>>;
  };
}

/**
 * Always right, never clever: the oracle of the other engines, and what does the work that they refuse. Its kernels take
 * storages of any engine that can be read at once.
 */
export const referenceEngine: ReferenceEngine = {
  name: "reference",
  dtypes: ["float64", "float32", "int32"],
  synchronous: true,
  upload: (data) => new ArrayStorage(data),
  kernels: {
    map,
    zip,
    where,
    reduce,
    matmul,
    attention,
    softmax,
    softmaxVjp,
    layerNorm,
    layerNormVjp,
    gather,
    scatterAdd,
    copy,
    place,
    cholesky,
    triangularSolve,
    qr,
    svd,
  },
};
