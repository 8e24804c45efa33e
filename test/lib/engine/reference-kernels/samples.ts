/** Seeded views of every layout, and the naive way to read them, for tests of kernels. */
import { mulberry32, referenceEngine, type Dtype, type NumberArray, type View } from "cotangent";

/** All indices of a shape, in row-major order. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) return void (yield []);
  for (let i = 0; i < shape[0]!; i++) for (const rest of indices(shape.slice(1))) yield [i, ...rest];
}

/** One element, by the definition of a view. */
export const at = (view: View, index: readonly number[]): number =>
  (view.storage.read() as NumberArray)[
    index.reduce((sum, i, axis) => sum + i * view.strides[axis]!, view.offset)
  ]!;

/** All elements in row-major order. */
export const listed = (view: View): number[] => [...indices(view.shape)].map((index) => at(view, index));

export const rowMajor = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((size, extent) => size * extent, 1));

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array };

export const arrayOf = (dtype: Dtype, numbers: Iterable<number>): NumberArray =>
  constructors[dtype].from(numbers);

const size = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

/** A contiguous view of given numbers. */
export const viewOf = (dtype: Dtype, shape: readonly number[], numbers: Iterable<number>): View => ({
  storage: referenceEngine.upload(arrayOf(dtype, numbers)),
  shape,
  strides: rowMajor(shape),
  offset: 0,
});

export type Draw = (uniform: () => number) => number;
export const between =
  (low: number, high: number): Draw =>
  (uniform) =>
    low + (high - low) * uniform();

export const layouts = ["contiguous", "offset", "transposed", "padded", "repeated", "backward"] as const;
export type Layout = (typeof layouts)[number];

/** A view of random numbers whose elements lie in memory as the layout says. */
export function sample(
  seed: number,
  shape: readonly number[],
  { layout = "contiguous" as Layout, dtype = "float64" as Dtype, draw = between(-2, 2) } = {},
): View {
  const uniform = mulberry32(seed);
  const strides = rowMajor(shape);
  let [length, offset] = [size(shape), 0];
  const change: Record<Layout, () => void> = {
    contiguous: () => {},
    offset: () => {
      offset = 5;
      length += 9;
    },
    transposed: () => {
      const back = rowMajor([...shape].reverse()).reverse();
      strides.splice(0, strides.length, ...back);
    },
    padded: () => {
      strides.forEach((stride, axis) => (strides[axis] = 3 * stride));
      length = 3 * length + 1;
      offset = 1;
    },
    repeated: () => {
      if (strides.length > 0) strides[0] = 0;
    },
    backward: () => {
      if (strides.length === 0) return;
      const last = strides.length - 1;
      offset = Math.max(0, shape[last]! - 1);
      strides[last] = -1;
    },
  };
  change[layout]();
  const data = arrayOf(
    dtype,
    Array.from({ length }, () => draw(uniform)),
  );
  return { storage: referenceEngine.upload(data), shape, strides, offset };
}

/** The shapes that go wrong: scalars, nothing, ones, odd numbers. */
export const oddShapes: readonly (readonly number[])[] = [
  [], [0], [1], [3], [7], [1, 1], [3, 0], [0, 3], [7, 3], [1, 7], [3, 1, 7], [2, 3, 1, 5],
]; // prettier-ignore
