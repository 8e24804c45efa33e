/** Finance: closed forms, geometric Brownian motion, payoffs, and Greeks by Monte Carlo with standard errors. */
export { basket, type BasketOptions, MethodError } from "./basket.js";
export { type BasketMarket, basketMarket, type BasketValues } from "./basket-market.js";
export {
  callGreeks,
  callPrice,
  digitalPrice,
  putPrice,
  type Vanilla,
  type VanillaGreeks,
} from "./black-scholes.js";
export type { GreeksMethod } from "./estimators.js";
export { gbm, type Gbm, type GbmOptions } from "./gbm.js";
export { type Estimate, type Greeks, greeks, type GreeksOptions, PayoffError } from "./greeks.js";
export type { LastStep } from "./last-step.js";
export type { Model, Payoff } from "./model.js";
export type { Parameters } from "./parameters.js";
export { asianCall, basketCall, call, digital, put } from "./payoffs.js";
export { indicator, ramp } from "./smooth.js";
