/** Geometric Brownian motion, by its exact step and by Euler's. */
import { add, div, exp, log, mul, neg, sqrt, sub } from "../rules/generated/record.js";
import { checkChoice, checkCount, checkOptionNames } from "../options.js";
import type { Scalar } from "../ad/recorded.js";
import { checkParameters, type Parameters } from "./parameters.js";
import type { Model } from "./model.js";
import { LOG_SQRT_TWO_PI, schemes, type StepParameters } from "./steps.js";

export interface Gbm extends Parameters {
  readonly spot: number;
  readonly rate: number;
  readonly volatility: number;
  readonly maturity: number;
}

export interface GbmOptions {
  /** Steps of a path (1). */
  readonly steps?: number;
  /** "exact" (the default): X e^((r − σ²/2)h + σ√h Z); "euler": X (1 + rh + σ√h Z). */
  readonly scheme?: "exact" | "euler";
}

/**
 * dX = rX dt + σX dW, from `spot` to `maturity`.
 * @throws OptionError for bad options, and by `greeks` for a spot, volatility or maturity that is not above 0
 */
export function gbm(options: GbmOptions = {}): Model<Gbm> {
  checkOptionNames(options, ["steps", "scheme"], "gbm");
  const steps = checkCount(options.steps ?? 1, "steps", 1, 100_000);
  const scheme = schemes[checkChoice(options.scheme ?? "exact", "scheme", ["exact", "euler"])];
  const of = (p: Gbm): StepParameters => {
    const h = div(p.maturity, steps);
    return { rate: p.rate, volatility: p.volatility, h, root: sqrt(h) };
  };
  const walk = (p: Gbm, z: readonly number[], count: number): Scalar[] => {
    const each = of(p);
    const path: Scalar[] = [p.spot];
    for (let k = 0; k < count; k++) {
      const [mean, deviation] = scheme.gaussian(path[k]!, each);
      path.push(scheme.last(add(mean, mul(deviation, z[k]!))));
    }
    return path;
  };
  return {
    name: `geometric Brownian motion, ${options.scheme ?? "exact"}, ${steps} step${steps === 1 ? "" : "s"}`,
    assets: 1,
    steps,
    check: (p) => checkParameters(p, ["spot", "volatility", "maturity"], "gbm"),
    path: (p, z) => walk(p, z, steps) as number[],
    split(p, z) {
      const before = walk(p, z, steps - 1);
      const [mean, deviation] = scheme.gaussian(before.at(-1)!, of(p));
      return { before: before as number[], mean: [mean as number], factor: [[deviation as number]] };
    },
    last: (y) => y.map((each) => scheme.last(each) as number),
    logDensity(p, path) {
      const each = of(p);
      let total: Scalar = 0;
      for (let k = 0; k < steps; k++) {
        const [mean, deviation] = scheme.gaussian(k === 0 ? p.spot : path[k]!, each);
        const [y, logSlope] = scheme.inverse(path[k + 1]!);
        const z = div(sub(y, mean), deviation);
        const here = sub(sub(div(mul(z, z), -2), log(deviation)), LOG_SQRT_TWO_PI);
        total = add(total, add(here, logSlope));
      }
      return total as number;
    },
    discount: (p) => exp(neg(mul(p.rate, p.maturity))) as number,
  };
}
