/** What an engine is: storage for numbers, and one kernel per primitive operation on strided views of it. */

export type Dtype = "float32" | "float64" | "int32";
export type EngineName = "reference" | "wasm" | "gpu";
export type NumberArray = Float32Array | Float64Array | Int32Array;

/** Numbers that an engine holds. Never written to after it was made, so that views may share it. */
export interface Storage {
  readonly dtype: Dtype;
  readonly length: number;
  /** All elements. An engine that can answer at once gives the array itself, any other a promise. Not to be written to. */
  read(): NumberArray | Promise<NumberArray>;
  /** Give the memory back now; reading it afterwards throws. What is forgotten is collected in time. */
  dispose(): void;
}

/** A window on a storage: element [i, j, …] lies at offset + i·strides[0] + j·strides[1] + …; a stride of 0 repeats. */
export interface View {
  readonly storage: Storage;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Elementwise functions of one argument. */
// prettier-ignore
export const mapNames = [
  "neg", "abs", "sign", "floor", "ceil", "round", "square", "reciprocal", "sqrt", "rsqrt", "exp", "expm1", "log", "log1p",
  "sin", "cos", "tan", "tanh", "sinh", "cosh", "sigmoid", "softplus", "asin", "acos", "atan", "relu", "step", "erf", "gelu",
  "silu", "trunc", "fround", "cbrt", "log2", "log10", "asinh", "acosh", "atanh", "erfc", "normalCdf",
] as const;
export type MapName = (typeof mapNames)[number];

/** Elementwise functions of two arguments; a comparison gives 1 or 0, and 0 for NaN as IEEE says (`ne` gives 1). */
// prettier-ignore
export const zipNames = [
  "add", "sub", "mul", "div", "pow", "max", "min", "mod", "atan2", "hypot", "lt", "le", "gt", "ge", "eq", "ne",
] as const;
export type ZipName = (typeof zipNames)[number];

export const reduceNames = ["sum", "max", "min", "prod", "argmax", "argmin"] as const;
export type ReduceName = (typeof reduceNames)[number];

/**
 * The primitive operations. Every one returns at once, with new, contiguous, row-major storage of the dtype of its (first)
 * floating-point argument; all floating-point arguments have the same dtype. Shapes have been checked by the caller.
 */
export interface Kernels {
  /** f(x), elementwise, in row-major order. */
  map(name: MapName, x: View): Storage;
  /** f(a, b), elementwise; both have the same shape (a broadcast argument has strides of 0). */
  zip(name: ZipName, a: View, b: View): Storage;
  /** condition ≠ 0 ? a : b, elementwise; all three have the same shape. */
  where(condition: View, a: View, b: View): Storage;
  /**
   * Reduce all axes from axis `keep` on; the result has the shape of the first `keep` axes.
   * `sum` and `prod` of nothing are 0 and 1; `argmax` and `argmin` (int32) take the first of equals, and NaN where there is one.
   */
  reduce(name: ReduceName, x: View, keep: number): Storage;
  /** [...batch, m, k] × [...batch, k, n] → [...batch, m, n]; the batch axes of both are equal (strides of 0 repeat). */
  matmul(a: View, b: View): Storage;
  /** softmax(scale · q kᵀ) v, rows by rows: [...batch, m, d], [...batch, n, d], [...batch, n, e] → [...batch, m, e]. */
  attention(q: View, k: View, v: View, scale: number): Storage;
  /** Over the last axis, shifted by its maximum. */
  softmax(x: View): Storage;
  /** x̄ = y ⊙ (ȳ − Σ y ⊙ ȳ), over the last axis; y is what softmax gave. */
  softmaxVjp(y: View, yBar: View): Storage;
  /** (x − mean) / √(variance + epsilon), over the last axis. */
  layerNorm(x: View, epsilon: number): Storage;
  /** The adjoint of layerNorm at x. */
  layerNormVjp(x: View, yBar: View, epsilon: number): Storage;
  /** Rows of a table [n, ...rest] by index (int32, any shape): [...index, ...rest]. Indices have been checked. */
  gather(table: View, index: View): Storage;
  /** The adjoint of gather: a table of `rows` rows, to which row i of the updates [...index, ...rest] is added at index[i]. */
  scatterAdd(index: View, updates: View, rows: number): Storage;
  /** The same elements, contiguous. */
  copy(x: View): Storage;
  /**
   * Zeros of `size`, to which the elements of every part are added where its window lies: element [i, j, …] at
   * offset + i·strides[0] + j·strides[1] + … Windows may overlap, also themselves (a stride of 0): so this is the adjoint of
   * every view, and with several parts what joins them.
   */
  place(parts: readonly Part[], size: number): Storage;
  /** The lower triangular l with l lᵀ = a, for each matrix of [...batch, n, n]. */
  cholesky(a: View): Storage;
  /** x with l x = b, by substitution: [...batch, n, n], [...batch, n, c] → [...batch, n, c]. */
  triangularSolve(l: View, b: View, options: TriangularOptions): Storage;
  /** Thin factors: [...batch, m, n] → q [...batch, m, k], r [...batch, k, n] with a diagonal ≥ 0, k = min(m, n). */
  qr(a: View): readonly [q: Storage, r: Storage];
  /** Thin factors: u [...batch, m, k], s [...batch, k] (largest first), vt [...batch, k, n]. */
  svd(a: View): readonly [u: Storage, s: Storage, vt: Storage];
}

/** Elements, and where they are put. */
export interface Part {
  readonly x: View;
  /** One for each axis of x. */
  readonly strides: readonly number[];
  readonly offset: number;
}

/** What a triangular matrix is, and which system is solved with it. */
export interface TriangularOptions {
  /** Whether l is lower triangular (the default) or upper; the other triangle is not read. */
  readonly lower?: boolean;
  /** Solve lᵀ x = b instead. */
  readonly transpose?: boolean;
  /** Take the diagonal for ones, without reading it. */
  readonly unit?: boolean;
}

/** What a kernel returns where an engine may refuse. */
type OrNull<F> = F extends (...args: infer A) => infer R ? (...args: A) => R | null : never;

export interface Engine {
  readonly name: EngineName;
  /** The dtypes it computes in; the others are the reference engine's. */
  readonly dtypes: readonly Dtype[];
  /** Whether its storages give their elements without a promise. */
  readonly synchronous: boolean;
  /** Hand over numbers. The array belongs to the engine from now on. */
  upload(data: NumberArray): Storage;
  /** Where an engine does not answer at once: storage for numbers that will be there. */
  later?(dtype: Dtype, length: number, data: Promise<NumberArray>): Storage;
  /** Primitive operations; one that is missing, or refuses by returning null, is done by the reference engine. */
  readonly kernels: { readonly [K in keyof Kernels]?: OrNull<Kernels[K]> };
}
