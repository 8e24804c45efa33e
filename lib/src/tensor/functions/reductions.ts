/** Reductions over axes: sums, means, extremes and their places. */
import { ShapeError } from "../../errors.js";
import { checkOptionNames } from "../../options.js";
import { call } from "../registry.js";
import { axesOf, axisOf, type Shape, shapeText, sizeOf, withOnes } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { div, mul, sqrt, square, sub } from "./elementwise.js";
import { reshape } from "./shapes.js";

/** One axis, several, or all when not given; negative ones count from the end. */
export type Axes = number | readonly number[] | undefined;

export interface ReduceOptions {
  /** Keep the reduced axes, with extent 1 (false). */
  readonly keepDims?: boolean;
}

function over(name: string, called: string) {
  return (x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor => {
    checkOptionNames(options, ["keepDims"], called);
    const list = axesOf(called, axes, x.rank);
    if (name !== "sum" && name !== "logSumExp") checkNotEmpty(called, x.shape, list);
    const result = call(name, [x], list);
    return options.keepDims ? reshape(result, withOnes(x.shape, list)) : result;
  };
}

function checkNotEmpty(called: string, shape: Shape, axes: readonly number[]): void {
  if (axes.some((axis) => shape[axis] === 0))
    throw new ShapeError(
      `${called} of ${shapeText(shape)} over [${axes.join(", ")}] has nothing to choose from.`,
    );
}

export const sum = over("sum", "sum");
/** The largest; where several are, they share its adjoint. */
export const maxOf = over("maxOf", "max");
export const minOf = over("minOf", "min");
/** log Σ e^x without overflow. */
export const logSumExp = over("logSumExp", "logSumExp");

export function mean(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  const list = axesOf("mean", axes, x.rank);
  const count = sizeOf(list.map((axis) => x.shape[axis]!));
  return mul(sum(x, list, options), 1 / count);
}

/** The mean of the squared distance from the mean (divided by n). */
export function variance(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  const centred = sub(x, mean(x, axes, { keepDims: true }));
  return mean(square(centred), axes, options);
}

/** √Σ x² over all elements, or over some axes. */
export const norm = (x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor =>
  sqrt(sum(square(x), axes, options));

const placeOver =
  (name: "argmax" | "argmin") =>
  (x: Tensor, axis = -1): Tensor => {
    const at = axisOf(name, axis, x.rank);
    checkNotEmpty(name, x.shape, [at]);
    return call(name, [x], [at]);
  };

/** The place of the first largest element along an axis, the last when not given: int32, without a derivative. */
export const argmax = placeOver("argmax");
export const argmin = placeOver("argmin");

/** x / Σ x over an axis. */
export const normalise = (x: Tensor, axis = -1): Tensor => div(x, sum(x, axis, { keepDims: true }));
