/**
 * The elementwise functions as kernels have them: lines that end by returning, from x. What is not here, or not exact enough
 * on a device, is the reference engine's.
 */
import type { MapName } from "../../engine.js";
import { sineOf } from "./sine.js";

const ret = (expression: string): readonly string[] => [`return ${expression};`];
/** The polynomial c₀ + c₁ v + c₂ v² + …, by Horner. */
const horner = (v: string, coefficients: readonly number[]): string =>
  coefficients.reduceRight((inner, c) => (inner === "" ? String(c) : `(${c} + ${v} * ${inner})`), "");
const series = (n: number, term: (i: number) => number) => Array.from({ length: n }, (_, i) => term(i));
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

/** e^x − 1 near 0, where the difference has lost its digits. */
const expm1Small = `x * ${horner(
  "x",
  series(9, (i) => 1 / factorial(i + 1)),
)}`;
/** log(1 + x) = 2 artanh(x / (2 + x)) near 0. */
const log1pSmall = [
  "const s = x / (2 + x);",
  "const z = s * s;",
  `return 2 * s * ${horner(
    "z",
    series(8, (i) => 1 / (2 * i + 1)),
  )};`,
];

/** erfc of a ≥ 0, to 1.2e-7 of itself (Numerical Recipes, erfcc): e^(−a²) and a polynomial in 1 / (1 + a/2). */
const erfcLines = (a: string): readonly string[] => [
  `const w = 1 / (1 + 0.5 * ${a});`,
  `const far = w * Math.exp(${horner("w", [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277])} - ${a} * ${a});`,
];
/** erf near 0: 2/√π (x − x³/3 + x⁵/10 − …). */
const erfSmall = (x: string): string =>
  `${2 / Math.sqrt(Math.PI)} * ${x} * ${horner(
    "z",
    series(8, (i) => (i % 2 ? -1 : 1) / (factorial(i) * (2 * i + 1))),
  )}`;

/** Lines of an expression that needs names on its way. */
function lines(write: (named: (expression: string) => string) => string): readonly string[] {
  const made: string[] = [];
  const result = write((expression) => {
    made.push(`const n${made.length} = ${expression};`);
    return `n${made.length - 1}`;
  });
  return [...made, `return ${result};`];
}
/** Φ(x), as `phi`. */
const phiLines: readonly string[] = [
  `const v = x * ${Math.SQRT1_2};`,
  "const a = Math.abs(v);",
  ...erfcLines("a"),
  "const z = v * v;",
  "let phi = 0.5 * far;",
  "if (v >= 0) { phi = 1 - 0.5 * far; }",
  `if (a < 0.5) { phi = 0.5 + 0.5 * (${erfSmall("v")}); }`,
];
const sigmoidLines: readonly string[] = [
  "const e = Math.exp(-Math.abs(x));",
  "let s = e / (1 + e);",
  "if (x >= 0) { s = 1 / (1 + e); }",
];

export const mapLines: Readonly<Partial<Record<MapName, readonly string[]>>> = {
  neg: ret("-x"),
  abs: ret("Math.abs(x)"),
  sign: ["if (x > 0) { return 1; }", "if (x < 0) { return -1; }", "return x;"],
  floor: ret("Math.floor(x)"),
  ceil: ret("Math.ceil(x)"),
  trunc: ["if (x < 0) { return Math.ceil(x); }", "return Math.floor(x);"],
  // Up at a half; not floor(x + 0.5), which rounds the sum first.
  round: ["const low = Math.floor(x);", "if (x - low >= 0.5) { return low + 1; }", "return low;"],
  square: ret("x * x"),
  reciprocal: ret("1 / x"),
  sqrt: ret("Math.sqrt(x)"),
  rsqrt: ret("1 / Math.sqrt(x)"),
  // SwiftShader takes NaN for a large number.
  exp: ["if (x > 0) { return Math.exp(x); }", "if (x <= 0) { return Math.exp(x); }", "return x;"],
  expm1: [`if (Math.abs(x) < 0.5) { return ${expm1Small}; }`, "return Math.exp(x) - 1;"],
  log: ret("Math.log(x)"),
  log1p: ["if (Math.abs(x) >= 0.4) { return Math.log(1 + x); }", ...log1pSmall],
  log2: ret(`Math.log(x) * ${Math.LOG2E}`),
  log10: ret(`Math.log(x) * ${Math.LOG10E}`),
  sin: lines((named) => sineOf("x", 0, named)),
  cos: lines((named) => sineOf("x", 1, named)),
  tan: lines((named) => `${sineOf("x", 0, named)} / ${sineOf("x", 1, named)}`),
  // Beyond 10 it is ±1 in single precision, and a device's own may overflow.
  tanh: ["if (x > 10) { return 1; }", "if (x < -10) { return -1; }", "const z = x * x;",
    // The continued fraction of Lambert near 0.
    "if (Math.abs(x) < 0.5) { return x * (135135 + z * (17325 + z * (378 + z))) / (135135 + z * (62370 + z * (3150 + z * 28))); }",
    "const e = Math.exp(2 * x);", "return (e - 1) / (e + 1);"],
  sinh: ["const z = x * x;", `if (Math.abs(x) < 1) { return x * ${horner("z", series(6, (i) => 1 / factorial(2 * i + 1)))}; }`,
    "const h = Math.exp(0.5 * Math.abs(x));", "const y = 0.5 * h * h - 0.5 / h / h;", "if (x < 0) { return -y; }", "return y;"],
  cosh: ["const h = Math.exp(0.5 * Math.abs(x));", "return 0.5 * h * h + 0.5 / h / h;"],
  sigmoid: [...sigmoidLines, "return s;"],
  softplus: ["const e = Math.exp(-Math.abs(x));", "const s = e / (2 + e);", "const z = s * s;",
    `const l = 2 * s * ${horner("z", series(8, (i) => 1 / (2 * i + 1)))};`, "if (x > 0) { return x + l; }", "return l;"],
  relu: ["if (x < 0) { return 0; }", "return x;"],
  step: ["if (x > 0) { return 1; }", "return 0;"],
  erf: ["const a = Math.abs(x);", ...erfcLines("a"), "const z = x * x;", `if (a < 0.7) { return ${erfSmall("x")}; }`,
    "if (x < 0) { return far - 1; }", "return 1 - far;"],
  erfc: ["const a = Math.abs(x);", ...erfcLines("a"), "const z = x * x;", `if (a < 0.3) { return 1 - ${erfSmall("x")}; }`,
    "if (x < 0) { return 2 - far; }", "return far;"],
  normalCdf: [...phiLines, "return phi;"],
  gelu: [...phiLines, "return x * phi;"],
  silu: [...sigmoidLines, "return x * s;"],
  fround: ret("x"),
}; // prettier-ignore
