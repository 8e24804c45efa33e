/** Rows of products of matrices: matmul, and attention in one kernel. */
import { ShapeError } from "../../errors.js";
import { areFactorsWanted, notedFactors } from "../factors.js";
import { add, mul } from "../functions/elementwise.js";
import { matrixTranspose, sumTo } from "../functions/shapes.js";
import { softmaxVjp } from "../functions/rows.js";
import { softmax } from "../functions/rows.js";
import { matmul } from "../functions/products.js";
import type { TensorOp } from "../op.js";
import { runKernel, together } from "../run.js";
import { broadcastShapes, type Shape, shapeText } from "../shape.js";
import { made, type PlainTensor, type Tensor } from "../tensor.js";
import { stretched } from "./makers.js";

/** Batch axes as they are together; the last two as they are. */
const batched = (x: PlainTensor, batch: Shape): PlainTensor => stretched(x, [...batch, ...x.shape.slice(-2)]);

const matmulRow: TensorOp<undefined> = {
  name: "matmul",
  shapes([a, b]) {
    if (a!.rank < 2 || b!.rank < 2 || a!.shape.at(-1) !== b!.shape.at(-2))
      throw new ShapeError(
        `matmul cannot multiply ${shapeText(a!.shape)} by ${shapeText(b!.shape)}: ` +
          `the last axis of the first must be as long as the last but one of the second.`,
      );
    const batch = broadcastShapes("matmul", a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    return [[...batch, a!.shape.at(-2)!, b!.shape.at(-1)!]];
  },
  forward(x, _p, [shape]) {
    const { engine, views } = together(x.map((tensor) => batched(tensor, shape!.slice(0, -2))));
    return [made(engine, runKernel(engine, "matmul", views[0]!, views[1]!), shape!)];
  },
  vjp: ({ x: [a, b], wants }, [yBar]) => {
    if (wants[1]) notedFactors(b!, a!, yBar!);
    // W x is (xᵀ Wᵀ)ᵀ: a parameter on the left is one that is used as its transpose.
    if (wants[0] && areFactorsWanted())
      notedFactors(matrixTranspose(a!), matrixTranspose(b!), matrixTranspose(yBar!));
    return [
      wants[0] ? sumTo(matmul(yBar!, matrixTranspose(b!)), a!.shape) : undefined,
      wants[1] ? sumTo(matmul(matrixTranspose(a!), yBar!), b!.shape) : undefined,
    ];
  },
  jvp: ({ x: [a, b] }, [da, db]) => {
    const terms = [da && matmul(da, b!), db && matmul(a!, db)].filter((term) => term !== undefined);
    return [terms.length === 2 ? add(terms[0]!, terms[1]!) : terms[0]];
  },
};

const attentionRow: TensorOp<number> = {
  name: "attention",
  shapes([q, k, v]) {
    const fits =
      q!.rank >= 2 && k!.rank >= 2 && v!.rank >= 2 &&
      q!.shape.at(-1) === k!.shape.at(-1) && k!.shape.at(-2) === v!.shape.at(-2); // prettier-ignore
    if (!fits)
      throw new ShapeError(
        `attention needs q [..., m, d], k [..., n, d], v [..., n, e]; ` +
          `it got ${shapeText(q!.shape)}, ${shapeText(k!.shape)}, ${shapeText(v!.shape)}.`,
      );
    const batch = broadcastShapes("attention", ...[q!, k!, v!].map(({ shape }) => shape.slice(0, -2)));
    return [[...batch, q!.shape.at(-2)!, v!.shape.at(-1)!]];
  },
  forward(x, scale, [shape]) {
    const { engine, views } = together(x.map((tensor) => batched(tensor, shape!.slice(0, -2))));
    return [made(engine, runKernel(engine, "attention", views[0]!, views[1]!, views[2]!, scale), shape!)];
  },
  // The weights are computed again: what is kept is q, k, v, and not the square of the sequence.
  vjp: ({ x: [q, k, v], p: scale, wants }, [yBar]) => {
    const weights = softmax(scores(q!, k!, scale));
    const weightsBar = matmul(yBar!, matrixTranspose(v!));
    const scoresBar = mul(softmaxVjp(weights, weightsBar), scale);
    return [
      wants[0] ? sumTo(matmul(scoresBar, k!), q!.shape) : undefined,
      wants[1] ? sumTo(matmul(matrixTranspose(scoresBar), q!), k!.shape) : undefined,
      wants[2] ? sumTo(matmul(matrixTranspose(weights), yBar!), v!.shape) : undefined,
    ];
  },
  jvp: ({ x: [q, k, v], p: scale }, [dq, dk, dv]) => {
    const weights = softmax(scores(q!, k!, scale));
    const terms: Tensor[] = [];
    if (dq) terms.push(scores(dq, k!, scale));
    if (dk) terms.push(scores(q!, dk, scale));
    const dots: Tensor[] = [];
    // The Jacobian of softmax is symmetric: its adjoint is its tangent.
    if (terms.length > 0) dots.push(matmul(softmaxVjp(weights, terms.reduce(add)), v!));
    if (dv) dots.push(matmul(weights, dv));
    return [dots.reduce(add)];
  },
};

const scores = (q: Tensor, k: Tensor, scale: number): Tensor => mul(matmul(q, matrixTranspose(k)), scale);

export const productRows = [matmulRow, attentionRow];
