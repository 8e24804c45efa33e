/** Rows of dense linear algebra; their derivatives are products and solves again. */
import type { TriangularOptions } from "../../engine/engine.js";
import { zerosOf } from "../../engine/dtypes.js";
import { ShapeError } from "../../errors.js";
import { add, div, eq, mul, neg, reciprocal, square, sub, where } from "../functions/elementwise.js";
import { triangularSolve, tril } from "../functions/linalg.js";
import { matmul } from "../functions/products.js";
import { sum } from "../functions/reductions.js";
import { expandDims, matrixTranspose, sumTo } from "../functions/shapes.js";
import type { Maybe, TensorOp } from "../op.js";
import { runKernel, together } from "../run.js";
import { broadcastShapes, type Shape, shapeText } from "../shape.js";
import { made, type PlainTensor, type Tensor } from "../tensor.js";
import { linear, stretched } from "./makers.js";

const t = matrixTranspose;

function checkMatrix(name: string, a: Tensor, isSquare: boolean): void {
  if (a.rank < 2 || (isSquare && a.shape.at(-1) !== a.shape.at(-2)))
    throw new ShapeError(
      `${name} needs ${isSquare ? "a square matrix" : "a matrix"}; it got ${shapeText(a.shape)}.`,
    );
}

/** 1 on and below the given diagonal, of the dtype and on the engine of another tensor. */
function lowerMask(like: PlainTensor, diagonal: number): PlainTensor {
  const [rows, columns] = like.shape.slice(-2) as [number, number];
  const data = zerosOf(like.dtype, rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns && j - i <= diagonal; j++) data[i * columns + j] = 1;
  return made(like.engine, like.engine.upload(data), [rows, columns]);
}

const trilRow = linear<number>({
  name: "tril",
  shape(a) {
    checkMatrix("tril", a, false);
    return a.shape;
  },
  // A choice and not a product, so that what is cut off may be infinite.
  forward: (a, diagonal) => where(lowerMask(a, diagonal), a, 0) as PlainTensor,
  transpose: (yBar, diagonal) => tril(yBar, diagonal),
  again: (dot, diagonal) => tril(dot, diagonal),
});

/** The lower triangle, with half of the diagonal. */
const halfLower = (a: Tensor): Tensor => mul(add(tril(a), tril(a, -1)), 0.5);

const solveRow: TensorOp<TriangularOptions> = {
  name: "triangularSolve",
  shapes([l, b]) {
    checkMatrix("triangularSolve", l!, true);
    checkMatrix("triangularSolve", b!, false);
    if (l!.shape.at(-1) !== b!.shape.at(-2))
      throw new ShapeError(`triangularSolve of ${shapeText(l!.shape)} needs [..., ${l!.shape.at(-1)}, columns]; it got ${shapeText(b!.shape)}.`); // prettier-ignore
    const batch = broadcastShapes("triangularSolve", l!.shape.slice(0, -2), b!.shape.slice(0, -2));
    return [[...batch, ...b!.shape.slice(-2)]];
  },
  forward(x, options, [shape]) {
    const batch = shape!.slice(0, -2);
    const { engine, views } = together(x.map((a) => stretched(a, [...batch, ...a.shape.slice(-2)])));
    return [made(engine, runKernel(engine, "triangularSolve", views[0]!, views[1]!, options), shape!)];
  },
  vjp: ({ x: [l, b], y: [y], p: options, wants }, [yBar]) => {
    // b̄ = M⁻ᵀ x̄ and M̄ = −b̄ xᵀ, where M is l or lᵀ.
    const bBar = triangularSolve(l!, yBar!, { ...options, transpose: !options.transpose });
    const outer = options.transpose ? matmul(y!, t(bBar)) : matmul(bBar, t(y!));
    return [
      wants[0] ? sumTo(neg(triangleOf(outer, options)), l!.shape) : undefined,
      wants[1] ? sumTo(bBar, b!.shape) : undefined,
    ];
  },
  jvp: ({ x: [l], y: [y], p: options }, [dl, db]) => {
    const change = dl && triangleOf(dl, options);
    const moved = change && neg(matmul(options.transpose ? t(change) : change, y!));
    const right = moved && db ? add(moved, db) : (moved ?? db);
    return [triangularSolve(l!, right!, options)];
  },
};

/** What of a matrix the solve reads. */
function triangleOf(a: Tensor, { lower = true, unit = false }: TriangularOptions): Tensor {
  const diagonal = unit ? -1 : 0;
  return lower ? tril(a, diagonal) : t(tril(t(a), diagonal));
}

const choleskyRow: TensorOp<undefined> = {
  name: "cholesky",
  shapes([a]) {
    checkMatrix("cholesky", a!, true);
    return [a!.shape];
  },
  forward: ([a], _p, [shape]) => [made(a!.engine, runKernel(a!.engine, "cholesky", a!.view), shape!)],
  // Murray (2016), eqs. 8 and 10. The adjoint is that of a symmetric matrix, whose lower triangle is read: it lies there.
  vjp: ({ y: [l] }, [lBar]) => {
    const inner = halfLower(matmul(t(l!), tril(lBar!)));
    const left = triangularSolve(l!, inner, { transpose: true });
    const s = t(triangularSolve(l!, t(left), { transpose: true }));
    const whole = add(s, t(s));
    return [sub(tril(whole), mul(sub(tril(whole), tril(whole, -1)), 0.5))];
  },
  jvp: ({ y: [l] }, [dot]) => {
    const lower = tril(dot!, -1);
    const symmetric = add(add(lower, t(lower)), sub(tril(dot!), lower));
    const inner = triangularSolve(l!, t(triangularSolve(l!, symmetric)));
    return [matmul(l!, halfLower(inner))];
  },
};

