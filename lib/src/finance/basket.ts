/** Several correlated geometric Brownian motions: the model of a basket. */
import { add, div, exp, log, mul, neg, sqrt, sub } from "../rules/generated/record.js";
import type { Scalar } from "../ad/recorded.js";
import { OptionError } from "../errors.js";
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import { choleskyOf } from "./correlation.js";
import { checkParameters, type Parameters } from "./parameters.js";
import type { Model } from "./model.js";
import { LOG_SQRT_TWO_PI, schemes, type StepParameters } from "./steps.js";

/** A method of Greeks that this model cannot serve. */
export class MethodError extends Error {
  override readonly name = "MethodError";
}

/** The parameters by name, assets counted from 1: spot1, volatility1, spot2, volatility2, … */
export type BasketMarket = Parameters & { readonly rate: number; readonly maturity: number } & {
  readonly [K in `spot${number}` | `volatility${number}`]: number;
};

export interface BasketValues {
  /** [d] */
  readonly spots: readonly number[];
  /** [d] */
  readonly volatilities: readonly number[];
  readonly rate: number;
  readonly maturity: number;
}

export interface BasketOptions {
  /** How many; as many as `correlation` has rows when not given. */
  readonly assets?: number;
  /** [d, d] of the Brownian motions; none when not given. */
  readonly correlation?: readonly (readonly number[])[];
  /** Steps of a path (1). */
  readonly steps?: number;
  /** "exact" (the default) or "euler", as for `gbm`. */
  readonly scheme?: "exact" | "euler";
}

/**
 * Lists as the parameters that `greeks` takes: a Greek for each.
 * @throws OptionError where the lists have different lengths
 */
export function basketMarket({ spots, volatilities, rate, maturity }: BasketValues): BasketMarket {
  if (spots.length !== volatilities.length)
    throw new OptionError(
      `There are ${spots.length} spots and ${volatilities.length} volatilities; each asset needs one of each.`,
    );
  const named = (name: string, list: readonly number[]) => list.map((value, i) => [`${name}${i + 1}`, value]);
  return Object.fromEntries([
    ...named("spot", spots),
    ...named("volatility", volatilities),
    ["rate", rate],
    ["maturity", maturity],
  ]) as BasketMarket;
}

/** Those parameters and no asset beyond them. */
function checkMarket(p: BasketMarket, names: readonly string[], assets: number): void {
  checkParameters(p, names, "basket");
  const stranger = Object.keys(p).find((name) => /^(spot|volatility)\d/.test(name) && !names.includes(name));
  if (stranger !== undefined)
    throw new OptionError(
      `There is a parameter ${stranger}, but the basket has ${assets} asset${assets === 1 ? "" : "s"}.`,
    );
  if (!("rate" in p)) throw new OptionError("basket needs the parameter rate.");
}

/**
 * dXᵢ = rXᵢ dt + σᵢXᵢ dWᵢ for i = 1…d, with correlated W. A path has the d values of the first date, then those of the second,
 * and so on; `basketCall` reads the last ones. The correlations are constants: there is no Greek for them.
 *
 * `greeks` works by "pathwise" and "differences", and by "likelihoodRatio" where the correlations have an inverse; "vibrato" and
 * "doubleVibrato" with one asset, whose last step is of one normal.
 *
 * @throws OptionError for bad options, such as correlations that no assets can have; by `greeks`, for parameters that are
 * missing or not above 0. MethodError by `greeks`, for a method that cannot be
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
  const factor = choleskyOf(options.correlation ?? each.map((i) => each.map((j) => (i === j ? 1 : 0))), assets); // prettier-ignore
  const names = ["spot", "volatility"].flatMap((name) => each.map((i) => `${name}${i + 1}`));

  const stepsOf = (p: BasketMarket): StepParameters[] => {
    const h = div(p.maturity, steps);
    const root = sqrt(h);
    return each.map((i) => ({ rate: p.rate, volatility: p[`volatility${i + 1}`]!, h, root }));
  };
  /** What the path has before its step k: the spots, or what was reached. */
  const spotsOf = (p: BasketMarket): Scalar[] => each.map((i) => p[`spot${i + 1}`]!);
  const walk = (p: BasketMarket, z: readonly number[], count: number): Scalar[] => {
    const of = stepsOf(p);
    const path = spotsOf(p);
    for (let k = 0; k < count; k++)
      for (const i of each) {
        const [mean, deviation] = scheme.gaussian(path[k * assets + i]!, of[i]!);
        // The normals are constants, and so is what is correlated of them.
        const w = factor[i]!.reduce((sum, l, j) => (l === 0 ? sum : sum + l * z[k * assets + j]!), 0);
        path.push(scheme.last(add(mean, mul(deviation, w))));
      }
    return path;
  };
  /** The logarithm of the density of one step of all assets, from x to y. */
  const stepDensity = (x: readonly Scalar[], y: readonly Scalar[], of: readonly StepParameters[]): Scalar => {
    const u: Scalar[] = [];
    return each.reduce((total: Scalar, i): Scalar => {
      const [mean, deviation] = scheme.gaussian(x[i]!, of[i]!);
      const [end, logSlope] = scheme.inverse(y[i]!);
      let rest = div(sub(end, mean), deviation);
      for (let j = 0; j < i; j++) rest = sub(rest, mul(factor[i]![j]!, u[j]!));
      u.push(div(rest, factor[i]![i]!));
      const here = sub(sub(div(mul(u[i]!, u[i]!), -2), log(deviation)), LOG_SQRT_TWO_PI);
      return add(total, add(sub(here, Math.log(factor[i]![i]!)), logSlope));
    }, 0);
  };
  return {
    name: `basket of ${assets}, ${kind}, ${steps} step${steps === 1 ? "" : "s"}`,
    steps: steps * assets,
    check: (p) => checkMarket(p, [...names, "maturity"], assets),
    path: (p, z) => walk(p, z, steps) as number[],
    split(p, z) {
      if (assets > 1)
        throw new MethodError(
          `Vibrato here is of a last step with one normal, and this basket has ${assets} assets. ` +
            `Use "likelihoodRatio" or "differences", or "pathwise" for first derivatives.`,
        );
      const before = walk(p, z, steps - 1);
      const [mean, deviation] = scheme.gaussian(before.at(-1)!, stepsOf(p)[0]!);
      return { before: before as number[], mean: mean as number, deviation: deviation as number };
    },
    last: (y) => scheme.last(y) as number,
    logDensity(p, path) {
      if (each.some((i) => factor[i]![i] === 0))
        throw new MethodError(
          "The correlations have no inverse, so a path has no density, and no likelihood ratio. " +
            'Leave out the asset that follows from the others, or use "pathwise" or "differences".',
        );
      const of = stepsOf(p);
      const at = (k: number): readonly Scalar[] =>
        k === 0 ? spotsOf(p) : path.slice(k * assets, (k + 1) * assets);
      let total: Scalar = 0;
      for (let k = 0; k < steps; k++) total = add(total, stepDensity(at(k), at(k + 1), of));
      return total as number;
    },
    discount: (p) => exp(neg(mul(p.rate, p.maturity))) as number,
  };
}
