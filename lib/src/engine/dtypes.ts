/** The typed array of each dtype. */
import type { Dtype, NumberArray } from "./engine.js";

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

/** Zeros, of a dtype. */
export const zerosOf = (dtype: Dtype, length: number): NumberArray => new constructors[dtype](length);

/** The dtype of an array. */
export function dtypeOf(data: NumberArray): Dtype {
  if (data instanceof Float32Array) return "float32";
  return data instanceof Float64Array ? "float64" : "int32";
}

/** The dtype of a result: that of the first floating-point argument, or of the first one where none is. */
export const resultDtype = (...given: readonly Dtype[]): Dtype =>
  given.find((dtype) => dtype !== "int32") ?? "int32";
