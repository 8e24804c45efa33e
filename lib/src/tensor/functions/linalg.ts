/** Dense linear algebra: triangular systems, Cholesky, QR, SVD, of every matrix of a batch. */
import { checkOptionNames } from "../../options.js";
import type { TriangularOptions } from "../../engine/engine.js";
import { apply } from "../op.js";
import { call, row } from "../registry.js";
import type { Tensor } from "../tensor.js";
import { matrixTranspose } from "./shapes.js";

/**
 * x with l x = b, by substitution.
 * @param l [..., n, n] lower triangular; the other triangle is not read
 * @param b [..., n, columns]
 * @throws SingularMatrixError
 */
export function triangularSolve(l: Tensor, b: Tensor, options: TriangularOptions = {}): Tensor {
  checkOptionNames(options, ["lower", "transpose", "unit"], "triangularSolve");
  return call("triangularSolve", [l, b], options);
}

/**
 * The lower triangular l with l lᵀ = a.
 * @param a [..., n, n] symmetric positive definite; its lower triangle counts
 * @throws NotPositiveDefiniteError
 */
export const cholesky = (a: Tensor): Tensor => call("cholesky", [a], undefined);

/** x with a x = b for a symmetric positive definite a. */
export function choleskySolve(a: Tensor, b: Tensor): Tensor {
  const l = cholesky(a);
  return triangularSolve(l, triangularSolve(l, b), { transpose: true });
}

/**
 * Thin factors q r = a, the diagonal of r ≥ 0. Differentiable for m ≥ n and full rank.
 * @param a [..., m, n]
 */
export function qr(a: Tensor): { readonly q: Tensor; readonly r: Tensor } {
  const [q, r] = apply(row<undefined>("qr"), [a], undefined);
  return { q: q!, r: r! };
}

/**
 * Thin factors u diag(s) vt = a, s largest first. The derivative of u and vt needs distinct singular values; that of s
 * does not.
 * @param a [..., m, n]
 */
export function svd(a: Tensor): { readonly u: Tensor; readonly s: Tensor; readonly vt: Tensor } {
  const [u, s, vt] = apply(row<undefined>("svd"), [a], undefined);
  return { u: u!, s: s!, vt: vt! };
}

/** The lower triangle, zero above the diagonal (or above another one). */
export const tril = (a: Tensor, diagonal = 0): Tensor => call("tril", [a], diagonal);
/** The upper triangle, zero below the diagonal. */
export const triu = (a: Tensor, diagonal = 0): Tensor => matrixTranspose(tril(matrixTranspose(a), -diagonal));
