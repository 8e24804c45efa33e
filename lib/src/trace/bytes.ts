/** Typed arrays as little-endian bytes and back, from any byte offset. */
import { type Arrays, type Dtype, dtypes, type TypedArray } from "./dtypes.js";

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A copy with the bytes of each element of `width` bytes reversed. */
export function swapBytes(bytes: Uint8Array, width: number): Uint8Array {
  const swapped = bytes.slice();
  for (let i = 0; i + width <= swapped.length; i += width) swapped.subarray(i, i + width).reverse();
  return swapped;
}

/** The bytes of an array in little-endian order; shares memory with it where the host is little-endian. */
export function bytesOf(values: TypedArray): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return hostIsLittleEndian ? bytes : swapBytes(bytes, values.BYTES_PER_ELEMENT);
}

/**
 * Little-endian bytes as an array; a view when they are aligned for the dtype, otherwise a copy.
 * @param bytes a whole number of elements
 */
export function arrayFrom<D extends Dtype>(dtype: D, bytes: Uint8Array): Arrays[D] {
  const constructor = dtypes[dtype];
  const width = constructor.BYTES_PER_ELEMENT;
  const ordered = hostIsLittleEndian ? bytes : swapBytes(bytes, width);
  const aligned = ordered.byteOffset % width === 0 ? ordered : ordered.slice();
  return new constructor(aligned.buffer, aligned.byteOffset, aligned.byteLength / width);
}
