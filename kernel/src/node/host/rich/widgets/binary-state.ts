/** Binary values of a widget's state: they travel beside the JSON, each with the path at which it belongs. */

export type State = Record<string, unknown>;
export type Path = readonly (string | number)[];
export type Binary = ArrayBuffer | ArrayBufferView;

export interface SplitState {
  /** The state with null (in lists) or nothing (in objects) where binary values were. */
  readonly state: State;
  readonly paths: readonly Path[];
  readonly buffers: readonly Binary[];
}

const isBinary = (value: unknown): value is Binary =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;

const isPlainObject = (value: unknown): value is State => {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Take the binary values out of a state, at any depth. The state itself is not changed. */
export function splitBinary(state: State): SplitState {
  const paths: Path[] = [];
  const buffers: Binary[] = [];
  const taken = (value: unknown, path: Path): boolean => {
    if (!isBinary(value)) return false;
    paths.push(path);
    buffers.push(value);
    return true;
  };
  const visit = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value))
      return value.map((item, i) => (taken(item, [...path, i]) ? null : visit(item, [...path, i])));
    if (!isPlainObject(value)) return value;
    const rest = Object.entries(value).filter(([key, item]) => !taken(item, [...path, key]));
    return Object.fromEntries(rest.map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  return { state: visit(state, []) as State, paths, buffers };
}

const isPath = (path: unknown): path is Path => Array.isArray(path) && path.length > 0;

/**
 * Put binary values back where they belong; a path that leads nowhere is left out.
 *
 * @param known the state that is there: a buffer takes the element type of the typed array that it replaces
 */
export function joinBinary(
  state: State,
  paths: unknown,
  buffers: readonly Uint8Array[],
  known: State = {},
): State {
  const joined = structuredClone(state);
  (Array.isArray(paths) ? paths : []).forEach((path: unknown, i) => {
    const buffer = buffers[i];
    if (!isPath(path) || buffer === undefined) return;
    const parent = follow(joined, path.slice(0, -1));
    const key = path.at(-1)!;
    if (parent !== undefined && key !== "__proto__") parent[key] = like(follow(known, path), buffer);
  });
  return joined;
}

function follow(from: unknown, path: Path): State | undefined {
  let at: unknown = from;
  for (const key of path) at = at && Object.hasOwn(at, key) ? (at as State)[key] : undefined;
  return typeof at === "object" && at !== null ? (at as State) : undefined;
}

type TypedArrayClass = new (buffer: ArrayBuffer) => ArrayBufferView;

function like(replaced: unknown, bytes: Uint8Array): ArrayBufferView {
  // Not slice(): a Buffer's gives a window on the same memory.
  const copy = new Uint8Array(bytes);
  const size = (replaced as { BYTES_PER_ELEMENT?: number } | undefined)?.BYTES_PER_ELEMENT;
  if (!ArrayBuffer.isView(replaced) || size === undefined || copy.length % size !== 0) return copy;
  // A Buffer is a Uint8Array whose own constructor is not to be called.
  const Class = Buffer.isBuffer(replaced) ? Uint8Array : (replaced.constructor as TypedArrayClass);
  return new Class(copy.buffer);
}
