/** The array codec: a typed array travels as dtype, shape, and either base64 text or a binary buffer. */
import { decodedLength, fromBase64, toBase64 } from "./base64.js";
import { arrayFrom, bytesOf } from "./bytes.js";
import { type Arrays, type Dtype, dtypeOf, dtypes, isDtype, type TypedArray } from "./dtypes.js";
import { MalformedTraceError, TraceTooLargeError } from "./errors.js";
import { field, list, malformed, record, whole } from "./fields.js";
import { MAX_TRACE_BYTES } from "./limits.js";

/** An array inside JSON; `buffer` is an index into the binary buffers that travel beside the JSON. */
export type EncodedArray = {
  readonly dtype: Dtype;
  /** Row-major, outermost first. */
  readonly shape: readonly number[];
} & ({ readonly base64: string } | { readonly buffer: number });

export type ArrayPlace = "base64" | "buffers";

/** Writes arrays one after another; `buffers` collects those that do not travel as base64. */
export class ArrayWriter {
  /** Little-endian bytes; they may share memory with the arrays written. */
  readonly buffers: Uint8Array[] = [];
  readonly #place: ArrayPlace;

  constructor(place: ArrayPlace) {
    this.#place = place;
  }

  write(values: TypedArray, shape: readonly number[]): EncodedArray {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== values.length) {
      throw new MalformedTraceError(
        `An array of ${values.length} values cannot have the shape [${shape.join(", ")}].`,
      );
    }
    const head = { dtype: dtypeOf(values), shape: [...shape] };
    const bytes = bytesOf(values);
    if (this.#place === "base64") return { ...head, base64: toBase64(bytes) };
    return { ...head, buffer: this.buffers.push(bytes) - 1 };
  }
}

/** What may be handed over as a binary buffer. */
export type BinaryBuffer = ArrayBuffer | ArrayBufferView;

/** Reads untrusted arrays, keeping count of the bytes claimed so far. */
export class ArrayReader {
  #claimed = 0;
  readonly #buffers: readonly BinaryBuffer[];

  constructor(buffers: readonly BinaryBuffer[]) {
    this.#buffers = buffers;
  }

  /**
   * One array.
   * @param path the field's name, for messages
   * @param dtype the dtype that this field must have
   * @param expected the shape that this field must have; `undefined` leaves a dimension open
   * @throws MalformedTraceError, TraceTooLargeError
   */
  read<D extends Dtype>(
    value: unknown,
    path: string,
    dtype: D,
    expected: readonly (number | undefined)[],
  ): Arrays[D] {
    const fields = record(value, path);
    const claimed = field(fields, "dtype");
    if (!isDtype(claimed) || claimed !== dtype) throw malformed(`${path}.dtype`, `"${dtype}"`, claimed);
    const shape = list(field(fields, "shape"), `${path}.shape`, expected.length, expected.length).map(
      (size) => whole(size, `${path}.shape`, 0),
    );
    if (shape.some((size, axis) => expected[axis] !== undefined && size !== expected[axis])) {
      throw new MalformedTraceError(
        `${path}.shape is [${shape.join(", ")}], but the rest of the trace needs ` +
          `[${expected.map((size) => size ?? "any").join(", ")}].`,
      );
    }
    const length = this.#claim(shape, dtypes[dtype].BYTES_PER_ELEMENT, path);
    return arrayFrom(dtype, this.#bytes(fields, path, length));
  }

  #claim(shape: readonly number[], width: number, path: string): number {
    const length = shape.reduce((product, size) => product * size, width);
    this.#claimed += length;
    if (!(this.#claimed <= MAX_TRACE_BYTES)) {
      throw new TraceTooLargeError(
        `${path} with shape [${shape.join(", ")}] brings the trace over ${MAX_TRACE_BYTES / 2 ** 20} MiB. ` +
          `Store less: fewer iterations, steps, heads, layers or tokens.`,
      );
    }
    return length;
  }

  #bytes(fields: Readonly<Record<string, unknown>>, path: string, length: number): Uint8Array {
    const base64 = field(fields, "base64");
    if (base64 !== undefined) {
      if (typeof base64 !== "string") throw malformed(`${path}.base64`, "a text", base64);
      checkLength(decodedLength(base64), `${path}.base64`, length);
      const bytes = fromBase64(base64);
      if (!bytes) throw new MalformedTraceError(`${path}.base64 is not base64.`);
      return bytes;
    }
    const index = field(fields, "buffer");
    if (index === undefined) throw new MalformedTraceError(`${path} has neither base64 nor buffer.`);
    const buffer = this.#buffers[whole(index, `${path}.buffer`, 0)];
    if (!buffer) {
      throw new MalformedTraceError(
        `${path}.buffer is ${String(index)}, but ${this.#buffers.length} binary buffers came with the trace.`,
      );
    }
    checkLength(buffer.byteLength, `${path}.buffer`, length);
    return ArrayBuffer.isView(buffer)
      ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
      : new Uint8Array(buffer);
  }
}

function checkLength(found: number | undefined, path: string, needed: number): void {
  if (found === undefined) throw new MalformedTraceError(`${path} is not base64.`);
  if (found !== needed) {
    throw new MalformedTraceError(`${path} holds ${found} bytes, but its dtype and shape need ${needed}.`);
  }
}
