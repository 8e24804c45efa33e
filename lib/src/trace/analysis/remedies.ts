/** What to write instead, by operation: the safe forms of operations that make infinities and NaN. */

interface Remedy {
  /** Where it goes wrong. */
  readonly where: string;
  readonly instead: string;
}

const positive = "keep its argument above 0: max(x, ε), or reject such inputs before";

const remedies: Readonly<Record<string, Remedy>> = {
  div: { where: "divides by 0", instead: "add a small ε to the divisor, or branch before the division" },
  sqrt: {
    where: "has no real value below 0, and an infinite slope at 0",
    instead: "use sqrt(x + ε), or branch before it",
  },
  cbrt: { where: "has an infinite slope at 0", instead: "branch before it at 0" },
  log: { where: "has no finite value at 0 and none below", instead: positive },
  log2: { where: "has no finite value at 0 and none below", instead: positive },
  log10: { where: "has no finite value at 0 and none below", instead: positive },
  log1p: { where: "has no finite value at −1 and none below", instead: "keep its argument above −1" },
  pow: {
    where: "has no real value or slope for such a base",
    instead: "keep the base above 0, or multiply for whole exponents",
  },
  exp: {
    where: "overflows above 709",
    instead: "subtract the largest exponent first (log-sum-exp), or bound it",
  },
  expm1: { where: "overflows above 709", instead: "bound its argument" },
  asin: { where: "has an infinite slope at ±1 and no value beyond", instead: "clamp its argument inside (−1, 1)" }, // prettier-ignore
  acos: { where: "has an infinite slope at ±1 and no value beyond", instead: "clamp its argument inside (−1, 1)" }, // prettier-ignore
  acosh: { where: "has an infinite slope at 1 and no value below", instead: "keep its argument above 1" },
  atanh: { where: "is infinite at ±1", instead: "clamp its argument inside (−1, 1)" },
  hypot: { where: "has no slope at the origin", instead: "use sqrt(x² + y² + ε)" },
  tan: { where: "is infinite at π/2", instead: "keep away from its poles" },
};

/** "sqrt has no real value below 0 …", and what to write instead. */
export function remedyOf(operation: string): { readonly what: string; readonly remedy: string } {
  const known = remedies[operation];
  return known
    ? { what: `${operation} ${known.where}`, remedy: known.instead }
    : {
        what: `${operation} made it of finite numbers`,
        remedy: "look at its operands: they are as large, or as small, as floating-point numbers get",
      };
}
