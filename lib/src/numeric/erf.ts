/** The error function, its complement and the normal distribution, to double precision. */

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
/** Where the series becomes long and the continued fraction short. */
const CROSSOVER = 2.2;

/** erf(x) = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!, all terms of one sign. Abramowitz and Stegun 7.1.6. */
function series(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17 || term < sum * -1e-17; n++) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
    if (term === 0) break;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-square) * sum;
}

/** erfc(x) for x ≥ CROSSOVER, by the continued fraction of Abramowitz and Stegun 7.1.14 in Lentz's form. */
function fraction(x: number): number {
  const TINY = 1e-300;
  let value = x;
  let c = x;
  let d = 0;
  for (let n = 1; n < 300; n++) {
    const a = n / 2;
    d = 1 / (x + a * d || TINY);
    c = x + a / c || TINY;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  // e^(−x²) with x split, so that the rounding of x² does not grow with it.
  const high = Math.fround(x);
  return (Math.exp(-high * high) * Math.exp(-(x - high) * (x + high))) / (Math.sqrt(Math.PI) * value);
}

export function erf(x: number): number {
  if (Math.abs(x) < CROSSOVER) return x === 0 ? x : Math.sign(x) * series(Math.abs(x));
  return Math.sign(x) * (1 - (Math.abs(x) > 6 ? 0 : fraction(Math.abs(x))));
}

/** 1 − erf(x), without its cancellation. */
export function erfc(x: number): number {
  if (x < CROSSOVER) return 1 - erf(x);
  return x > 27 ? 0 : fraction(x);
}

/** Φ(x) = P(N(0, 1) ≤ x). */
export function normalCdf(x: number): number {
  return erfc(-x * Math.SQRT1_2) / 2;
}
