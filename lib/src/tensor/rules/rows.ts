/** Rows of what is computed over the last axis: softmax and layer norm, with their adjoints as operations of their own. */
import { ShapeError } from "../../errors.js";
import { add, mul, neg, sub } from "../functions/elementwise.js";
import { mean, sum, variance } from "../functions/reductions.js";
import { layerNorm, layerNormVjp, softmaxVjp } from "../functions/rows.js";
import { rsqrt } from "../functions/elementwise.js";
import type { Maybe, TensorOp } from "../op.js";
import { runKernel, together } from "../run.js";
import { sameShape, type Shape, shapeText } from "../shape.js";
import { made, type Tensor } from "../tensor.js";

const kept = { keepDims: true };
const sumRow = (x: Tensor): Tensor => sum(x, -1, kept);
const meanRow = (x: Tensor): Tensor => mean(x, -1, kept);

function hasRows(name: string, x: Tensor): readonly Shape[] {
  if (x.rank === 0) throw new ShapeError(`${name} is over the last axis; a number has none.`);
  return [x.shape];
}

function alike(name: string, x: Tensor, y: Tensor): readonly Shape[] {
  if (!sameShape(x.shape, y.shape))
    throw new ShapeError(
      `${name} needs two tensors of one shape: ${shapeText(x.shape)} and ${shapeText(y.shape)}.`,
    );
  return hasRows(name, x);
}

const plus = (a: Maybe<Tensor>, b: Maybe<Tensor>): Maybe<Tensor> => (a && b ? add(a, b) : (a ?? b));

const softmaxRow: TensorOp<undefined> = {
  name: "softmax",
  shapes: ([x]) => hasRows("softmax", x!),
  forward: ([x]) => [made(x!.engine, runKernel(x!.engine, "softmax", x!.view), x!.shape)],
  vjp: ({ y: [y] }, [yBar]) => [softmaxVjp(y!, yBar!)],
  // Its Jacobian diag(y) − y yᵀ is symmetric.
  jvp: ({ y: [y] }, [dot]) => [softmaxVjp(y!, dot!)],
};

/** y ⊙ (g − Σ y ⊙ g): bilinear in y and (y, g), so that its own derivatives are of the same kind. */
const softmaxVjpRow: TensorOp<undefined> = {
  name: "softmaxVjp",
  shapes: ([y, g]) => alike("softmaxVjp", y!, g!),
  forward(x, _p, [shape]) {
    const { engine, views } = together(x);
    return [made(engine, runKernel(engine, "softmaxVjp", views[0]!, views[1]!), shape!)];
  },
  vjp: ({ x: [y, g], wants }, [bar]) => [
    wants[0] ? sub(mul(bar!, sub(g!, sumRow(mul(y!, g!)))), mul(g!, sumRow(mul(y!, bar!)))) : undefined,
    wants[1] ? softmaxVjp(y!, bar!) : undefined,
  ],
  jvp: ({ x: [y, g] }, [dy, dg]) => [
    plus(
      dy && sub(mul(dy, sub(g!, sumRow(mul(y!, g!)))), mul(y!, sumRow(mul(dy, g!)))),
      dg && softmaxVjp(y!, dg),
    ),
  ],
};

const layerNormRow: TensorOp<number> = {
  name: "layerNorm",
  shapes: ([x]) => hasRows("layerNorm", x!),
  forward: ([x], epsilon) => [made(x!.engine, runKernel(x!.engine, "layerNorm", x!.view, epsilon), x!.shape)],
  vjp: ({ x: [x], p: epsilon }, [yBar]) => [layerNormVjp(x!, yBar!, epsilon)],
  // The Jacobian (1 − 11ᵀ/n − y yᵀ/n)/σ is symmetric, too.
  jvp: ({ x: [x], p: epsilon }, [dot]) => [layerNormVjp(x!, dot!, epsilon)],
};

/** 1/√(variance + ε) of each row. */
const inverseSpread = (x: Tensor, epsilon: number): Tensor => rsqrt(add(variance(x, -1, kept), epsilon));

/**
 * s (g − ⟨g⟩ − y ⟨y g⟩), where y = layerNorm(x), s = 1/σ and ⟨⟩ is the mean of a row. Its derivatives follow from
 * ds = −s² ⟨y dx⟩ and dy = s (dx − ⟨dx⟩ − y ⟨y dx⟩).
 */
const layerNormVjpRow: TensorOp<number> = {
  name: "layerNormVjp",
  shapes: ([x, g]) => alike("layerNormVjp", x!, g!),
  forward(x, epsilon, [shape]) {
    const { engine, views } = together(x);
    return [made(engine, runKernel(engine, "layerNormVjp", views[0]!, views[1]!, epsilon), shape!)];
  },
  vjp: ({ x: [x, g], p: epsilon, wants }, [bar]) => [
    wants[0] ? alongX(x!, g!, bar!, epsilon) : undefined,
    wants[1] ? layerNormVjp(x!, bar!, epsilon) : undefined,
  ],
  jvp: ({ x: [x, g], p: epsilon }, [dx, dg]) => [
    plus(dx && tangentInX(x!, g!, dx, epsilon), dg && layerNormVjp(x!, dg, epsilon)),
  ],
};

function tangentInX(x: Tensor, g: Tensor, dx: Tensor, epsilon: number): Tensor {
  const s = inverseSpread(x, epsilon);
  const y = layerNorm(x, { epsilon });
  const dy = layerNormVjp(x, dx, epsilon);
  const along = meanRow(mul(y, g));
  // d(s · r) = ds · r + s · dr, with r = g − ⟨g⟩ − y ⟨y g⟩.
  const first = neg(mul(mul(s, meanRow(mul(y, dx))), layerNormVjp(x, g, epsilon)));
  const second = neg(mul(s, add(mul(dy, along), mul(y, meanRow(mul(dy, g))))));
  return add(first, second);
}

/** The transpose of tangentInX in dx. */
function alongX(x: Tensor, g: Tensor, bar: Tensor, epsilon: number): Tensor {
  const s = inverseSpread(x, epsilon);
  const y = layerNorm(x, { epsilon });
  const weighted = mul(s, bar);
  // −s⟨y dx⟩ · J g, paired with bar: dx gets −s y ⟨bar ⊙ J g⟩.
  const first = neg(mul(mul(s, y), meanRow(mul(bar, layerNormVjp(x, g, epsilon)))));
  // −(dy ⟨y g⟩ + y ⟨dy g⟩), paired with s bar, goes to dy, and by the symmetric J to dx.
  const dyBar = neg(add(mul(weighted, meanRow(mul(y, g))), mul(g, meanRow(mul(y, weighted)))));
  return add(first, layerNormVjp(x, dyBar, epsilon));
}

export const rowRows = [softmaxRow, softmaxVjpRow, layerNormRow, layerNormVjpRow];