const sizes = (a: Tensor): { batch: Shape; m: number; n: number; k: number } => {
  const [m, n] = a.shape.slice(-2) as [number, number];
  return { batch: a.shape.slice(0, -2), m, n, k: Math.min(m, n) };
};

const qrRow: TensorOp<undefined> = {
  name: "qr",
  shapes([a]) {
    checkMatrix("qr", a!, false);
    const { batch, m, n, k } = sizes(a!);
    return [[...batch, m, k], [...batch, k, n]]; // prettier-ignore
  },
  forward([a], _p, shapes) {
    const [q, r] = runKernel(a!.engine, "qr", a!.view);
    return [made(a!.engine, q, shapes[0]!), made(a!.engine, r, shapes[1]!)];
  },
  // Seeger et al. (2017), eq. 3, for m ≥ n: Ā = [Q̄ + Q copyltu(R R̄ᵀ − Q̄ᵀ Q)] R⁻ᵀ.
  vjp: ({ x: [a], y: [q, r] }, [qBar, rBar]) => {
    checkTall(a!);
    const terms: Maybe<Tensor>[] = [rBar && matmul(r!, t(rBar)), qBar && neg(matmul(t(qBar), q!))];
    const inner = terms.filter((term) => term !== undefined).reduce(add);
    const lower = tril(inner, -1);
    const symmetric = add(tril(inner), t(lower));
    const product = matmul(q!, symmetric);
    const whole = qBar ? add(qBar, product) : product;
    return [t(triangularSolve(r!, t(whole), { lower: false }))];
  },
  jvp: ({ x: [a], y: [q, r] }, [dot]) => {
    checkTall(a!);
    // dA R⁻¹ = dQ + Q dR R⁻¹; the antisymmetric part of Qᵀ dA R⁻¹ is Qᵀ dQ.
    const scaled = t(triangularSolve(r!, t(dot!), { lower: false, transpose: true }));
    const inside = matmul(t(q!), scaled);
    const lower = tril(inside, -1);
    const turning = sub(lower, t(lower));
    const dq = add(sub(scaled, matmul(q!, inside)), matmul(q!, turning));
    return [dq, matmul(sub(inside, turning), r!)];
  },
};

function checkTall(a: Tensor): void {
  const { m, n } = sizes(a);
  if (m < n)
    throw new ShapeError(
      `qr of ${shapeText(a.shape)} has no derivative here: it needs at least as many rows as columns. Take qr of the transpose.`, // prettier-ignore
    );
}

const svdRow: TensorOp<undefined> = {
  name: "svd",
  shapes([a]) {
    checkMatrix("svd", a!, false);
    const { batch, m, n, k } = sizes(a!);
    return [[...batch, m, k], [...batch, k], [...batch, k, n]]; // prettier-ignore
  },
  forward([a], _p, shapes) {
    const factors = runKernel(a!.engine, "svd", a!.view);
    return factors.map((storage, i) => made(a!.engine, storage, shapes[i]!));
  },
  vjp: ({ y: [u, s, vt] }, [uBar, sBar, vtBar]) => {
    const column = expandDims(s!, -2);
    const v = t(vt!);
    const f = gaps(s!);
    const terms: Tensor[] = [];
    if (sBar) terms.push(matmul(mul(u!, expandDims(sBar, -2)), vt!));
    if (uBar) {
      const inside = mul(f, antisymmetric(matmul(t(u!), uBar)));
      terms.push(matmul(matmul(u!, mul(inside, column)), vt!));
      terms.push(matmul(div(outside(uBar, u!), column), vt!));
    }
    if (vtBar) {
      const vBar = t(vtBar);
      const inside = mul(f, antisymmetric(matmul(t(v), vBar)));
      terms.push(matmul(matmul(mul(u!, column), inside), vt!));
      terms.push(matmul(div(u!, column), t(outside(vBar, v))));
    }
    return [terms.reduce(add)];
  },
  jvp: ({ y: [u, s, vt] }, [dot]) => {
    const column = expandDims(s!, -2);
    const v = t(vt!);
    const p = matmul(matmul(t(u!), dot!), v);
    const f = gaps(s!);
    const ds = diagonalOf(p);
    const du = add(
      matmul(u!, mul(f, add(mul(p, column), mul(expandDims(s!, -1), t(p))))),
      div(outside(matmul(dot!, v), u!), column),
    );
    const dv = add(
      matmul(v, mul(f, add(mul(expandDims(s!, -1), p), mul(t(p), column)))),
      div(outside(matmul(t(dot!), u!), v), column),
    );
    return [du, ds, t(dv)];
  },
};

/** 1/(sⱼ² − sᵢ²) off the diagonal, 0 on it and where two are equal. */
function gaps(s: Tensor): Tensor {
  const squares = square(s);
  const difference = sub(expandDims(squares, -2), expandDims(squares, -1));
  return where(eq(difference, 0), 0, reciprocal(where(eq(difference, 0), 1, difference)));
}

const antisymmetric = (a: Tensor): Tensor => sub(a, t(a));
/** What of the columns of a is not in the space of u's columns. */
const outside = (a: Tensor, u: Tensor): Tensor => sub(a, matmul(u, matmul(t(u), a)));
const diagonalOf = (a: Tensor): Tensor => sum(sub(tril(a), tril(a, -1)), -1);

export const linalgRows = [trilRow, solveRow, choleskyRow, qrRow, svdRow];
