/** jvp: the value of a function and the change of it along a direction, in one forward pass. */
import { DualNumber, DualTrace } from "../ad/dual.js";
import { nextLevel, within } from "../ad/enter.js";
import { isLeafObject, zeroLike } from "../ad/leaves.js";
import type { Leaf, Scalar } from "../ad/recorded.js";
import { flatten, flattenLike } from "../tree/tree.js";
import type { Plain, PlainArgs } from "./types.js";

/** Tensors say by themselves how they carry a tangent. */
interface DualObject {
  withTangent(trace: DualTrace, tangent: Leaf): Leaf;
  readonly dual: { readonly trace: DualTrace; readonly tangent: Leaf } | null;
  readonly primal: Leaf;
}

/** A leaf with its tangent. */
export const pair = (trace: DualTrace, primal: Leaf, tangent: Leaf): Leaf =>
  isLeafObject(primal)
    ? (primal as unknown as DualObject).withTangent(trace, tangent)
    : new DualNumber(trace, primal as Scalar, tangent as Scalar);

/** A leaf without its tangent, and the tangent; 0 where it has none. */
export function apart(trace: DualTrace, leaf: Leaf): readonly [primal: Leaf, tangent: Leaf] {
  if (leaf instanceof DualNumber && leaf.trace === trace) return [leaf.primal, leaf.tangent];
  const object = isLeafObject(leaf) ? (leaf as unknown as DualObject) : null;
  if (object?.dual?.trace === trace) return [object.primal, object.dual.tangent];
  return [leaf, zeroLike(leaf)];
}

/**
 * @param primals the arguments of f
 * @param tangents a direction, in the form of the arguments
 * @returns [f(x), ∂f/∂x · ẋ], both in the form of the result
 */
export function jvp<A extends unknown[], R>(
  f: (...args: A) => R,
  primals: PlainArgs<A>,
  tangents: PlainArgs<A>,
): [value: Plain<R>, tangent: Plain<R>] {
  const trace = new DualTrace(nextLevel());
  const args = flatten([...primals], "primals");
  const directions = flattenLike([...tangents], args, "tangents");
  const returned = within(trace, () => {
    const leaves = args.leaves.map((leaf, i) => pair(trace, leaf, directions[i]!));
    return f(...(args.rebuild(leaves) as A));
  });
  const result = flatten(returned, "result");
  const parts = result.leaves.map((leaf) => apart(trace, leaf));
  return [
    result.rebuild(parts.map(([primal]) => primal)) as Plain<R>,
    result.rebuild(parts.map(([, tangent]) => tangent)) as Plain<R>,
  ];
}
