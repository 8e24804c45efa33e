/** Tensors: numbers of an engine in a shape, and those that a transform records. */
import { LEAF, type Leaf, type LeafObject, type Scalar, type Trace } from "../ad/recorded.js";
import { type DualTrace } from "../ad/dual.js";
import { active } from "../ad/active.js";
import { DtypeError, PendingStorageError } from "../errors.js";
import type { Dtype, Engine, NumberArray, Storage, View } from "../engine/engine.js";
import { dtypeOf, zerosOf } from "../engine/dtypes.js";
import type { Tape } from "../tape/tape.js";
import type { TensorMethods } from "./methods.js";
import { scopes } from "./scope.js";
import { rowMajor, type Shape, shapeText, sizeOf } from "./shape.js";

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- methods.ts puts them on the prototype
export interface Tensor extends TensorMethods {}

/**
 * An array of numbers with a shape. It is never changed; operations give new ones, at once, on the engine that holds it.
 * Its numbers are read with `await t.data()`, or `t.dataSync()` where the engine can answer at once.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export abstract class Tensor implements LeafObject {
  declare readonly [LEAF]: true;
  abstract readonly shape: Shape;
  abstract readonly dtype: Dtype;
  abstract readonly engine: Engine;
  /** What records it; null for a tensor that is nothing but its numbers. */
  abstract readonly trace: Trace | null;
  /** One level below: the same numbers without the innermost transform. A plain tensor is its own. */
  abstract readonly primal: Tensor;
  /** Where a tape has it. */
  readonly node: { readonly tape: Tape; readonly id: number } | null = null;
  /** The tangent that it carries. */
  readonly dual: { readonly trace: DualTrace; readonly tangent: Leaf } | null = null;

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The tensor of plain numbers at the bottom, whatever records it. */
  get plain(): PlainTensor {
    return this instanceof PlainTensor ? this : this.primal.plain;
  }

  /** A copy of the numbers, in row-major order. */
  async data(): Promise<NumberArray> {
    const { view } = this.plain;
    const data = view.storage.read();
    // Not awaited where it is there: in the meantime the memory that it shows may have moved.
    return gathered(view, data instanceof Promise ? await data : data);
  }

  /**
   * As `data`, now.
   * @throws PendingStorageError on an engine that answers later
   */
  dataSync(): NumberArray {
    const { view, engine } = this.plain;
    const data = view.storage.read();
    if (data instanceof Promise) {
      data.catch(() => {});
      throw new PendingStorageError(
        `The ${engine.name} engine gives the numbers of this tensor ${shapeText(this.shape)} later: write \`await t.data()\`.`,
      );
    }
    return gathered(view, data);
  }

  /** Give the memory back now, also that of its views; reading it afterwards throws DisposedError. */
  dispose(): void {
    this.plain.view.storage.dispose();
  }

  /** Keep it where `tidy` or a derivative would give its memory back. */
  keep(): this {
    scopes.keep(this.plain.view.storage);
    return this;
  }

  recordedOn(tape: Tape, name: () => string): TapeTensor {
    if (this.dtype === "int32")
      throw new DtypeError(
        `${name()} is a tensor of integers ${shapeText(this.shape)}, which have no derivative. ` +
          `Differentiate with respect to another argument (argnum), or convert it: t.astype("float32").`,
      );
    return new TapeTensor(tape, tape.inputObject(this), this);
  }

  /** As the result of a call that has been pushed. */
  onTape(tape: Tape, node: number): TapeTensor {
    return new TapeTensor(tape, node, this);
  }

  withTangent(trace: DualTrace, tangent: Leaf): Tensor {
    return new DualTensor(trace, this, tangent as Tensor);
  }

  zero(): PlainTensor {
    return filled(this, 0);
  }

  ones(): PlainTensor {
    return filled(this, 1);
  }

  toJSON(): unknown {
    return { dtype: this.dtype, shape: this.shape, data: [...this.dataSync()] };
  }

  valueOf(): never {
    throw new TypeError(
      `A tensor ${shapeText(this.shape)} reached arithmetic of plain numbers. Write a.mul(b) or ops.mul(a, b), ` +
        `add "use ad" to that code, or take its number with t.item().`,
    );
  }
}

Object.defineProperty(Tensor.prototype, LEAF, { value: true });

/** A tensor that nothing records. */
export class PlainTensor extends Tensor {
  readonly view: View;
  readonly engine: Engine;

  constructor(engine: Engine, view: View) {
    super();
    this.engine = engine;
    this.view = view;
  }

  get shape(): Shape {
    return this.view.shape;
  }

  get dtype(): Dtype {
    return this.view.storage.dtype;
  }

  get trace(): null {
    return null;
  }

  get primal(): this {
    return this;
  }
}

/** A tensor on a tape. */
export class TapeTensor extends Tensor {
  readonly trace: Tape;
  readonly primal: Tensor;
  override readonly node: { readonly tape: Tape; readonly id: number };

  constructor(tape: Tape, id: number, primal: Tensor) {
    super();
    this.trace = tape;
    this.primal = primal;
    this.node = { tape, id };
  }

  get shape(): Shape {
    return this.primal.shape;
  }

  get dtype(): Dtype {
    return this.primal.dtype;
  }

  get engine(): Engine {
    return this.primal.engine;
  }
}

/** A tensor with its tangent. */
export class DualTensor extends Tensor {
  readonly trace: DualTrace;
  readonly primal: Tensor;
  readonly tangent: Tensor;
  override readonly dual: { readonly trace: DualTrace; readonly tangent: Leaf };

  constructor(trace: DualTrace, primal: Tensor, tangent: Tensor) {
    super();
    this.trace = trace;
    this.primal = primal;
    this.tangent = tangent;
    this.dual = { trace, tangent };
  }

  get shape(): Shape {
    return this.primal.shape;
  }

  get dtype(): Dtype {
    return this.primal.dtype;
  }

  get engine(): Engine {
    return this.primal.engine;
  }
}

export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** A plain tensor on new storage, contiguous. */
export function made(engine: Engine, storage: Storage, shape: Shape): PlainTensor {
  scopes.made(storage);
  return new PlainTensor(engine, { storage, shape, strides: rowMajor(shape), offset: 0 });
}

/** One number for all elements: one element in memory, repeated. */
export function constant(engine: Engine, dtype: Dtype, value: number, shape: Shape = []): PlainTensor {
  const data = zerosOf(dtype, 1);
  data[0] = value;
  const storage = engine.upload(data);
  scopes.made(storage);
  return new PlainTensor(engine, { storage, shape, strides: shape.map(() => 0), offset: 0 });
}

function filled(like: Tensor, value: number): PlainTensor {
  return constant(like.engine, like.dtype, value, like.shape);
}

/** The elements of a view in row-major order, in an array of their own. */
function gathered({ shape, strides, offset }: View, data: NumberArray): NumberArray {
  const size = sizeOf(shape);
  const dense = rowMajor(shape).every((stride, axis) => shape[axis] === 1 || stride === strides[axis]);
  if (size === 0 || dense) return data.slice(offset, offset + size);
  const to = zerosOf(dtypeOf(data), size);
  const index = shape.map(() => 0);
  let from = offset;
  for (let i = 0; i < size; i++) {
    to[i] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return to;
}

/** For `item`: recorded or not. */
export type TensorOrScalar = Tensor | Scalar;

/** Whether any derivative is being taken. */
export const isRecording = (): boolean => active.traces.length > 0;
