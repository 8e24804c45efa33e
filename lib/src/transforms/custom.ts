/** customVjp, customJvp: a function whose derivative somebody knows better; checkpoint: one that is run again for it. */
import { jvp } from "./jvp.js";
import { ownDerivatives } from "./call.js";
import { zeroLike } from "../ad/leaves.js";
import { flatten } from "../tree/tree.js";
import { vjp } from "./vjp.js";
import type { Differentiable } from "./types.js";

/** Forward mode met a function that has only an adjoint. */
export class NoTangentError extends TypeError {
  override readonly name = "NoTangentError";
}

export interface VjpRule<A extends readonly unknown[], R, S> {
  /** The value, and what the adjoint will need of this call. */
  readonly forward: (...args: A) => readonly [value: R, residuals: S];
  /** From what `forward` kept and the adjoint of the value to the adjoint of every argument. */
  readonly backward: (residuals: S, cotangent: R) => { readonly [K in keyof A]: A[K] };
}

const named = (f: { readonly name: string }, what: string): string => f.name || what;

/**
 * f with an adjoint of your own, in JAX's words custom_vjp. Without derivatives, f itself runs.
 *
 * @throws NoTangentError in forward mode (jvp, hessian): give a customJvp instead, which serves both
 */
export function customVjp<A extends unknown[], R, S>(
  f: (...args: A) => R,
  rule: VjpRule<A, R, S>,
): (...args: A) => R {
  const name = named(f, "customVjp");
  return ownDerivatives(name, {
    plain: f as Differentiable,
    reverse(args) {
      const [value, residuals] = rule.forward(...(args as A));
      return { value, pullback: (cotangent) => rule.backward(residuals, cotangent as R) };
    },
    forward() {
      throw new NoTangentError(
        `${name} has an adjoint of its own (customVjp) and no tangent; with customJvp it has both.`,
      );
    },
  }) as (...args: A) => R;
}

/**
 * f with a tangent of your own, in JAX's words custom_jvp. Reverse mode transposes it: the tangent must be linear in the
 * tangents of the arguments, and written in what can be differentiated.
 *
 * @param rule from arguments and their tangents to [f(x), its tangent]
 */
export function customJvp<A extends unknown[], R>(
  f: (...args: A) => R,
  rule: (primals: A, tangents: A) => readonly [value: R, tangent: R],
): (...args: A) => R {
  return ownDerivatives(named(f, "customJvp"), {
    plain: f as Differentiable,
    reverse(args) {
      const zeros = args.map((arg) => {
        const flat = flatten(arg, "argument");
        return flat.rebuild(flat.leaves.map(zeroLike));
      });
      const tangentOf = (...tangents: unknown[]) => rule(args as A, tangents as A)[1];
      // The transpose of a linear map is its pullback, wherever that is taken.
      const pullback = (cotangent: unknown) =>
        vjp(tangentOf as Differentiable, ...(zeros as never[]))[1](cotangent as never);
      return { value: f(...(args as A)), pullback };
    },
    forward: (args, tangents) => rule(args as A, tangents as A),
  }) as (...args: A) => R;
}

/**
 * f of which nothing is kept but its arguments: the reverse sweep runs it again. Memory against one more evaluation; for a
 * long loop see `revolve`.
 *
 * @throws ClosureError when f uses a recorded value that is not among its arguments
 */
export function checkpoint<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R {
  return ownDerivatives(named(f, "checkpoint"), {
    plain: f as Differentiable,
    reverse: (args) => ({
      value: f(...(args as A)),
      pullback: (cotangent) =>
        vjp(f as Differentiable, ...(args as never[]))[1](cotangent as never) as unknown[],
    }),
    forward: (args, tangents) =>
      jvp(f as Differentiable, args as never, tangents as never) as [unknown, unknown],
  }) as (...args: A) => R;
}
