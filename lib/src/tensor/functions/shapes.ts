/** Functions of shape alone: the same elements seen otherwise, mostly without a copy. */
import { ShapeError } from "../../errors.js";
import type { Dtype } from "../../engine/engine.js";
import { checkChoice } from "../../options.js";
import {
  axesOf,
  axisOf,
  broadcastShapes,
  sameShape,
  type Shape,
  shapeText,
  sizeOf,
  without,
} from "../shape.js";
import { call } from "../registry.js";
import type { Tensor } from "../tensor.js";
import type { Window } from "../rules/windows.js";

/**
 * The same elements, in row-major order, in another shape; one extent may be −1 for what is left.
 * @throws ShapeError when the number of elements differs
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const free = shape.indexOf(-1);
  const known = shape.reduce((size, extent) => (extent === -1 ? size : size * extent), 1);
  const whole = free < 0 ? [...shape] : shape.map((extent) => (extent === -1 ? x.size / known : extent));
  if (whole.some((extent) => !Number.isInteger(extent) || extent < 0) || sizeOf(whole) !== x.size)
    throw new ShapeError(
      `${shapeText(x.shape)} has ${x.size} elements and cannot be reshaped to ${shapeText(shape)}.`,
    );
  return sameShape(whole, x.shape) ? x : call("reshape", [x], whole);
}

/** Axes in another order; reversed when none is given. */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  const order =
    axes?.map((axis) => axisOf("transpose", axis, x.rank)) ?? x.shape.map((_, i) => x.rank - 1 - i);
  if (new Set(order).size !== x.rank)
    throw new ShapeError(
      `transpose of ${shapeText(x.shape)} needs every axis once; it got [${order.join(", ")}].`,
    );
  return order.every((axis, i) => axis === i) ? x : call("transpose", [x], order);
}

/** The last two axes exchanged. @throws ShapeError for fewer than two axes */
export function matrixTranspose(x: Tensor): Tensor {
  if (x.rank < 2) throw new ShapeError(`A matrix has two axes; ${shapeText(x.shape)} has ${x.rank}.`);
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** @throws ShapeError when x does not broadcast to this shape */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape))
    throw new ShapeError(`${shapeText(x.shape)} does not broadcast to ${shapeText(shape)}.`);
  return call("broadcastTo", [x], [...shape]);
}

