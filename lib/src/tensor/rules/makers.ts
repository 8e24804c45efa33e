/** The few kinds of rows that most operations are: elementwise, linear, without a derivative. */
import type { MapName, ZipName } from "../../engine/engine.js";
import { add, mul } from "../functions/elementwise.js";
import { broadcastTo, sumTo } from "../functions/shapes.js";
import type { Applied, Maybe, TensorOp } from "../op.js";
import { runKernel, together } from "../run.js";
import { broadcastShapes, type Shape, sameShape } from "../shape.js";
import { made, PlainTensor, type Tensor } from "../tensor.js";

/** A product, where one factor may be a plain number. */
export type Partial = Tensor | number;

const times = (a: Tensor, partial: Partial): Tensor =>
  typeof partial === "number" && partial === 1 ? a : mul(a, partial);

const sum = (terms: readonly Maybe<Tensor>[]): Maybe<Tensor> =>
  terms.reduce((so, term) => (so === undefined ? term : term === undefined ? so : add(so, term)), undefined);

/** f(x), elementwise. @param partial ∂y/∂x in operations; null for a function that is constant where it has a slope */
export function map(name: MapName, partial: ((x: Tensor, y: Tensor) => Partial) | null): TensorOp<undefined> {
  return {
    name,
    shapes: ([x]) => [x!.shape],
    forward([x], _p, [shape]) {
      return [made(x!.engine, runKernel(x!.engine, "map", name, x!.view), shape!)];
    },
    vjp: partial && (({ x: [x], y: [y] }, [yBar]) => [times(yBar!, partial(x!, y!))]),
    jvp: partial && (({ x: [x], y: [y] }, [dot]) => [times(dot!, partial(x!, y!))]),
    batch: (x) => [x[0]!],
  };
}

/** A plain tensor in a shape that it broadcasts to, without a copy. */
export function stretched(x: PlainTensor, shape: Shape): PlainTensor {
  if (sameShape(x.shape, shape)) return x;
  const fresh = shape.length - x.shape.length;
  const strides = shape.map((_, axis) =>
    axis < fresh || x.shape[axis - fresh] === 1 ? 0 : x.view.strides[axis - fresh]!,
  );
  return new PlainTensor(x.engine, { ...x.view, shape, strides });
}

/** f(a, b), elementwise with broadcasting. @param partials ∂y/∂a and ∂y/∂b; null for a comparison */
export function zip(
  name: ZipName,
  partials:
    | readonly [(a: Tensor, b: Tensor, y: Tensor) => Partial, (a: Tensor, b: Tensor, y: Tensor) => Partial]
    | null,
): TensorOp<undefined> {
  return {
    name,
    shapes: ([a, b]) => [broadcastShapes(name, a!.shape, b!.shape)],
    forward(x, _p, [shape]) {
      const { engine, views } = together(x.map((tensor) => stretched(tensor, shape!)));
      return [made(engine, runKernel(engine, "zip", name, views[0]!, views[1]!), shape!)];
    },
    vjp:
      partials &&
      (({ x: [a, b], y: [y], wants }, [yBar]) => [
        wants[0] ? sumTo(times(yBar!, partials[0](a!, b!, y!)), a!.shape) : undefined,
        wants[1] ? sumTo(times(yBar!, partials[1](a!, b!, y!)), b!.shape) : undefined,
      ]),
    jvp:
      partials &&
      (({ x: [a, b], y: [y] }, [da, db]) => {
        const tangent = sum([
          da && times(da, partials[0](a!, b!, y!)),
          db && times(db, partials[1](a!, b!, y!)),
        ])!;
        return [broadcastTo(tangent, y!.shape)];
      }),
  };
}

/** One argument, one result, linear in it: the tangent goes through the operation, the adjoint through its transpose. */
export function linear<P>(row: {
  readonly name: string;
  readonly shape: (x: Tensor, p: P) => Shape;
  readonly forward: (x: PlainTensor, p: P, shape: Shape) => PlainTensor;
  readonly transpose: (yBar: Tensor, p: P, x: Tensor) => Tensor;
  /** The operation as a function, for the tangent. */
  readonly again: (xDot: Tensor, p: P) => Tensor;
  readonly isView?: boolean;
  readonly batch?: (x: Tensor, p: P, size: number) => Tensor;
}): TensorOp<P> {
  const { batch } = row;
  return {
    name: row.name,
    shapes: ([x], p) => [row.shape(x!, p)],
    forward: ([x], p, [shape]) => [row.forward(x!, p, shape!)],
    vjp: ({ x: [x], p }, [yBar]) => [row.transpose(yBar!, p, x!)],
    jvp: ({ p }, [dot]) => [row.again(dot!, p)],
    ...(row.isView && { isView: true }),
    ...(batch && { batch: ([x], p, _batched, size) => [batch(x!, p, size)] }),
  };
}

/** For rows of several arguments: what `Applied` gives, with names. */
export type Call<P> = Applied<P>;
