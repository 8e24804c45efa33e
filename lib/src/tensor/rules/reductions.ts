/** Rows of the reductions, over a list of axes that the result does not have. */
import type { ReduceName } from "../../engine/engine.js";
import { add, div, eq, exp, mul, ne, sub, where } from "../functions/elementwise.js";
import { broadcastTo, reshape } from "../functions/shapes.js";
import { sum } from "../functions/reductions.js";
import type { TensorOp } from "../op.js";
import { call } from "../registry.js";
import { runKernel } from "../run.js";
import { without, withOnes } from "../shape.js";
import type { PlainTensor } from "../tensor.js";
import { constant, made, type Tensor } from "../tensor.js";
import { linear } from "./makers.js";

type Axes = readonly number[];

/** The reduced axes behind the others, as the kernel wants them. */
function reduced(name: ReduceName, x: PlainTensor, axes: Axes): PlainTensor {
  const order = [...x.shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
  const { shape, strides } = x.view;
  const view = { ...x.view, shape: order.map((i) => shape[i]!), strides: order.map((i) => strides[i]!) };
  const keep = shape.length - axes.length;
  return made(x.engine, runKernel(x.engine, "reduce", name, view, keep), without(shape, axes));
}

/** What was reduced, back in the shape of what it was reduced from. */
const spread = (y: Tensor, x: Tensor, axes: Axes): Tensor =>
  broadcastTo(reshape(y, withOnes(x.shape, axes)), x.shape);

const sumRow = linear<Axes>({
  name: "sum",
  shape: (x, axes) => without(x.shape, axes),
  forward: (x, axes) => reduced("sum", x, axes),
  transpose: (yBar, axes, x) => spread(yBar, x, axes),
  again: (dot, axes) => call("sum", [dot], axes),
});

/** The share of each element in an extreme: 1, or its part of a tie; NaN where the extreme is. */
function share(x: Tensor, y: Tensor, axes: Axes): Tensor {
  const extreme = spread(y, x, axes);
  const mask = eq(x, extreme);
  const parts = div(mask, spread(sum(mask, axes), x, axes));
  return where(ne(extreme, extreme), extreme, parts);
}

const extremeRow = (name: "max" | "min"): TensorOp<Axes> => ({
  name: `${name}Of`,
  shapes: ([x], axes) => [without(x!.shape, axes)],
  forward: ([x], axes) => [reduced(name, x!, axes)],
  vjp: ({ x: [x], y: [y], p: axes }, [yBar]) => [mul(spread(yBar!, x!, axes), share(x!, y!, axes))],
  jvp: ({ x: [x], y: [y], p: axes }, [dot]) => [sum(mul(dot!, share(x!, y!, axes)), axes)],
});

const placeRow = (name: "argmax" | "argmin"): TensorOp<Axes> => ({
  name,
  shapes: ([x], axes) => [without(x!.shape, axes)],
  forward: ([x], axes) => [reduced(name, x!, axes)],
  vjp: null,
  jvp: null,
});

/** log Σ e^x, shifted by the largest so that nothing overflows. */
const logSumExpRow: TensorOp<Axes> = {
  name: "logSumExp",
  shapes: ([x], axes) => [without(x!.shape, axes)],
  forward([x], axes) {
    const largest = reduced("max", x!, axes);
    // Where all are −∞ (or one is ∞) the shift would be ∞ − ∞.
    const { engine } = x!;
    const finite = runKernel(engine, "map", "abs", largest.view);
    const abs = made(engine, finite, largest.shape);
    const isFinite = lessThanInfinity(abs);
    const zero = constant(engine, x!.dtype, 0, largest.shape);
    const shift = made(
      engine,
      runKernel(engine, "where", isFinite.view, largest.view, zero.view),
      largest.shape,
    );
    const shifted = sub(x!, spread(shift, x!, axes));
    const total = reduced("sum", exp(shifted) as PlainTensor, axes);
    const logs = made(engine, runKernel(engine, "map", "log", total.view), total.shape);
    return [add(logs, shift) as PlainTensor];
  },
  vjp: ({ x: [x], y: [y], p: axes }, [yBar]) => [mul(spread(yBar!, x!, axes), softness(x!, y!, axes))],
  jvp: ({ x: [x], y: [y], p: axes }, [dot]) => [sum(mul(dot!, softness(x!, y!, axes)), axes)],
};

const lessThanInfinity = (x: PlainTensor): PlainTensor => {
  const limit = constant(x.engine, x.dtype, Infinity, x.shape);
  return made(x.engine, runKernel(x.engine, "zip", "lt", x.view, limit.view), x.shape);
};

/** e^(x − y): the softmax over the axes. */
const softness = (x: Tensor, y: Tensor, axes: Axes): Tensor => exp(sub(x, spread(y, x, axes)));

export const reductionRows = [
  sumRow,
  extremeRow("max"),
  extremeRow("min"),
  placeRow("argmax"),
  placeRow("argmin"),
  logSumExpRow,
];
