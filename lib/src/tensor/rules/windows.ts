/** Windows: which elements of a tensor another shape shows. One description serves slices, flips and the patches of conv2d. */
import { rowMajor, type Shape } from "../shape.js";
import { PlainTensor } from "../tensor.js";

/**
 * Element o of the window is the element of the tensor whose index along axis a is
 * start[a] + Σ o[j] · step over the axes j of the window that go along a.
 */
export interface Window {
  readonly shape: Shape;
  /** For each axis of the window: along which axis of the tensor it goes, and by how much. */
  readonly along: readonly (readonly [axis: number, step: number])[];
  /** For each axis of the tensor. */
  readonly start: readonly number[];
}

function layout({ along, start }: Window, strides: readonly number[]): { strides: number[]; offset: number } {
  return {
    strides: along.map(([axis, step]) => step * strides[axis]!),
    offset: start.reduce((offset, place, axis) => offset + place * strides[axis]!, 0),
  };
}

/** The window, on the tensor's own storage. */
export function seen(x: PlainTensor, window: Window): PlainTensor {
  const { strides, offset } = layout(window, x.view.strides);
  return new PlainTensor(x.engine, {
    storage: x.view.storage,
    shape: window.shape,
    strides,
    offset: x.view.offset + offset,
  });
}

/** Where the window's elements lie in a contiguous tensor of a shape. */
export const placed = (window: Window, shape: Shape): { strides: number[]; offset: number } =>
  layout(window, rowMajor(shape));
