/**
 * The last step of a path as a Gaussian, y = μ + C z with z standard normal and C lower triangular, and what its density says of the
 * derivatives of φ(μ, C) = E V(μ + C z). All numbers may be recorded.
 * @see Giles (2008), §3.4; Pagès, Pironneau and Sall (2016), (2.15)–(2.17) and (2.23)
 */
import { add, div, mul, sub } from "../rules/generated/record.js";
import type { Scalar } from "../ad/recorded.js";

export interface LastStep {
  /** [d] μ */
  readonly mean: readonly number[];
  /** C: row i has its entries 0…i. */
  readonly factor: readonly (readonly number[])[];
}

export const times = (...x: readonly Scalar[]): number => x.reduce((a, b) => mul(a, b)) as number;
export const plus = (...x: readonly Scalar[]): number => x.reduce((a, b) => add(a, b)) as number;
export const dot = (a: readonly Scalar[], b: readonly Scalar[]): number =>
  a.reduce((sum: Scalar, x, i): Scalar => add(sum, mul(x, b[i]!)), 0) as number;

/** Entry by entry of the lower triangles: ⟨A, B⟩. */
export const dotOfFactors = (a: readonly (readonly Scalar[])[], b: readonly (readonly Scalar[])[]): number =>
  a.reduce((sum: Scalar, row, i): Scalar => add(sum, dot(row, b[i]!)), 0) as number;

/** μ + C z */
export const reached = ({ mean, factor }: LastStep, z: readonly number[]): number[] =>
  mean.map((m, i) => plus(m, dot(factor[i]!, z)));

/** C⁻ᵀ z, the score in μ: by substitution from the last row. */
export function scoreInMean(factor: LastStep["factor"], z: readonly number[]): number[] {
  const w: number[] = z.map(() => 0);
  for (let i = z.length - 1; i >= 0; i--) {
    let rest: Scalar = z[i]!;
    for (let k = i + 1; k < z.length; k++) rest = sub(rest, mul(factor[k]![i]!, w[k]!));
    w[i] = div(rest, factor[i]![i]!) as number;
  }
  return w;
}

/** C⁻¹ b, by substitution from the first row. */
export function solved(factor: LastStep["factor"], b: readonly number[]): number[] {
  const x: number[] = [];
  for (const [i, row] of factor.entries())
    x.push(div(sub(b[i]!, dot(x, row.slice(0, i))), row[i]!) as number);
  return x;
}

/** One value of φ and estimates of its first derivatives. */
export interface LastStepEstimate {
  readonly price: number;
  /** [d] ∂φ/∂μ */
  readonly byMean: readonly number[];
  /** ∂φ/∂C, of its lower triangle */
  readonly byFactor: readonly (readonly number[])[];
}

/** The even and the odd part of the payoff about the mean, for one draw: ½(V₊ − 2V₀ + V₋) and ½(V₊ − V₋). */
export interface Vibration {
  readonly z: readonly number[];
  readonly even: number;
  readonly odd: number;
}

/** The payoff at ±z for every draw, and their mean. */
export function vibrate(
  value: (y: readonly number[]) => number,
  step: LastStep,
  draws: readonly (readonly number[])[],
): { readonly price: number; readonly vibrations: readonly Vibration[] } {
  const middle = value(step.mean);
  const prices: number[] = [];
  const vibrations = draws.map((z) => {
    const [up, down] = [value(reached(step, z)), value(reached(step, z.map((each) => -each)))]; // prettier-ignore
    prices.push(plus(up, down));
    return { z, even: times(sub(plus(up, down), times(2, middle)), 0.5), odd: times(sub(up, down), 0.5) };
  });
  return { price: div(plus(...prices), 2 * draws.length) as number, vibrations };
}

/**
 * ∂φ/∂μ = E odd · C⁻ᵀz and ∂φ/∂C = E even · (C⁻ᵀz zᵀ − C⁻ᵀ), for z and −z at once: the weights' means are 0, so that V₀ may stand
 * in the even part, and only the weight of the same parity meets each.
 * @see Giles (2008), (8); with one asset Pagès, Pironneau and Sall (2016), (2.18)
 */
export function firstOrder(
  step: LastStep,
  price: number,
  vibrations: readonly Vibration[],
): LastStepEstimate {
  const n = vibrations.length;
  const each = vibrations.map(({ z, even, odd }) => ({ z, even, odd, w: scoreInMean(step.factor, z) }));
  const mean = (of: readonly Scalar[]): number => div(plus(...of), n) as number;
  return {
    price,
    byMean: step.mean.map((_, i) => mean(each.map(({ odd, w }) => times(odd, w[i]!)))),
    byFactor: step.factor.map((row, i) =>
      row.map(
        (c, j) =>
        mean(each.map(({ z, even, w }) => times(even, i === j ? sub(mul(w[i]!, z[j]!), div(1, c)) : mul(w[i]!, z[j]!)))), // prettier-ignore
      ),
    ),
  };
}

/** The derivatives of μ and C by one parameter, over C: u = C⁻¹∂μ and M = C⁻¹∂C. */
export interface Relative {
  /** [d] */
  readonly u: readonly number[];
  /** [d, d], lower triangular: row i has its entries 0…i. */
  readonly M: readonly (readonly number[])[];
}

export function relative(step: LastStep, by: LastStep): Relative {
  const d = step.mean.length;
  const columns = Array.from(
    { length: d },
    (_, j) =>
    solved(step.factor, by.factor.map((row) => row[j] ?? 0)), // prettier-ignore
  );
  return {
    u: solved(step.factor, by.mean),
    M: by.factor.map((row, i) => row.map((_, j) => columns[j]![i]!)),
  };
}

const product = (M: Relative["M"], z: readonly number[]): number[] => M.map((row) => dot(row, z));
const transposed = (M: Relative["M"], z: readonly number[]): number[] =>
  z.map((_, j) => M.reduce((sum, row, i) => sum + (j <= i ? row[j]! * z[i]! : 0), 0));
const diagonal = (M: Relative["M"]): number[] => M.map((row, i) => row[i]!);

/**
 * What the density says of the second derivative by two parameters, beyond the second derivatives of μ and C themselves: with
 * s = ∂ log density at a fixed y, it is s_a s_b + ∂s_a/∂b where ∂²μ = ∂²C = 0, as its parts even and odd in z.
 *
 * Each has mean 0 (by the density's own normalisation). With one asset, u and M both 1/σ̂, the parts are the polynomials
 * Z² − 1, Z³ − 3Z and Z⁴ − 5Z² + 2 over σ̂².
 * @see Pagès, Pironneau and Sall (2016), (2.23), for one asset
 */
export function secondOrderWeights(
  parameters: readonly Relative[],
  z: readonly number[],
): (a: number, b: number) => { readonly even: number; readonly odd: number } {
  const each = parameters.map(({ u, M }) => {
    const [p, trace] = [product(M, z), diagonal(M).reduce((a, b) => a + b, 0)];
    return { u, p, t: transposed(M, z), diagonal: diagonal(M), even: dot(z, p) - trace, odd: dot(z, u) };
  });
  return (i, j) => {
    const [a, b] = [each[i]!, each[j]!];
    return {
      even:
        a.even * b.even + a.odd * b.odd + dot(a.diagonal, b.diagonal) -
        dot(a.p, b.p) - dot(a.u, b.u) - dot(a.t, b.p) - dot(b.t, a.p), // prettier-ignore
      odd: a.even * b.odd + a.odd * b.even - dot(a.p, b.u) - dot(a.u, b.p) - dot(a.t, b.u) - dot(b.t, a.u),
    };
  };
}
