/** A module that imports a memory of its own, as one that imports a memory which threads share: the same kernels, another limit. */

const IMPORTS = 2;
const MEMORY = 2;
const MAGIC_AND_VERSION = 8;

/** A number of seven bits a byte, and where it ends. */
function unsigned(bytes: Uint8Array, at: number): readonly [value: number, end: number] {
  let [value, shift] = [0, 0];
  for (;;) {
    const byte = bytes[at++]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
    shift += 7;
  }
}

function encoded(value: number): number[] {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    bytes.push((left % 128) | (left >= 128 ? 128 : 0));
    if (left < 128) return bytes;
  }
}

/**
 * @param bytes a module whose only imports are functions and one memory
 * @param maximum pages, of 64 KiB; a shared memory has to say
 * @returns the module with that memory shared
 * @throws RangeError for a module that imports no memory
 */
export function withSharedMemory(bytes: Uint8Array<ArrayBuffer>, maximum: number): Uint8Array<ArrayBuffer> {
  let at = MAGIC_AND_VERSION;
  while (at < bytes.length) {
    const section = bytes[at]!;
    const [size, start] = unsigned(bytes, at + 1);
    if (section !== IMPORTS) {
      at = start + size;
      continue;
    }
    const limits = limitsOf(bytes, start);
    if (limits === null) break;
    const [, afterInitial] = unsigned(bytes, limits + 1);
    const end = (bytes[limits]! & 1) === 1 ? unsigned(bytes, afterInitial)[1] : afterInitial;
    // Flag 3: with a maximum, and shared.
    const replaced = [3, ...bytes.subarray(limits + 1, afterInitial), ...encoded(maximum)];
    const body = [...bytes.subarray(start, limits), ...replaced, ...bytes.subarray(end, start + size)];
    return Uint8Array.from([
      ...bytes.subarray(0, at), IMPORTS, ...encoded(body.length), ...body, ...bytes.subarray(start + size),
    ]); // prettier-ignore
  }
  throw new RangeError("This module imports no memory that could be shared.");
}

/** Where the limits of the imported memory are; null where none is imported. */
function limitsOf(bytes: Uint8Array, start: number): number | null {
  let [count, at] = unsigned(bytes, start);
  for (; count > 0; count--) {
    for (let name = 0; name < 2; name++) {
      const [length, text] = unsigned(bytes, at);
      at = text + length;
    }
    const kind = bytes[at++]!;
    if (kind === MEMORY) return at;
    // A function's type is one number.
    [, at] = unsigned(bytes, at);
  }
  return null;
}
