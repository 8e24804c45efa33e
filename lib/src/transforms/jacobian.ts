/** jacobian: all partials of a function of many numbers with many results. */
import { checkChoice, checkOptionNames } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Flat, flatten } from "../tree/tree.js";
import { assembled, eachUnit, sizeOfAll } from "./jacobian-blocks.js";
import { checkGradOptions, grad, type GradOptions, withFixed } from "./grad.js";
import { jvp } from "./jvp.js";
import { pullBack, recordCall } from "./vjp.js";
import type { Differentiable, Plain, PlainArgs } from "./types.js";

export interface JacobianOptions extends GradOptions {
  /** One pass per argument (forward) or per result (reverse); the fewer when not given. */
  readonly mode?: "auto" | "forward" | "reverse";
}

/**
 * The result's form, and in place of each of its leaves the argument's form. A tensor of the shape out by one of the shape in
 * is a tensor [...out, ...in]; a number counts as a shape without axes.
 */
export type JacobianOf<R, X> = R extends number
  ? X
  : R extends Tensor
    ? TensorsOf<X>
    : { [K in keyof R]: JacobianOf<R[K], X> };
type TensorsOf<X> = X extends number | Tensor ? Tensor : { [K in keyof X]: TensorsOf<X[K]> };

/**
 * ∂f/∂x, in the form of the result with the form of the argument in place of each leaf: for arrays, rows of the Jacobian.
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
    const n = sizeOfAll(x);
    const forward = () => {
      const columns = eachUnit(x).map((direction) => column(of, args[argnum], direction));
      return assembled(columns[0]!, x, columns.map(({ leaves }) => leaves), "columns"); // prettier-ignore
    };
    if (mode === "forward" && n > 0) return forward() as never;
    // How many results there are says only a run; one that records it can be swept as well.
    const recording = recordCall(of, [args[argnum]], true);
    const { result } = recording;
    if (mode === "auto" && n > 0 && n < sizeOfAll(result)) return forward() as never;
    const rows = eachUnit(result).map(
      (cotangent) => flatten(pullBack(recording, cotangent)[0], "row").leaves,
    );
    return assembled(result, x, rows, "rows") as never;
  };
}

function column(of: Differentiable, x: unknown, direction: unknown): Flat {
  return flatten(jvp(of, [x] as never, [direction] as never)[1], "result");
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
