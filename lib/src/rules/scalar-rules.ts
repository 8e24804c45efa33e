/**
 * The scalar operations, one row each: the value, and its partial with respect to each input, as expressions in the inputs
 * a and b and the value y. `npm run rules` makes from this table the code that records, sweeps, replays and differentiates.
 */

export interface ScalarRule {
  readonly value: string;
  /** One expression for each input. A comparison chooses by the primal values. */
  readonly partials: readonly [string] | readonly [string, string];
  /** Zero where the operation is not differentiable, or jumps; a margin to that place elsewhere. */
  readonly kink?: string;
  /** Prints as an infix operator, and not as a function by its name. */
  readonly infix?: string;
  /** A statement that may record something cheaper instead. */
  readonly shortcut?: string;
}

/** JAX's convention: at a tie both sides have a half. A NaN stays one. */
const chosen = (first: string, second: string): string =>
  `${first} > ${second} ? 1 : ${first} < ${second} ? 0 : ${first} === ${second} ? 0.5 : NaN`;

/** Constant between its jumps: the derivative is 0 and says nothing of them. */
const steps = (value: string, kink = "a") => ({ value, partials: ["0"], kink }) as const;
const stepsOfTwo = (value: string) => ({ value, partials: ["0", "0"], kink: "a" }) as const;

export const scalarRules = {
  add: { value: "a + b", partials: ["1", "1"], infix: "+" },
  sub: { value: "a - b", partials: ["1", "-1"], infix: "-" },
  mul: { value: "a * b", partials: ["b", "a"], infix: "*" },
  div: { value: "a / b", partials: ["1 / b", "-y / b"], infix: "/" },
  // The remainder has a's slope, and jumps where a passes a multiple of b.
  mod: { value: "a % b", partials: ["1", "-Math.trunc(a / b)"], kink: "y", infix: "%" },
  // b·a^(b−1) would be 0·∞ at a = 0 for b = 0; and a^b is 0 around a = 0 for b > 0.
  pow: {
    value: "a ** b",
    partials: ["b === 0 ? 0 : b * a ** (b - 1)", "a === 0 && b > 0 ? 0 : y * Math.log(a)"],
    infix: "**",
    shortcut: "if (b === 2) return square(a, site);",
  },
  /** a ** 2, the most frequent power, without the cost of one in its derivative. */
  square: { value: "a ** 2", partials: ["2 * a"] },
  neg: { value: "-a", partials: ["-1"], infix: "-" },
  abs: { value: "Math.abs(a)", partials: ["Math.sign(a)"], kink: "a" },
  acos: { value: "Math.acos(a)", partials: ["-1 / Math.sqrt(1 - a * a)"] },
  acosh: { value: "Math.acosh(a)", partials: ["1 / Math.sqrt((a - 1) * (a + 1))"] },
  asin: { value: "Math.asin(a)", partials: ["1 / Math.sqrt(1 - a * a)"] },
  asinh: { value: "Math.asinh(a)", partials: ["1 / Math.sqrt(a * a + 1)"] },
  atan: { value: "Math.atan(a)", partials: ["1 / (1 + a * a)"] },
  atan2: { value: "Math.atan2(a, b)", partials: ["b / (a * a + b * b)", "-a / (a * a + b * b)"] },
  atanh: { value: "Math.atanh(a)", partials: ["1 / ((1 - a) * (1 + a))"] },
  cbrt: { value: "Math.cbrt(a)", partials: ["1 / (3 * y * y)"] },
  cos: { value: "Math.cos(a)", partials: ["-Math.sin(a)"] },
  cosh: { value: "Math.cosh(a)", partials: ["Math.sinh(a)"] },
  exp: { value: "Math.exp(a)", partials: ["y"] },
  expm1: { value: "Math.expm1(a)", partials: ["Math.exp(a)"] },
  // The rounding to single precision is an error, not a function: its slope is that of what it rounds.
  fround: { value: "Math.fround(a)", partials: ["1"] },
  hypot: { value: "Math.hypot(a, b)", partials: ["y === 0 ? 0 : a / y", "y === 0 ? 0 : b / y"], kink: "y" },
  log: { value: "Math.log(a)", partials: ["1 / a"] },
  log10: { value: "Math.log10(a)", partials: ["Math.LOG10E / a"] },
  log1p: { value: "Math.log1p(a)", partials: ["1 / (1 + a)"] },
  log2: { value: "Math.log2(a)", partials: ["Math.LOG2E / a"] },
  max: { value: "Math.max(a, b)", partials: [chosen("a", "b"), chosen("b", "a")], kink: "a - b" },
  min: { value: "Math.min(a, b)", partials: [chosen("b", "a"), chosen("a", "b")], kink: "a - b" },
  sin: { value: "Math.sin(a)", partials: ["Math.cos(a)"] },
  sinh: { value: "Math.sinh(a)", partials: ["Math.cosh(a)"] },
  sqrt: { value: "Math.sqrt(a)", partials: ["0.5 / y"] },
  tan: { value: "Math.tan(a)", partials: ["1 + y * y"] },
  tanh: { value: "Math.tanh(a)", partials: ["1 - y * y"] },
  erf: { value: "erf(a)", partials: ["2 * Math.exp(-a * a) / Math.sqrt(Math.PI)"] },
  erfc: { value: "erfc(a)", partials: ["-2 * Math.exp(-a * a) / Math.sqrt(Math.PI)"] },
  /** Φ, the distribution function of the standard normal. */
  normalCdf: { value: "normalCdf(a)", partials: ["Math.exp(-a * a / 2) / Math.sqrt(2 * Math.PI)"] },
  ceil: steps("Math.ceil(a)", "a - Math.round(a)"),
  floor: steps("Math.floor(a)", "a - Math.round(a)"),
  round: steps("Math.round(a)", "a - Math.floor(a) - 0.5"),
  trunc: steps("Math.trunc(a)", "a - Math.round(a)"),
  sign: steps("Math.sign(a)"),
  clz32: steps("Math.clz32(a)"),
  imul: stepsOfTwo("Math.imul(a, b)"),
  bitAnd: stepsOfTwo("a & b"),
  bitOr: stepsOfTwo("a | b"),
  bitXor: stepsOfTwo("a ^ b"),
  bitNot: steps("~a"),
  shiftLeft: stepsOfTwo("a << b"),
  shiftRight: stepsOfTwo("a >> b"),
  shiftRightUnsigned: stepsOfTwo("a >>> b"),
} as const satisfies Record<string, ScalarRule>;

export type ScalarOpName = keyof typeof scalarRules;

/** The operations of two operands. */
export type BinaryOpName = {
  [Name in ScalarOpName]: (typeof scalarRules)[Name]["partials"]["length"] extends 2 ? Name : never;
}[ScalarOpName];