/** The transpose of broadcastTo: the sum over what was repeated. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const fresh = x.rank - shape.length;
  const axes = x.shape.flatMap((extent, axis) =>
    axis < fresh || (shape[axis - fresh] === 1 && extent !== 1) ? [axis] : [],
  );
  return reshape(call("sum", [x], axes), shape);
}

/** An axis of extent 1 more, in front of axis `axis` (negative: counted from the end of the result). */
export function expandDims(x: Tensor, axis: number): Tensor {
  const at = axisOf("expandDims", axis, x.rank + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** Without axes of extent 1: those that are named, or all. */
export function squeeze(x: Tensor, axes?: number | readonly number[]): Tensor {
  const dropped =
    axes === undefined
      ? x.shape.flatMap((extent, axis) => (extent === 1 ? [axis] : []))
      : axesOf("squeeze", axes, x.rank);
  const wide = dropped.find((axis) => x.shape[axis] !== 1);
  if (wide !== undefined)
    throw new ShapeError(
      `squeeze drops axes of extent 1; axis ${wide} of ${shapeText(x.shape)} has ${x.shape[wide]}.`,
    );
  return reshape(x, without(x.shape, dropped));
}

export type Range = readonly [start: number, end?: number | undefined, step?: number];

/**
 * Elements start … end − 1 of each axis in turn, every `step`-th; negative places count from the end, a negative step goes
 * backwards. Axes that are not named are whole.
 * @param ranges one for each of the first axes; a number takes that place and drops the axis, null takes all
 */
export function slice(x: Tensor, ...ranges: readonly (Range | number | null)[]): Tensor {
  if (ranges.length > x.rank)
    throw new ShapeError(
      `slice was given ${ranges.length} ranges for the ${x.rank} axes of ${shapeText(x.shape)}.`,
    );
  const start: number[] = [];
  const shape: number[] = [];
  const along: [number, number][] = [];
  x.shape.forEach((extent, axis) => {
    const range = ranges[axis] ?? [0];
    if (typeof range === "number") {
      start.push(placeIn(range, extent, axis));
      return;
    }
    const [from, count, step] = rangeIn(range, extent);
    start.push(count === 0 ? 0 : from);
    shape.push(count);
    along.push([axis, step]);
  });
  return call("slice", [x], { shape, along, start } satisfies Window);
}

function placeIn(place: number, extent: number, axis: number): number {
  const at = place < 0 ? place + extent : place;
  if (!Number.isInteger(at) || at < 0 || at >= extent)
    throw new ShapeError(`Place ${place} is not on axis ${axis}, which has ${extent}.`);
  return at;
}

/** As JavaScript's and Python's slices: places beyond the ends are the ends. */
function rangeIn([start, end, step = 1]: Range, extent: number): [from: number, count: number, step: number] {
  if (!Number.isInteger(step) || step === 0)
    throw new ShapeError(`A slice's step is a whole number, not ${step}.`);
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const bound = (place: number) => Math.min(high, Math.max(low, place < 0 ? place + extent : place));
  const from = bound(start);
  const to = end === undefined ? (step > 0 ? extent : -1) : bound(end);
  return [from, Math.max(0, Math.ceil((to - from) / step)), step];
}

/** Backwards along some axes; along all when none is named. */
export function flip(x: Tensor, axes?: number | readonly number[]): Tensor {
  const turned = axesOf("flip", axes, x.rank);
  return slice(
    x,
    ...x.shape.map((extent, axis): Range => (turned.includes(axis) ? [extent - 1, undefined, -1] : [0])),
  );
}

/**
 * Tensors one after the other along an axis; the other axes are equal.
 * @throws ShapeError naming the shapes that do not fit
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("concat needs at least one tensor.");
  const at = axisOf("concat", axis, first.rank);
  for (const other of tensors)
    if (other.rank !== first.rank || other.shape.some((extent, i) => i !== at && extent !== first.shape[i]))
      throw new ShapeError(
        `concat along axis ${at} needs the other axes equal: ${shapeText(first.shape)} and ${shapeText(other.shape)}.`,
      );
  return tensors.length === 1 ? first : call("concat", tensors, at);
}

/** Tensors of one shape along a new axis. */
export const stack = (tensors: readonly Tensor[], axis = 0): Tensor =>
  concat(
    tensors.map((x) => expandDims(x, axis)),
    axis,
  );

/** Zeros (or another number) around: [before, after] for each axis. */
export function pad(
  x: Tensor,
  widths: readonly (readonly [before: number, after: number])[],
  value = 0,
): Tensor {
  if (widths.length !== x.rank || widths.flat().some((width) => !Number.isInteger(width) || width < 0))
    throw new ShapeError(
      `pad needs [before, after] for each of the ${x.rank} axes of ${shapeText(x.shape)}, whole numbers from 0 on.`,
    );
  if (widths.every(([before, after]) => before === 0 && after === 0)) return x;
  if (value !== 0) return pad(x.sub(value), widths).add(value);
  const whole = x.shape.map((extent, axis) => extent + widths[axis]![0] + widths[axis]![1]);
  const window: Window = {
    shape: x.shape,
    along: x.shape.map((_, axis) => [axis, 1]),
    start: widths.map(([before]) => before),
  };
  return call("place", [x], { window, shape: whole });
}

/** The same elements, contiguous in memory. */
export const contiguous = (x: Tensor): Tensor => call("copy", [x], undefined);

/** In another kind of numbers; to int32 they are cut to whole ones, and lose their derivative. */
export function astype(x: Tensor, dtype: Dtype): Tensor {
  checkChoice(dtype, "dtype", ["float32", "float64", "int32"]);
  return x.dtype === dtype ? x : call("astype", [x], dtype);
}
