/** Rows of the operations on shape: all linear, most of them views. */
import { DtypeError } from "../../errors.js";
import type { Dtype, NumberArray } from "../../engine/engine.js";
import { zerosOf } from "../../engine/dtypes.js";
import { isDense } from "../../engine/reference/kernels/elements.js";
import { astype, broadcastTo, reshape, slice, sumTo, transpose } from "../functions/shapes.js";
import { call } from "../registry.js";
import { runKernel, together } from "../run.js";
import { rowMajor, type Shape, shapeText, sizeOf } from "../shape.js";
import { made, PlainTensor, type Tensor } from "../tensor.js";
import type { TensorOp } from "../op.js";
import { linear, stretched } from "./makers.js";
import { placed, seen, type Window } from "./windows.js";

const copied = (x: PlainTensor): PlainTensor => made(x.engine, runKernel(x.engine, "copy", x.view), x.shape);

/** Strides that show the same elements in another shape; null where only a copy has them so. */
function reshapedStrides(x: PlainTensor, shape: Shape): number[] | null {
  if (isDense(x.view)) return rowMajor(shape);
  // A repeated number is one in any shape.
  if (x.view.strides.every((stride, axis) => stride === 0 || x.shape[axis] === 1)) return shape.map(() => 0);
  return null;
}

const reshapeRow = linear<Shape>({
  name: "reshape",
  shape: (_x, shape) => shape,
  forward(x, shape) {
    const strides = reshapedStrides(x, shape);
    if (strides) return new PlainTensor(x.engine, { ...x.view, shape, strides });
    const { view } = copied(x);
    return new PlainTensor(x.engine, { ...view, shape, strides: rowMajor(shape) });
  },
  transpose: (yBar, _shape, x) => reshape(yBar, x.shape),
  again: reshape,
  isView: true,
});

const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

const transposeRow = linear<readonly number[]>({
  name: "transpose",
  shape: (x, order) => order.map((axis) => x.shape[axis]!),
  forward: (x, order, shape) =>
    new PlainTensor(x.engine, { ...x.view, shape, strides: order.map((axis) => x.view.strides[axis]!) }),
  transpose: (yBar, order) => transpose(yBar, inverse(order)),
  again: transpose,
  isView: true,
});

const broadcastRow = linear<Shape>({
  name: "broadcastTo",
  shape: (_x, shape) => shape,
  forward: (x, shape) => stretched(x, shape),
  transpose: (yBar, _shape, x) => sumTo(yBar, x.shape),
  again: broadcastTo,
  isView: true,
});

const windowRow = (name: string) =>
  linear<Window>({
    name,
    shape: (_x, window) => window.shape,
    forward: (x, window) => seen(x, window),
    transpose: (yBar, window, x) => call("place", [yBar], { window, shape: x.shape } satisfies Placement),
    again: (dot, window) => call(name, [dot], window),
    isView: true,
  });

export interface Placement {
  readonly window: Window;
  readonly shape: Shape;
}

/** The transpose of a window: zeros, with the elements added where the window showed them. */
const placeRow = linear<Placement>({
  name: "place",
  shape: (_x, { shape }) => shape,
  forward(x, { window, shape }) {
    const { strides, offset } = placed(window, shape);
    return made(
      x.engine,
      runKernel(x.engine, "place", [{ x: x.view, strides, offset }], sizeOf(shape)),
      shape,
    );
  },
  transpose: (yBar, { window }) => call("windows", [yBar], window),
  again: (dot, p) => call("place", [dot], p),
});

const copyRow = linear<undefined>({
  name: "copy",
  shape: (x) => x.shape,
  forward: (x) => copied(x),
  transpose: (yBar) => yBar,
  again: (dot) => dot,
});

const astypeRow: TensorOp<Dtype> = {
  name: "astype",
  shapes: ([x]) => [x!.shape],
  forward([x], dtype) {
    const { engine, view } = x!;
    if (dtype !== "int32" && !engine.dtypes.includes(dtype))
      throw new DtypeError(
        `The ${engine.name} engine has no ${dtype}; this tensor ${shapeText(x!.shape)} is on it. ` +
          `Read it and make another: tensor(await t.data(), shape, { dtype: "${dtype}", engine: … }).`,
      );
    const from = view.storage.read();
    const storage =
      from instanceof Promise
        ? engine.later!(
            dtype,
            view.storage.length,
            from.then((numbers) => converted(numbers, dtype)),
          )
        : engine.upload(converted(from, dtype));
    return [seenAs(made(engine, storage, [view.storage.length]), x!)];
  },
  vjp: ({ x: [x], p }, [yBar]) => [p === "int32" ? undefined : astype(yBar!, x!.dtype)],
  jvp: ({ p }, [dot]) => [p === "int32" ? undefined : astype(dot!, p)],
};

function converted(from: NumberArray, dtype: Dtype): NumberArray {
  const to = zerosOf(dtype, from.length);
  to.set(from);
  return to;
}

/** New storage, laid out as another tensor's. */
const seenAs = (x: PlainTensor, like: PlainTensor): PlainTensor =>
  new PlainTensor(x.engine, { ...like.view, storage: x.view.storage });

const concatRow: TensorOp<number> = {
  name: "concat",
  shapes(x, axis) {
    const extent = x.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return [x[0]!.shape.map((own, i) => (i === axis ? extent : own))];
  },
  forward(x, axis, [shape]) {
    const { engine, views } = together(x);
    const strides = rowMajor(shape!);
    let at = 0;
    const parts = views.map((view) => {
      const offset = at * strides[axis]!;
      at += view.shape[axis]!;
      return { x: view, strides, offset };
    });
    return [made(engine, runKernel(engine, "place", parts, sizeOf(shape!)), shape!)];
  },
  vjp: ({ x, p: axis, wants }, [yBar]) => {
    let at = 0;
    return x.map(({ shape }, i) => {
      const start = at;
      at += shape[axis]!;
      return wants[i] ? slice(yBar!, ...yBar!.shape.map((_, a) => (a === axis ? ([start, at] as const) : null))) : undefined; // prettier-ignore
    });
  },
  jvp: ({ x, p: axis }, dots) => [
    call(
      "concat",
      x.map((tensor, i): Tensor => dots[i] ?? tensor.zero()),
      axis,
    ),
  ],
};

export const shapeRows = [
  reshapeRow,
  transposeRow,
  broadcastRow,
  windowRow("slice"),
  windowRow("windows"),
  placeRow,
  concatRow,
  copyRow,
  astypeRow,
];
