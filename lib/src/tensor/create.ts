/** Making tensors: from numbers, of one number, of ranges, of random numbers. */
import { currentEngine } from "../engine/current.js";
import { zerosOf } from "../engine/dtypes.js";
import type { Dtype, Engine, NumberArray } from "../engine/engine.js";
import { OptionError, ShapeError } from "../errors.js";
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import type { Philox } from "../random/philox.js";
import { installTensors } from "./install.js";
import { type Shape, shapeText, sizeOf } from "./shape.js";
import { constant, made, type PlainTensor } from "./tensor.js";

installTensors();

export interface TensorOptions {
  /** "float32" when not given; that of the array where one is given. */
  readonly dtype?: Dtype;
  /** Where the numbers are; the current engine when not given. */
  readonly engine?: Engine;
}

const DTYPES: readonly Dtype[] = ["float32", "float64", "int32"];

function placeOf(
  options: TensorOptions,
  of: string,
  shape: Shape,
  fallback: Dtype = "float32",
): { dtype: Dtype; engine: Engine } {
  checkOptionNames(options, ["dtype", "engine"], of);
  checkShape(shape);
  const dtype = checkChoice(options.dtype ?? fallback, "dtype", DTYPES);
  return { dtype, engine: options.engine ?? currentEngine(dtype, sizeOf(shape)) };
}

function checkShape(shape: Shape): void {
  for (const extent of shape) checkCount(extent, "an extent", 0, 2 ** 31);
}

export type Nested = number | readonly Nested[];

/**
 * A tensor of these numbers.
 *
 * @param values nested arrays of one form, or a typed array with its shape; the shape of nested arrays follows from them
 * @throws ShapeError for rows of different lengths, or an array whose length does not fit its shape
 * @example
 * const a = tensor([[1, 2], [3, 4]]);
 * if (a.matmul(a).dataSync()[3] !== 22) throw new Error("that is not the product");
 */
export function tensor(values: Nested | NumberArray, options?: TensorOptions): PlainTensor;
export function tensor(values: Nested | NumberArray, shape: Shape, options?: TensorOptions): PlainTensor;
export function tensor(
  values: Nested | NumberArray,
  shapeOrOptions?: Shape | TensorOptions,
  more: TensorOptions = {},
): PlainTensor {
  const given = Array.isArray(shapeOrOptions) ? (shapeOrOptions as Shape) : undefined;
  const options = given ? more : ((shapeOrOptions as TensorOptions | undefined) ?? {});
  const flat = ArrayBuffer.isView(values) ? values : null;
  const native = flat ? nativeDtype(flat) : "float32";
  const shape = given ?? (flat ? [flat.length] : shapeOf(values as Nested));
  const { dtype, engine } = placeOf(options, "tensor", shape, native);
  const length = sizeOf(shape);
  const data = zerosOf(dtype, length);
  if (flat) fill(data, flat, shape);
  else if (given) fill(data, (values as readonly number[][]).flat(Infinity as 1), shape);
  else flattenInto(data, values as Nested, shape, 0, 0);
  return made(engine, engine.upload(data), shape);
}

function nativeDtype(data: NumberArray): Dtype {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  throw new OptionError(
    `tensor takes Float32Array, Float64Array and Int32Array; for a ${(data as object).constructor.name} say ` +
      `tensor(Array.from(data), shape).`,
  );
}

function fill(to: NumberArray, from: ArrayLike<number>, shape: Shape): void {
  if (from.length !== to.length)
    throw new ShapeError(
      `${from.length} numbers do not fill the shape ${shapeText(shape)}, which has ${to.length}.`,
    );
  to.set(from);
}

function shapeOf(values: Nested): Shape {
  const shape: number[] = [];
  for (let level = values; Array.isArray(level); level = level[0] as Nested) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return shape;
}

function flattenInto(to: NumberArray, values: Nested, shape: Shape, axis: number, at: number): number {
  if (axis === shape.length) {
    if (typeof values !== "number")
      throw new ShapeError(
        `A tensor ${shapeText(shape)} has numbers as elements; one of them is ${describe(values)}.`,
      );
    to[at] = values;
    return at + 1;
  }
  if (!Array.isArray(values) || values.length !== shape[axis])
    throw new ShapeError(
      `The rows of a tensor have one length: axis ${axis} has ${shape[axis]} in the first row, and elsewhere ` +
        `${Array.isArray(values) ? values.length : describe(values)}.`,
    );
  for (const row of values as readonly Nested[]) at = flattenInto(to, row, shape, axis + 1, at);
  return at;
}

const describe = (value: unknown): string =>
  Array.isArray(value) ? "an array" : `${typeof value} ${String(value)}`;

/** One number everywhere. It takes the memory of one. */
export function full(shape: Shape, value: number, options: TensorOptions = {}): PlainTensor {
  const { dtype, engine } = placeOf(options, "full", shape);
  return constant(engine, dtype, value, shape);
}

export const zeros = (shape: Shape, options: TensorOptions = {}): PlainTensor => full(shape, 0, options);
export const ones = (shape: Shape, options: TensorOptions = {}): PlainTensor => full(shape, 1, options);

/** 0, 1, … n − 1. */
export function range(n: number, options: TensorOptions = {}): PlainTensor {
  const { dtype, engine } = placeOf(options, "range", [checkCount(n, "n", 0, 2 ** 31)]);
  const data = zerosOf(dtype, n);
  for (let i = 0; i < n; i++) data[i] = i;
  return made(engine, engine.upload(data), [n]);
}

/** [n, n] with ones on the diagonal. */
export function eye(n: number, options: TensorOptions = {}): PlainTensor {
  const { dtype, engine } = placeOf(options, "eye", [checkCount(n, "n", 0, 2 ** 15), n]);
  const data = zerosOf(dtype, n ** 2);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return made(engine, engine.upload(data), [n, n]);
}

function drawn(
  shape: Shape,
  numbers: (n: number) => Float64Array,
  options: TensorOptions,
  of: string,
): PlainTensor {
  const { dtype, engine } = placeOf(options, of, shape);
  const data = zerosOf(dtype, sizeOf(shape));
  data.set(numbers(data.length));
  return made(engine, engine.upload(data), shape);
}

/** Uniform in [0, 1), from a stream: `philox(seed)`. */
export const randomUniform = (stream: Philox, shape: Shape, options: TensorOptions = {}): PlainTensor =>
  drawn(shape, (n) => stream.uniforms(n), options, "randomUniform");

/** Standard normal, from a stream: `philox(seed)`. */
export const randomNormal = (stream: Philox, shape: Shape, options: TensorOptions = {}): PlainTensor =>
  drawn(shape, (n) => stream.normals(n), options, "randomNormal");
