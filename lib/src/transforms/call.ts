/** An operation with derivatives of its own, put on whatever records its arguments. */
import { innermostOf } from "../ad/active.js";
import { DualTrace } from "../ad/dual.js";
import { isLeafObject, zeroLike } from "../ad/leaves.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { Tape } from "../tape/tape.js";
import { type Flat, flatten, flattenLike } from "../tree/tree.js";
import { apart, pair } from "./jvp.js";
import { nodeOn, type RecordableObject } from "./vjp.js";

/** A recorded value reached an operation through a closure, where its derivative would be lost. */
export class ClosureError extends TypeError {
  override readonly name = "ClosureError";
}

export interface OwnDerivatives {
  /** Called without any derivative. */
  readonly plain: (...args: unknown[]) => unknown;
  /** The value, and from its adjoint those of the arguments; both one level below. */
  reverse(args: readonly unknown[]): {
    readonly value: unknown;
    readonly pullback: (cotangent: unknown) => readonly unknown[];
  };
  /** The value and its tangent, one level below. */
  forward(
    args: readonly unknown[],
    tangents: readonly unknown[],
  ): readonly [value: unknown, tangent: unknown];
}

const primal = (leaf: Leaf): Leaf => (leaf as unknown as { readonly primal: Leaf }).primal;

/** @param name what the tape calls it */
export function ownDerivatives(name: string, how: OwnDerivatives): (...args: unknown[]) => unknown {
  return (...args) => {
    const flats = args.map((arg, i) => flatten(arg, `argument ${i} of ${name}`));
    const leaves = flats.flatMap((flat) => flat.leaves);
    const trace = innermostOf(leaves);
    if (trace instanceof Tape) return onTape(name, how, trace, flats);
    if (trace instanceof DualTrace) return forward(how, trace, flats);
    return how.plain(...args);
  };
}

const split = <T>(flats: readonly Flat[], values: readonly T[]): unknown[] => {
  let at = 0;
  return flats.map((flat) => flat.rebuild(values.slice(at, (at += flat.leaves.length))));
};

function onTape(name: string, how: OwnDerivatives, tape: Tape, flats: readonly Flat[]): unknown {
  const leaves = flats.flatMap((flat) => flat.leaves);
  const inputs = leaves.map((leaf) => nodeOn(tape, leaf));
  const below = leaves.map((leaf, i) => (inputs[i]! < 0 ? leaf : primal(leaf)));
  const position = tape.length;
  const { value, pullback } = how.reverse(split(flats, below));
  const result = flatten(value, `the result of ${name}`);
  if (tape.length !== position || result.leaves.some((leaf) => nodeOn(tape, leaf) >= 0)) {
    throw new ClosureError(
      `${name} used a recorded value that is not among its arguments, so that its derivative would be lost. Pass it as an argument.`,
    );
  }
  const call = tape.pushCall(
    {
      name,
      inputs,
      results: result.leaves.length,
      jvp: (tangents) => {
        const along = tangents.map((tangent, i) => tangent ?? zeroLike(below[i]!));
        const [, tangent] = how.forward(split(flats, below), split(flats, along));
        return flattenLike(tangent, result, `the tangent of ${name}`);
      },
      evaluate: (values) => flatten(how.plain(...split(flats, values)), "result").leaves,
      vjp: (adjoints) => {
        const cotangent = result.rebuild(result.leaves.map((leaf, i) => adjoints[i] ?? zeroLike(leaf)));
        const given = pullback(cotangent);
        return flats.flatMap((flat, i) =>
          flattenLike(given[i], flat, `the adjoint of argument ${i} of ${name}`),
        );
      },
    },
    -1,
  );
  return result.rebuild(result.leaves.map((leaf, i) => partOf(tape, call, i, leaf)));
}

/** A result of a call, as it stands on the tape: a number, or a tensor. */
const partOf = (tape: Tape, call: number, i: number, leaf: Leaf): Leaf =>
  isLeafObject(leaf)
    ? (leaf as unknown as RecordableObject).onTape(tape, tape.pushObject(call, i, leaf))
    : tape.pushPart(call, i, leaf as Scalar);

function forward(how: OwnDerivatives, trace: DualTrace, flats: readonly Flat[]): unknown {
  const leaves = flats.flatMap((flat) => flat.leaves);
  const parts = leaves.map((leaf) => apart(trace, leaf));
  const [value, tangent] = how.forward(
    split(
      flats,
      parts.map(([below]) => below),
    ),
    split(
      flats,
      parts.map(([, along]) => along),
    ),
  );
  const result = flatten(value, "result");
  const tangents = flattenLike(tangent, result, "the tangent");
  return result.rebuild(result.leaves.map((leaf, i) => pair(trace, leaf, tangents[i]!)));
}
