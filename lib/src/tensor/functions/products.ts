/** Products: of matrices, of vectors, and attention. */
import { ShapeError } from "../../errors.js";
import { checkOptionNames, checkFinite } from "../../options.js";
import { call } from "../registry.js";
import { shapeText } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { mul } from "./elementwise.js";
import { sum } from "./reductions.js";
import { reshape } from "./shapes.js";

/**
 * The product of matrices: [..., m, k] × [..., k, n] → [..., m, n]. Batch axes broadcast; a vector is a row on the left, a
 * column on the right, as in NumPy. A transposed operand is a view and is not copied.
 * @throws ShapeError naming both shapes
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.rank === 0 || b.rank === 0)
    throw new ShapeError(`matmul is of matrices and vectors, not of numbers: ${shapeText(a.shape)}, ${shapeText(b.shape)}.`); // prettier-ignore
  if (a.rank === 1) return dropped(matmul(reshape(a, [1, a.size]), b), b.rank === 1 ? -1 : -2);
  if (b.rank === 1) return dropped(matmul(a, reshape(b, [b.size, 1])), -1);
  // Many rows against one matrix are one product, whose factors are the two of an outer-product gradient.
  if (b.rank === 2 && a.rank > 2 && a.shape.at(-1) === b.shape[0]) {
    const flat = reshape(
      a,
      [-1, b.shape[0]!].map((x, i) => (i === 0 && a.size === 0 ? 0 : x)),
    );
    return reshape(call("matmul", [flat, b], undefined), [...a.shape.slice(0, -1), b.shape[1]!]);
  }
  return call("matmul", [a, b], undefined);
}

const dropped = (x: Tensor, axis: number): Tensor =>
  reshape(
    x,
    x.shape.filter((_, i) => i !== x.rank + axis),
  );

/** Σ aᵢ bᵢ over all elements: a number as a tensor without axes. */
export const dot = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b));

/** a bᵀ of two vectors. */
export const outer = (a: Tensor, b: Tensor): Tensor => mul(reshape(a, [a.size, 1]), reshape(b, [1, b.size]));

export interface AttentionOptions {
  /** What the scores are multiplied by; 1/√d when not given. */
  readonly scale?: number;
}

/**
 * softmax(scale · q kᵀ) v, in one kernel.
 * @param q [..., m, d]
 * @param k [..., n, d]
 * @param v [..., n, e]
 * @returns [..., m, e]
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  checkOptionNames(options, ["scale"], "attention");
  const scale = checkFinite(options.scale ?? 1 / Math.sqrt(q.shape.at(-1) ?? 1), "scale");
  return call("attention", [q, k, v], scale);
}
