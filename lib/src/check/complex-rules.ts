/** Scalar operations over complex numbers: a row for each one that is analytic, by formulas that lose nothing of a tiny imaginary part. */
import type { ScalarOpName } from "../rules/scalar-rules.js";

/** [re, im] */
export type Complex = readonly [re: number, im: number];

type Rule = (a: Complex, b: Complex) => Complex;

const add = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const sub = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
const mul = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const div = ([a, b]: Complex, [c, d]: Complex): Complex => {
  const size = c * c + d * d;
  return [(a * c + b * d) / size, (b * c - a * d) / size];
};
const scaled = ([a, b]: Complex, s: number): Complex => [a * s, b * s];
const exp = ([a, b]: Complex): Complex => [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)];
const log = ([a, b]: Complex): Complex => [Math.log(Math.hypot(a, b)), Math.atan2(b, a)];
const log1p = ([a, b]: Complex): Complex => [Math.log1p(2 * a + a * a + b * b) / 2, Math.atan2(b, 1 + a)];
const sqrt = ([a, b]: Complex): Complex => {
  const root = Math.sqrt((Math.hypot(a, b) + Math.abs(a)) / 2);
  return a >= 0 ? [root, b / (2 * root)] : [Math.abs(b) / (2 * root), b < 0 ? -root : root];
};
const sin = ([a, b]: Complex): Complex => [Math.sin(a) * Math.cosh(b), Math.cos(a) * Math.sinh(b)];
const cos = ([a, b]: Complex): Complex => [Math.cos(a) * Math.cosh(b), -Math.sin(a) * Math.sinh(b)];
const sinh = ([a, b]: Complex): Complex => [Math.sinh(a) * Math.cos(b), Math.cosh(a) * Math.sin(b)];
const cosh = ([a, b]: Complex): Complex => [Math.cosh(a) * Math.cos(b), Math.sinh(a) * Math.sin(b)];
const ONE: Complex = [1, 0];

/** Products for whole exponents, because a power by logarithms has a cut at negative bases. */
function pow(a: Complex, b: Complex): Complex {
  const n = b[0];
  if (b[1] !== 0 || !Number.isInteger(n) || Math.abs(n) > 64) return exp(mul(b, log(a)));
  let [result, power] = [ONE, a];
  for (let left = Math.abs(n); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = mul(result, power);
    power = mul(power, power);
  }
  return n < 0 ? div(ONE, result) : result;
}

/** What is not here is not analytic (abs, max, floor), or has no formula here that keeps the imaginary part. */
export const complexRules: Readonly<Partial<Record<ScalarOpName, Rule>>> = {
  add,
  sub,
  mul,
  div,
  pow,
  square: (a) => mul(a, a),
  neg: (a) => scaled(a, -1),
  exp,
  expm1: ([a, b]) => [Math.expm1(a) * Math.cos(b) - 2 * Math.sin(b / 2) ** 2, Math.exp(a) * Math.sin(b)],
  log,
  log1p,
  log2: (a) => scaled(log(a), Math.LOG2E),
  log10: (a) => scaled(log(a), Math.LOG10E),
  sqrt,
  sin,
  cos,
  tan: (a) => div(sin(a), cos(a)),
  sinh,
  cosh,
  // By the exponential of what is negative, which does not overflow.
  tanh: (a) => {
    const e = exp(scaled(a, a[0] > 0 ? -2 : 2));
    return scaled(div(sub(ONE, e), add(ONE, e)), a[0] > 0 ? 1 : -1);
  },
  atan: ([a, b]) => [
    Math.atan2(2 * a, 1 - a * a - b * b) / 2,
    Math.log1p((4 * b) / (a * a + (b - 1) * (b - 1))) / 4,
  ],
  asinh: (a) => log(add(a, sqrt(add(mul(a, a), ONE)))),
  acosh: (a) => log(add(a, mul(sqrt(sub(a, ONE)), sqrt(add(a, ONE))))),
  atanh: (a) => scaled(sub(log1p(a), log1p(scaled(a, -1))), 0.5),
};
