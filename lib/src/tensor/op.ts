/** An operation on tensors as a row of a table, and what it does: compute, or be recorded by what records its arguments. */
import { active, innermostOf } from "../ad/active.js";
import { here } from "../ad/here.js";
import type { DualTrace } from "../ad/dual.js";
import type { Leaf, Trace } from "../ad/recorded.js";
import { Tape } from "../tape/tape.js";
import { checkDtypes } from "./run.js";
import { scopes } from "./scope.js";
import type { Shape } from "./shape.js";
import { DualTensor, PlainTensor, TapeTensor, type Tensor } from "./tensor.js";

/** One call of an operation, as its derivatives see it: everything one level below what records it. */
export interface Applied<P> {
  readonly x: readonly Tensor[];
  /** The results. */
  readonly y: readonly Tensor[];
  readonly p: P;
  /** Which arguments somebody wants an adjoint of. */
  readonly wants: readonly boolean[];
}

export type Maybe<T> = T | undefined;

/** A row: an operation on tensors x with parameters p that are not differentiated. */
export interface TensorOp<P = unknown> {
  readonly name: string;
  /** The shapes of the results. @throws ShapeError */
  shapes(x: readonly Tensor[], p: P): readonly Shape[];
  /** The results; all shapes and dtypes have been checked. */
  forward(x: readonly PlainTensor[], p: P, shapes: readonly Shape[]): readonly PlainTensor[];
  /**
   * From the adjoints of the results (undefined: not reached; at least one is) to those of the arguments (undefined: 0).
   * Written in operations, so that it can be differentiated. Null for what has no derivative: its result is a constant.
   */
  readonly vjp: null | ((call: Applied<P>, yBar: readonly Maybe<Tensor>[]) => readonly Maybe<Tensor>[]);
  /** From the tangents of the arguments (undefined: 0; at least one is given) to those of the results. */
  readonly jvp: null | ((call: Applied<P>, xDot: readonly Maybe<Tensor>[]) => readonly Maybe<Tensor>[]);
  /** Which arguments have no derivative and may have another dtype: conditions and indices. */
  readonly passive?: readonly number[];
  /** Whether the result may share the storage of an argument. */
  readonly isView?: boolean;
  /** One axis more at the front of the arguments that are in `batched`. Where a row has none, vmap loops. */
  batch?(x: readonly Tensor[], p: P, batched: readonly boolean[], size: number): readonly Tensor[];
}

/** What maps over an axis (vmap); it is there when something has. */
export interface BatchTrace extends Trace {
  apply<P>(op: TensorOp<P>, x: readonly Tensor[], p: P): readonly Tensor[];
}

const isBatchTrace = (trace: Trace): trace is BatchTrace => "apply" in trace;

/** @returns the results: plain tensors, or ones that are recorded as their arguments are */
export function apply<P>(op: TensorOp<P>, x: readonly Tensor[], p: P): readonly Tensor[] {
  const trace = active.traces.length === 0 ? null : innermostOf(x);
  if (trace === null) return compute(op, x as readonly PlainTensor[], p);
  if (trace instanceof Tape) return onTape(op, trace, x, p);
  if (isBatchTrace(trace)) return trace.apply(op, x, p);
  return dual(op, trace as DualTrace, x, p);
}

/** As `apply`, for an operation with one result. */
export const applyOne = <P>(op: TensorOp<P>, x: readonly Tensor[], p: P): Tensor => apply(op, x, p)[0]!;

function compute<P>(op: TensorOp<P>, x: readonly PlainTensor[], p: P): readonly PlainTensor[] {
  // One that a transform recorded which has ended is recorded by nothing now, and is no plain tensor either.
  for (const tensor of x) if (!(tensor instanceof PlainTensor)) innermostOf([tensor]);
  const active = op.passive ? x.filter((_, i) => !op.passive!.includes(i)) : x;
  checkDtypes(op.name, active);
  return op.forward(x, p, op.shapes(x, p));
}

function onTape<P>(op: TensorOp<P>, tape: Tape, x: readonly Tensor[], p: P): readonly Tensor[] {
  const inputs = x.map((tensor, i) =>
    tensor.node?.tape === tape && !op.passive?.includes(i) ? tensor.node.id : -1,
  );
  const below = x.map((tensor) => (tensor.node?.tape === tape ? tensor.primal : tensor));
  const y = apply(op, below, p);
  const { vjp, jvp } = op;
  if (vjp === null || inputs.every((node) => node < 0)) return y;
  if (tape.level === 0 && !op.isView) for (const result of y) tape.storages.push(result.plain.view.storage);
  const applied = { x: below, y, p, wants: inputs.map((node) => node >= 0) };
  const call = tape.pushCall(
    {
      name: op.name,
      inputs,
      results: y.length,
      evaluate: (values) =>
        apply(
          op,
          below.map((tensor, i) => (inputs[i]! < 0 ? tensor : asTensor(values[i]!))),
          p,
        ),
      vjp: (adjoints) => vjp(applied, adjoints as Maybe<Tensor>[]),
      jvp: (tangents) => {
        const given = tangents as Maybe<Tensor>[];
        return jvp!(
          applied,
          given.map((t, i) => (inputs[i]! < 0 ? undefined : t)),
        ) as unknown as Maybe<Leaf>[];
      },
      applied: { op: op.name, x: below, p },
    },
    here.site,
  );
  return y.map((result, i) => new TapeTensor(tape, tape.pushObject(call, i, result), result));
}

const asTensor = (leaf: Leaf): Tensor => leaf as Tensor;

function dual<P>(op: TensorOp<P>, trace: DualTrace, x: readonly Tensor[], p: P): readonly Tensor[] {
  const own = x.map((tensor) => (tensor instanceof DualTensor && tensor.trace === trace ? tensor : null));
  const below = x.map((tensor, i) => own[i]?.primal ?? tensor);
  const y = apply(op, below, p);
  const tangents = own.map((tensor, i) => (op.passive?.includes(i) ? undefined : tensor?.tangent));
  if (op.jvp === null || tangents.every((tangent) => tangent === undefined)) return y;
  const wants = tangents.map((tangent) => tangent !== undefined);
  const given = op.jvp({ x: below, y, p, wants }, tangents);
  return y.map((result, i) => (given[i] === undefined ? result : new DualTensor(trace, result, given[i])));
}

/** Kept for whoever asks what may be given back. */
export const storageOf = (tensor: Tensor) => tensor.plain.view.storage;
export const keepStorage = (tensor: Tensor): void => scopes.keep(storageOf(tensor));
