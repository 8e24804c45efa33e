/** jacobian: all partials of a function of many numbers with many results. */
import type { Leaf } from "../ad/recorded.js";
import { checkChoice, checkOptionNames } from "../options.js";
import { type Flat, flatten, TreeError } from "../tree/tree.js";
import { isLeafObject } from "../ad/leaves.js";
import { checkGradOptions, grad, type GradOptions, withFixed } from "./grad.js";
import { jvp } from "./jvp.js";
import { pullBack, recordCall } from "./vjp.js";
import type { Differentiable, Plain, PlainArgs } from "./types.js";

export interface JacobianOptions extends GradOptions {
  /** One pass per argument (forward) or per result (reverse); the fewer when not given. */
  readonly mode?: "auto" | "forward" | "reverse";
}

const basis = (count: number, at: number): number[] =>
  Array.from({ length: count }, (_, i) => (i === at ? 1 : 0));

/** The result's form, and in place of each of its leaves the argument's form. */
export type JacobianOf<R, X> = R extends number ? X : { [K in keyof R]: JacobianOf<R[K], X> };

/**
 * ∂f/∂x, in the form of the result with the form of the argument in place of each leaf: for arrays, rows of the Jacobian.
 *
 * @throws TreeError for tensors in the argument or the result: use vjp and jvp, which need no basis
 */
export function jacobian<A extends unknown[], R>(
  f: (...args: A) => R,
  { mode = "auto", ...rest }: JacobianOptions = {},
): (...args: PlainArgs<A>) => JacobianOf<Plain<R>, Plain<A[0]>> {
  checkOptionNames(rest, ["argnum", "factors"], "jacobian");
  checkChoice(mode, "mode", ["auto", "forward", "reverse"]);
  const argnum = checkGradOptions(rest, "jacobian");
  return (...args) => {
    const of = withFixed(f as Differentiable, args, argnum);
    const x = flatten(args[argnum], "argument");
    noTensors(x.leaves);
    const n = x.leaves.length;
    const columns = () =>
      Array.from({ length: n }, (_, i) => column(of, args[argnum], x.rebuild(basis(n, i))));
    if (mode === "forward" && n > 0) return byColumns(columns(), x) as never;
    // How many results there are says only a run; one that records it can be swept as well.
    const recording = recordCall(of, [args[argnum]], true);
    const { result } = recording;
    noTensors(result.leaves);
    const m = result.leaves.length;
    if (mode === "auto" && n > 0 && n < m) return byColumns(columns(), x) as never;
    return result.rebuild(
      Array.from({ length: m }, (_, j) => pullBack(recording, result.rebuild(basis(m, j)))[0]),
    ) as never;
  };
}

function column(of: Differentiable, x: unknown, direction: unknown): Flat {
  const tangent = flatten(jvp(of, [x] as never, [direction] as never)[1], "result");
  noTensors(tangent.leaves);
  return tangent;
}

/** In the form of the result, rows in the form of the argument. */
const byColumns = (columns: readonly Flat[], x: Flat): unknown =>
  columns[0]!.rebuild(columns[0]!.leaves.map((_, j) => x.rebuild(columns.map(({ leaves }) => leaves[j]!))));

function noTensors(leaves: readonly Leaf[]): void {
  if (leaves.some((leaf) => isLeafObject(leaf)))
    throw new TreeError(
      "jacobian and hessian are of trees of numbers; for tensors take vjp or jvp with the directions you need.",
    );
}

/** The matrix of second partials of a function that returns one number: forward over reverse. */
export function hessian<A extends unknown[], R>(
  f: (...args: A) => R,
  options: GradOptions = {},
): (...args: PlainArgs<A>) => JacobianOf<Plain<A[0]>, Plain<A[0]>> {
  return jacobian(grad(f, options) as never, { ...options, mode: "forward" });
}

/** H(x) v without the matrix: the tangent of the gradient, at the cost of a few gradients. */
export function hvp<X, R>(f: (x: X) => R, x: Plain<X>, v: Plain<X>): Plain<X> {
  return jvp(grad(f) as never, [x] as never, [v] as never)[1] as Plain<X>;
}
