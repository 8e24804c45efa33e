/** The solution of a linear system that is known by its products alone, differentiable in all that it depends on, to any order. */
import type { Leaf, Scalar } from "../ad/recorded.js";
import { gmres, type GmresOptions } from "../numeric/gmres.js";
import { neg, sub } from "../rules/generated/record.js";
import { scopes } from "../tensor/scope.js";
import { flatten } from "../tree/tree.js";
import { ownDerivatives } from "./call.js";
import { jvp } from "./jvp.js";
import { isSingle, leavesLike, vectorOf } from "./leaf-vector.js";
import { NotConvergedError } from "./not-converged.js";
import type { Differentiable } from "./types.js";
import { vjp } from "./vjp.js";

type Leaves = readonly Leaf[];

/** A linear map that depends on parameters q, and its transpose; prepared once for a q, and applied many times. */
export interface LinearFamily {
  readonly at: (q: unknown) => (v: Leaves) => Leaves;
  readonly transposedAt: (q: unknown) => (v: Leaves) => Leaves;
}

export const transposedFamily = ({ at, transposedAt }: LinearFamily): LinearFamily => ({
  at: transposedAt,
  transposedAt: at,
});

const negative = (leaves: Leaves): Leaf[] => leaves.map((leaf) => neg(leaf as Scalar) as Leaf);
const difference = (a: Leaves, b: Leaves): Leaf[] =>
  a.map((leaf, i) => sub(leaf as Scalar, b[i] as Scalar) as Leaf);

/**
 * v with A(q) v = b. Its adjoint is a solve with the transpose, b̄ = A⁻ᵀ v̄ and q̄ = −(∂(A(q) v)/∂q)ᵀ b̄; its tangent one with A.
 *
 * @throws NotConvergedError where the tolerance was not met: 1e-12, or 1e-6 in single precision, when not given
 */
export function solveLinearMap(family: LinearFamily, q: unknown, b: Leaves, options: GmresOptions): Leaves {
  const own = ownDerivatives("linear solve", {
    plain: (q, b) => solvePlain(family, q, flatten(b, "b").leaves, options),
    reverse([q, b]) {
      const right = flatten(b, "b").leaves;
      const v = solveLinearMap(family, q, right, options);
      return {
        value: v,
        pullback(cotangent) {
          const bBar = solveLinearMap(
            transposedFamily(family),
            q,
            flatten(cotangent, "cotangent").leaves,
            options,
          );
          const [, pullback] = vjp(((q: unknown) => family.at(q)(v)) as Differentiable, q as never);
          const [qBar] = pullback(negative(bBar) as never) as unknown[];
          return [qBar, flatten(b, "b").rebuild(bBar)];
        },
      };
    },
    forward([q, b], [qDot, bDot]) {
      const v = solveLinearMap(family, q, flatten(b, "b").leaves, options);
      const [, change] = jvp(
        ((q: unknown) => family.at(q)(v)) as Differentiable,
        [q] as never,
        [qDot] as never,
      );
      const right = difference(flatten(bDot, "tangent").leaves, flatten(change, "change").leaves);
      return [v, solveLinearMap(family, q, right, options)];
    },
  });
  return flatten(own(q, b), "solution").leaves;
}

/** What the products make is given back after each: memory does not grow with their number. */
function solvePlain(family: LinearFamily, q: unknown, b: Leaves, options: GmresOptions): Leaf[] {
  const tolerance = options.tolerance ?? (isSingle(b) ? 1e-6 : 1e-12);
  const { x, residual, iterations, converged } = scopes.within(
    () => {
      const apply = family.at(q);
      const product = (v: Float64Array) => scopes.within(() => vectorOf(apply(leavesLike(b, v))), () => []); // prettier-ignore
      return gmres(product, vectorOf(b), { ...options, tolerance });
    },
    () => [],
  );
  const found = leavesLike(b, x);
  if (converged) return found;
  throw new NotConvergedError(
    `The linear system of the derivative was not solved: after ${iterations} products its residual is ${residual.toPrecision(3)}, ` +
      `and should be at most ${tolerance}. The solution may be one at which the equation is singular; or allow more by ` +
      `linear: { maxIterations, restart, tolerance }.`,
    found,
  );
}
