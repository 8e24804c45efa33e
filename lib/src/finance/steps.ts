/** One step of geometric Brownian motion: exact, or Euler's. */
import { add, div, exp, log, mul, neg, sub } from "../rules/generated/record.js";
import type { Scalar } from "../ad/recorded.js";

export const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

export interface Step {
  /** From where the step begins to the mean and the deviation of a Gaussian. */
  readonly gaussian: (x: Scalar, p: StepParameters) => readonly [mean: Scalar, deviation: Scalar];
  /** From the Gaussian to where it ends. */
  readonly last: (y: Scalar) => Scalar;
  /** The inverse, and the logarithm of its slope: for densities. */
  readonly inverse: (x: Scalar) => readonly [y: Scalar, logSlope: Scalar];
}

/** What a step needs: the drift and the deviation of one step, over its length. */
export interface StepParameters {
  readonly rate: Scalar;
  readonly volatility: Scalar;
  readonly h: Scalar;
  readonly root: Scalar;
}

export const schemes: Readonly<Record<"exact" | "euler", Step>> = {
  exact: {
    gaussian: (x, { rate, volatility, h, root }) => [
      add(log(x), mul(sub(rate, div(mul(volatility, volatility), 2)), h)),
      mul(volatility, root),
    ],
    last: exp,
    inverse: (x) => [log(x), neg(log(x))],
  },
  euler: {
    gaussian: (x, { rate, volatility, h, root }) => [
      add(x, mul(mul(rate, x), h)),
      mul(mul(volatility, x), root),
    ],
    last: (y) => y,
    inverse: (x) => [x, 0],
  },
};
