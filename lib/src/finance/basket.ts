/** Several correlated geometric Brownian motions: the model of a basket. */
import { add, div, exp, log, mul, neg, sqrt, sub } from "../rules/generated/record.js";
import type { Scalar } from "../ad/recorded.js";
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import { type BasketMarket, checkMarket, correlationsOf, hasCorrelations } from "./basket-market.js";
import { checkCorrelation, choleskyOf, isSingular, uncorrelated } from "./correlation.js";
import { dot, times } from "./last-step.js";
import type { Model } from "./model.js";
import { LOG_SQRT_TWO_PI, schemes, type StepParameters } from "./steps.js";

/** A method of Greeks that this model cannot serve. */
export class MethodError extends Error {
  override readonly name = "MethodError";
}

export interface BasketOptions {
  /** How many; as many as `correlation` has rows when not given. */
  readonly assets?: number;
  /** [d, d] of the Brownian motions, where no parameter gives them; none when not given. */
  readonly correlation?: readonly (readonly number[])[];
  /** Steps of a path (1). */
  readonly steps?: number;
  /** "exact" (the default) or "euler", as for `gbm`. */
  readonly scheme?: "exact" | "euler";
}

function checkInverse(factor: readonly (readonly Scalar[])[]): void {
  if (isSingular(factor))
    throw new MethodError(
      "The correlations have no inverse, so a step has no density, and this method nothing to differentiate. " +
        'Leave out the asset that follows from the others, or use "pathwise" or "differences".',
    );
}

/**
 * dXᵢ = rXᵢ dt + σᵢXᵢ dWᵢ for i = 1…d, with correlated W. A path has the d values of the first date, then those of the second,
 * and so on; `basketCall` reads the last ones. Correlations given here are constants; those among the parameters have a Greek.
 *
 * `greeks` works by every method; by "likelihoodRatio", "vibrato" and "doubleVibrato" where the correlations have an inverse.
 *
 * @throws OptionError for bad options, such as correlations that no assets can have; by `greeks`, for parameters that are
 * missing or out of range. MethodError by `greeks`, for a method that needs an inverse that there is not
 * @example
 * const model = basket({ correlation: [[1, 0.5], [0.5, 1]] });
 * const market = basketMarket({ spots: [100, 90], volatilities: [0.2, 0.3], rate: 0.05, maturity: 1 });
 * const { first } = greeks(model, basketCall([0.5, 0.5], 95), market, { paths: 1000 });
 * if (!(first.spot1.value > 0 && first.volatility2.value > 0)) throw new Error(String(first.spot1.value));
 */
export function basket(options: BasketOptions = {}): Model<BasketMarket> {
  checkOptionNames(options, ["assets", "correlation", "steps", "scheme"], "basket");
  const assets = checkCount(options.assets ?? options.correlation?.length ?? 1, "assets", 1, 1000);
  const steps = checkCount(options.steps ?? 1, "steps", 1, 100_000);
  const kind = checkChoice(options.scheme ?? "exact", "scheme", ["exact", "euler"]);
  const scheme = schemes[kind];
  const each = Array.from({ length: assets }, (_, i) => i);
  const own = options.correlation ?? uncorrelated(assets);
  checkCorrelation(own, assets);
  const ownFactor = choleskyOf(own);
  /** L of the correlations, recorded where they are parameters. */
  const factorOf = (p: BasketMarket) => (hasCorrelations(p) ? choleskyOf(correlationsOf(p, own)) : ownFactor);

  const stepsOf = (p: BasketMarket): StepParameters[] => {
    const h = div(p.maturity, steps);
    const root = sqrt(h);
    return each.map((i) => ({ rate: p.rate, volatility: p[`volatility${i + 1}`]!, h, root }));
  };
  /** What the path has before its step k: the spots, or what was reached. */
  const spotsOf = (p: BasketMarket): Scalar[] => each.map((i) => p[`spot${i + 1}`]!);
  const walk = (p: BasketMarket, z: readonly number[], count: number): Scalar[] => {
    const [of, factor] = [stepsOf(p), factorOf(p)];
    const path = spotsOf(p);
    for (let k = 0; k < count; k++)
      for (const i of each) {
        const [mean, deviation] = scheme.gaussian(path[k * assets + i]!, of[i]!);
        // Where the correlations are constants, so is what is correlated of the normals.
        const w = dot(factor[i]!, z.slice(k * assets, k * assets + i + 1));
        path.push(scheme.last(add(mean, mul(deviation, w))));
      }
    return path;
  };
  /** The logarithm of the density of one step of all assets, from x to y. */
  const stepDensity = (
    x: readonly Scalar[],
    y: readonly Scalar[],
    of: readonly StepParameters[],
    factor: readonly (readonly Scalar[])[],
  ): Scalar => {
    const u: Scalar[] = [];
    return each.reduce((total: Scalar, i): Scalar => {
      const [mean, deviation] = scheme.gaussian(x[i]!, of[i]!);
      const [end, logSlope] = scheme.inverse(y[i]!);
      let rest = div(sub(end, mean), deviation);
      for (let j = 0; j < i; j++) rest = sub(rest, mul(factor[i]![j]!, u[j]!));
      u.push(div(rest, factor[i]![i]!));
      const here = sub(sub(div(mul(u[i]!, u[i]!), -2), log(deviation)), LOG_SQRT_TWO_PI);
      return add(total, add(sub(here, log(factor[i]![i]!)), logSlope));
    }, 0);
  };
  return {
    name: `basket of ${assets}, ${kind}, ${steps} step${steps === 1 ? "" : "s"}`,
    assets,
    steps: steps * assets,
    check: (p) => checkMarket(p, own),
    path: (p, z) => walk(p, z, steps) as number[],
    split(p, z) {
      const [of, factor] = [stepsOf(p), factorOf(p)];
      checkInverse(factor);
      const before = walk(p, z, steps - 1);
      const gaussians = each.map((i) => scheme.gaussian(before[(steps - 1) * assets + i]!, of[i]!));
      return {
        before: before as number[],
        mean: gaussians.map(([mean]) => mean as number),
        factor: factor.map((row, i) => row.map((l) => times(gaussians[i]![1], l))),
      };
    },
    last: (y) => y.map((end) => scheme.last(end) as number),
    logDensity(p, path) {
      const [of, factor] = [stepsOf(p), factorOf(p)];
      checkInverse(factor);
      const at = (k: number): readonly Scalar[] =>
        k === 0 ? spotsOf(p) : path.slice(k * assets, (k + 1) * assets);
      let total: Scalar = 0;
      for (let k = 0; k < steps; k++) total = add(total, stepDensity(at(k), at(k + 1), of, factor));
      return total as number;
    },
    discount: (p) => exp(neg(mul(p.rate, p.maturity))) as number,
  };
}
