/** The elementwise functions of two arguments as kernels have them: lines that end by returning, from a and b. */
import type { ZipName } from "../../engine.js";

const truth = (comparison: string): readonly string[] => [`if (${comparison}) { return 1; }`, "return 0;"];

/** `mod`, `atan2` and `hypot` are the reference engine's; of `pow`, see below. */
export const zipLines: Readonly<Partial<Record<ZipName, readonly string[]>>> = {
  add: ["return a + b;"],
  sub: ["return a - b;"],
  mul: ["return a * b;"],
  div: ["return a / b;"],
  // Neither comparison holds for NaN, which the sum then is.
  max: ["if (a > b) { return a; }", "if (b >= a) { return b; }", "return a + b;"],
  min: ["if (a < b) { return a; }", "if (b <= a) { return b; }", "return a + b;"],
  lt: truth("a < b"),
  le: truth("a <= b"),
  gt: truth("a > b"),
  ge: truth("a >= b"),
  eq: truth("a == b"),
  ne: ["if (a == b) { return 0; }", "return 1;"],
};
