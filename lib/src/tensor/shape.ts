/** Shapes: their sizes, how they broadcast, and how they are named in errors. */
import { ShapeError } from "../errors.js";

export type Shape = readonly number[];

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Strides of contiguous, row-major elements. */
export function rowMajor(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** "[2, 3]" */
export const shapeText = (shape: Shape): string => `[${shape.join(", ")}]`;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/**
 * The shape that tensors have together: aligned at the last axis, where each extent is equal or 1.
 * @param what the operation, for the error
 * @throws ShapeError naming all shapes and the axis at which they differ
 */
export function broadcastShapes(what: string, ...shapes: readonly Shape[]): Shape {
  const [first, ...others] = shapes;
  if (others.every((shape) => sameShape(first!, shape))) return first!;
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let extent = 1;
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1;
      if (own === 1) continue;
      if (extent !== 1 && own !== extent)
        throw new ShapeError(
          `${what} cannot broadcast ${shapes.map(shapeText).join(" and ")}: ` +
            `on axis ${axis - rank} one has ${extent}, another ${own}. Extents must be equal, or 1.`,
        );
      extent = own;
    }
    return extent;
  });
}

/**
 * An axis as a number from 0; negative ones count from the end.
 * @throws ShapeError for an axis that the shape does not have
 */
export function axisOf(what: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new ShapeError(
      `${what} was asked for axis ${axis} of a tensor with ${rank} ${rank === 1 ? "axis" : "axes"}; ` +
        (rank === 0 ? "a scalar has none." : `it has ${-rank} to ${rank - 1}.`),
    );
  return axis < 0 ? axis + rank : axis;
}

/** Axes in ascending order, each once; all of them when none is given. */
export function axesOf(what: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => axisOf(what, axis, rank));
  const sorted = [...new Set(list)].sort((a, b) => a - b);
  if (sorted.length !== list.length)
    throw new ShapeError(`${what} was given an axis twice: [${list.join(", ")}].`);
  return sorted;
}

/** The shape without some axes, or with 1 in their place. */
export const without = (shape: Shape, axes: readonly number[]): number[] =>
  shape.filter((_, axis) => !axes.includes(axis));
export const withOnes = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
