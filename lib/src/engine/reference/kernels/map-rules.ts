/** The elementwise functions of one argument, in double precision. NaN gives NaN, but for `step`. */
import { erf, erfc, normalCdf } from "../../../numeric/erf.js";
import type { MapName } from "../../engine.js";

/** 1 / (1 + e^(−x)) by the exponential that does not overflow. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const small = Math.exp(x);
  return small / (1 + small);
}

/**
 * One row for each name. Outside its domain a function is NaN, at a pole ±∞, as `Math` has it. `sign` keeps NaN, 0 and −0.
 * `round` goes up at a half, as JavaScript does. `step`(NaN) is 0, as a comparison gives it. `gelu` and `silu` of −∞ are
 * NaN: −∞ · 0.
 */
export const mapRules: Readonly<Record<MapName, (x: number) => number>> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  sigmoid,
  // log(1 + e^x), by the exponential that does not overflow.
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  relu: (x) => Math.max(x, 0),
  step: (x) => (x > 0 ? 1 : 0),
  erf,
  gelu: (x) => x * normalCdf(x),
  silu: (x) => x * sigmoid(x),
  trunc: Math.trunc,
  fround: Math.fround,
  cbrt: Math.cbrt,
  log2: Math.log2,
  log10: Math.log10,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erfc,
  normalCdf,
};
