/** The elementwise functions of two arguments, in double precision. */
import type { ZipName } from "../../engine.js";

const truth = (is: boolean): number => (is ? 1 : 0);

/**
 * One row for each name. NaN in either argument gives NaN, also in `max` and `min`; a comparison with NaN is 0 (`ne`: 1), and
 * NaN ** 0 is 1. Zeros have signs: max(0, −0) is 0. `mod` is JavaScript's remainder, with the sign of a; 1 ** NaN and
 * (±1) ** ∞ are NaN, as in JavaScript.
 */
export const zipRules: Readonly<Record<ZipName, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  mod: (a, b) => a % b,
  atan2: Math.atan2,
  hypot: (a, b) => Math.hypot(a, b),
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
  gt: (a, b) => truth(a > b),
  ge: (a, b) => truth(a >= b),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
};
