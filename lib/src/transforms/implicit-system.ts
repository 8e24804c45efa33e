/** The linear systems at the solution of an equation: by the whole matrix for a few numbers, by products with it for tensors. */
import type { Leaf, Scalar } from "../ad/recorded.js";
import type { GmresOptions } from "../numeric/gmres.js";
import { flatten } from "../tree/tree.js";
import { isNumber } from "./leaf-vector.js";
import { jacobian } from "./jacobian.js";
import { linearize } from "./linearize.js";
import { type LinearFamily, solveLinearMap, transposedFamily } from "./linear-map-solve.js";
import { solveLinear, transposed } from "./linear-solve.js";
import type { Differentiable } from "./types.js";
import { vjp } from "./vjp.js";

/** What is 0 at the solution: the leaves of g(z, θ). */
export type Residual = (z: unknown, parameters: unknown) => readonly Leaf[];

/** J = ∂g/∂z at (z, θ). */
export interface System {
  /** v with J v = b. */
  solve(z: unknown, parameters: unknown, b: readonly Leaf[]): readonly Leaf[];
  /** w with Jᵀ w = b. */
  solveTransposed(z: unknown, parameters: unknown, b: readonly Leaf[]): readonly Leaf[];
}

/** g as a function of the leaves of z. */
const ofLeaves = (residual: Residual, z: unknown, parameters: unknown): Differentiable => {
  const flat = flatten(z, "z");
  return ((leaves: unknown[]) => residual(flat.rebuild(leaves), parameters)) as Differentiable;
};
const leavesOf = (z: unknown): Leaf[] => [...flatten(z, "z").leaves];

function dense(residual: Residual): System {
  /** A row for each number of z. */
  const matrix = (z: unknown, parameters: unknown): Scalar[][] =>
    jacobian(ofLeaves(residual, z, parameters))(leavesOf(z) as never) as Scalar[][];
  return {
    solve: (z, parameters, b) => solveLinear(matrix(z, parameters), b as readonly Scalar[]),
    solveTransposed: (z, parameters, b) =>
      solveLinear(transposed(matrix(z, parameters)), b as readonly Scalar[]),
  };
}

function matrixFree(residual: Residual, options: GmresOptions): System {
  const family: LinearFamily = {
    at(q) {
      const [z, parameters] = q as [unknown, unknown];
      const [, map] = linearize(ofLeaves(residual, z, parameters), leavesOf(z) as never);
      return (v) => map([...v] as never) as unknown as readonly Leaf[];
    },
    transposedAt(q) {
      const [z, parameters] = q as [unknown, unknown];
      const [, pullback] = vjp(ofLeaves(residual, z, parameters), leavesOf(z) as never);
      return (w) => (pullback([...w] as never) as unknown as [readonly Leaf[]])[0];
    },
  };
  return {
    solve: (z, parameters, b) => solveLinearMap(family, [z, parameters], b, options),
    solveTransposed: (z, parameters, b) =>
      solveLinearMap(transposedFamily(family), [z, parameters], b, options),
  };
}

/** A matrix of more numbers is not written out. */
const MOST_NUMBERS = 200;

/** By the form of z: numbers have a matrix, anything else has products. */
export function systemOf(residual: Residual, options: GmresOptions): System {
  const [whole, byProducts] = [dense(residual), matrixFree(residual, options)];
  const of = (z: unknown): System => {
    const { leaves } = flatten(z, "z");
    return leaves.length <= MOST_NUMBERS && leaves.every(isNumber) ? whole : byProducts;
  };
  return {
    solve: (z, parameters, b) => of(z).solve(z, parameters, b),
    solveTransposed: (z, parameters, b) => of(z).solveTransposed(z, parameters, b),
  };
}
