/** Rows of the elementwise operations: the partials, in operations. */
import { add, cos, cosh, div, eq, erf, exp, gt, log, mul, ne, neg, pow, reciprocal, rsqrt, sigmoid, sign, sin, sinh, square, step, sub, trunc, where } from "../functions/elementwise.js"; // prettier-ignore
import { sumTo } from "../functions/shapes.js";
import type { TensorOp } from "../op.js";
import { runKernel, together } from "../run.js";
import { broadcastShapes } from "../shape.js";
import { made, type Tensor } from "../tensor.js";
import { map, stretched, zip } from "./makers.js";

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
/** Density and distribution function of the standard normal. */
const density = (x: Tensor): Tensor => mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
const distribution = (x: Tensor): Tensor => mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
/** JAX's convention: at a tie both sides have a half. NaN stays. */
const chosen = (a: Tensor, b: Tensor): Tensor => {
  const share = add(gt(a, b), mul(eq(a, b), 0.5));
  // a − a is NaN for a NaN, and 0 for what is finite; infinities that are chosen keep their share.
  return where(add(ne(a, a), ne(b, b)), add(a, b), share);
};

// prettier-ignore
const maps = [
  map("neg", () => -1),
  map("abs", (x) => sign(x)),
  map("sign", null),
  map("floor", null),
  map("ceil", null),
  map("round", null),
  map("trunc", null),
  map("step", null),
  map("square", (x) => mul(x, 2)),
  map("reciprocal", (_x, y) => neg(square(y))),
  map("sqrt", (_x, y) => div(0.5, y)),
  map("rsqrt", (x, y) => mul(div(y, x), -0.5)),
  map("exp", (_x, y) => y),
  map("expm1", (x) => exp(x)),
  map("log", (x) => reciprocal(x)),
  map("log1p", (x) => reciprocal(add(x, 1))),
  map("log2", (x) => div(Math.LOG2E, x)),
  map("log10", (x) => div(Math.LOG10E, x)),
  map("sin", (x) => cos(x)),
  map("cos", (x) => neg(sin(x))),
  map("tan", (_x, y) => add(square(y), 1)),
  map("tanh", (_x, y) => sub(1, square(y))),
  map("sinh", (x) => cosh(x)),
  map("cosh", (x) => sinh(x)),
  map("asin", (x) => rsqrt(sub(1, square(x)))),
  map("acos", (x) => neg(rsqrt(sub(1, square(x))))),
  map("atan", (x) => reciprocal(add(square(x), 1))),
  map("asinh", (x) => rsqrt(add(square(x), 1))),
  map("acosh", (x) => rsqrt(mul(sub(x, 1), add(x, 1)))),
  map("atanh", (x) => reciprocal(mul(sub(1, x), add(x, 1)))),
  map("cbrt", (_x, y) => div(1 / 3, square(y))),
  map("fround", () => 1),
  map("sigmoid", (_x, y) => mul(y, sub(1, y))),
  map("softplus", (x) => sigmoid(x)),
  map("relu", (x) => step(x)),
  map("erf", (x) => mul(exp(neg(square(x))), TWO_OVER_ROOT_PI)),
  map("erfc", (x) => mul(exp(neg(square(x))), -TWO_OVER_ROOT_PI)),
  map("normalCdf", (x) => density(x)),
  map("gelu", (x) => add(distribution(x), mul(x, density(x)))),
  map("silu", (x, y) => mul(sigmoid(x), add(1, sub(x, y)))),
];

// prettier-ignore
const zips = [
  zip("add", [() => 1, () => 1]),
  zip("sub", [() => 1, () => -1]),
  zip("mul", [(_a, b) => b, (a) => a]),
  zip("div", [(_a, b) => reciprocal(b), (_a, b, y) => neg(div(y, b))]),
  // b·a^(b−1) would be 0·∞ at a = 0 for b = 0; and a^b is 0 around a = 0 for b > 0.
  zip("pow", [
    (a, b) => where(eq(b, 0), 0, mul(b, pow(a, sub(b, 1)))),
    (a, b, y) => where(mul(eq(a, 0), gt(b, 0)), 0, mul(y, log(a))),
  ]),
  zip("max", [(a, b) => chosen(a, b), (a, b) => chosen(b, a)]),
  zip("min", [(a, b) => chosen(b, a), (a, b) => chosen(a, b)]),
  zip("mod", [() => 1, (a, b) => neg(trunc(div(a, b)))]),
  zip("atan2", [
    (a, b) => div(b, add(square(a), square(b))),
    (a, b) => neg(div(a, add(square(a), square(b)))),
  ]),
  zip("hypot", [
    (a, _b, y) => where(eq(y, 0), 0, div(a, y)),
    (_a, b, y) => where(eq(y, 0), 0, div(b, y)),
  ]),
  ...(["lt", "le", "gt", "ge", "eq", "ne"] as const).map((name) => zip(name, null)),
];

const whereRow: TensorOp<undefined> = {
  name: "where",
  passive: [0],
  shapes: ([c, a, b]) => [broadcastShapes("where", c!.shape, a!.shape, b!.shape)],
  forward(x, _p, [shape]) {
    const { engine, views } = together(x.map((tensor) => stretched(tensor, shape!)));
    return [made(engine, runKernel(engine, "where", views[0]!, views[1]!, views[2]!), shape!)];
  },
  vjp: ({ x: [c, a, b], wants }, [yBar]) => [
    undefined,
    wants[1] ? sumTo(where(c!, yBar!, 0), a!.shape) : undefined,
    wants[2] ? sumTo(where(c!, 0, yBar!), b!.shape) : undefined,
  ],
  jvp: ({ x: [c, a, b] }, [, da, db]) => [where(c!, da ?? a!.zero(), db ?? b!.zero())],
};

export const elementwiseRows = [...maps, ...zips, whereRow];
