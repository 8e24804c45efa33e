/** Between numbers and tensors: a number as a tensor without axes, and back, recorded as the number or the tensor is. */
import { innermostOf } from "../ad/active.js";
import { here } from "../ad/here.js";
import { DualNumber, type DualTrace } from "../ad/dual.js";
import { type Leaf, Recorded, type Scalar } from "../ad/recorded.js";
import { DtypeError, ShapeError } from "../errors.js";
import type { TapeNumber } from "../tape/tape.js";
import { Tape } from "../tape/tape.js";
import { sizeOf, shapeText } from "./shape.js";
import type { Engine } from "../engine/engine.js";
import { constant, DualTensor, type PlainTensor, TapeTensor, type Tensor } from "./tensor.js";

const asTensor = (leaf: Leaf | undefined): Tensor => leaf as Tensor;

/** A number as a tensor without axes, of the dtype and on the engine of another one. */
export function scalarTensor(value: Scalar, like: Tensor): Tensor {
  if (!(value instanceof Recorded)) {
    if (typeof value !== "number")
      throw new TypeError(`An operation on tensors takes tensors and numbers; it got ${typeof value}.`);
    if (like.dtype === "int32" && !Number.isInteger(value))
      throw new DtypeError(
        `${value} does not go with integers ${shapeText(like.shape)}. Convert them first: t.astype("float32").`,
      );
    return constant(like.engine, like.dtype, value);
  }
  const trace = innermostOf([value]);
  if (trace instanceof Tape) {
    const { id, primal } = value as TapeNumber;
    const below = scalarTensor(primal, like);
    const call = trace.pushCall(
      {
        name: "tensor",
        inputs: [id],
        results: 1,
        evaluate: ([number]) => [scalarTensor(number as Scalar, like)],
        vjp: ([yBar]) => [item(asTensor(yBar))],
        jvp: ([dot]) => [dot && scalarTensor(dot as Scalar, like)],
      },
      here.site,
    );
    return new TapeTensor(trace, trace.pushObject(call, 0, below), below);
  }
  const { primal, tangent } = value as DualNumber;
  return new DualTensor(trace as DualTrace, scalarTensor(primal, like), scalarTensor(tangent, like));
}

/** Plain numbers that operations took, by engine: most programs have few, and they return in every step. */
const constants = new WeakMap<Engine, Map<string, PlainTensor>>();
const MOST_CONSTANTS = 256;

/** The operand that stands for a number; it is nobody's to dispose. */
function operand(value: number, like: Tensor): Tensor {
  const { engine, dtype } = like;
  let own = constants.get(engine);
  if (own === undefined) constants.set(engine, (own = new Map()));
  const key = `${dtype} ${Object.is(value, -0) ? "-0" : value}`;
  const found = own.get(key);
  if (found !== undefined) return found;
  // The oldest is forgotten; whoever still computes with it holds it.
  if (own.size >= MOST_CONSTANTS) own.delete(own.keys().next().value!);
  const made = (scalarTensor(value, like) as PlainTensor).keep();
  own.set(key, made);
  return made;
}

/** Tensors as they are, numbers as tensors that go with the first tensor. */
export function lift(values: readonly (Tensor | Scalar)[]): Tensor[] {
  const like = values.find((value) => typeof value === "object" && !(value instanceof Recorded)) as Tensor;
  return values.map((value) =>
    typeof value === "number"
      ? operand(value, like)
      : value instanceof Recorded
        ? scalarTensor(value, like)
        : (value as Tensor),
  );
}

/**
 * The number of a tensor that has one element.
 * @throws ShapeError for any other; PendingStorageError on an engine that answers later
 */
export function item(x: Tensor): Scalar {
  if (sizeOf(x.shape) !== 1)
    throw new ShapeError(
      `item() is of tensors with one element; this one has the shape ${shapeText(x.shape)}.`,
    );
  const { trace } = x;
  if (x instanceof TapeTensor) {
    innermostOf([x]);
    const { tape, id } = x.node;
    const below = item(x.primal);
    const call = tape.pushCall(
      {
        name: "item",
        inputs: [id],
        results: 1,
        evaluate: ([tensor]) => [item(asTensor(tensor))],
        vjp: ([yBar]) => [shapedLike(yBar as Scalar, x)],
        jvp: ([dot]) => [dot && item(asTensor(dot))],
      },
      here.site,
    );
    return tape.pushPart(call, 0, below);
  }
  if (x instanceof DualTensor) return new DualNumber(trace as DualTrace, item(x.primal), item(x.tangent));
  if (trace !== null)
    throw new ShapeError(
      "item() is of one number; inside vmap a tensor stands for many. Return the tensor instead.",
    );
  return x.dataSync()[0]!;
}

/** One element in the shape of another tensor with one element. */
function shapedLike(value: Scalar, like: Tensor): Tensor {
  const tensor = scalarTensor(value, like);
  return like.shape.length === 0 ? tensor : reshapeOne(tensor, like);
}

const reshapeOne = (tensor: Tensor, like: Tensor): Tensor =>
  (tensor as unknown as { reshape(shape: readonly number[]): Tensor }).reshape(like.shape);
