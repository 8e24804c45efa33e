/** The element types that an array in a trace may have: one row each. */

/** The typed array that holds each dtype. */
export interface Arrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  uint16: Uint16Array;
  uint8: Uint8Array;
}

export type Dtype = keyof Arrays;
export type TypedArray = Arrays[Dtype];

interface Constructor<D extends Dtype> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Arrays[D];
  readonly BYTES_PER_ELEMENT: number;
}

export const dtypes: { readonly [D in Dtype]: Constructor<D> } = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
};

export const isDtype = (name: unknown): name is Dtype =>
  typeof name === "string" && Object.hasOwn(dtypes, name);

/** The dtype of a typed array. */
export function dtypeOf(values: TypedArray): Dtype {
  for (const [name, constructor] of Object.entries(dtypes)) {
    if (values instanceof constructor) return name as Dtype;
  }
  const found = Object.prototype.toString.call(values);
  throw new TypeError(`A trace holds arrays of ${Object.keys(dtypes).join(", ")}; got ${found}.`);
}
