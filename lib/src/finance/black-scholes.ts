/** Black and Scholes' closed forms: prices written so that they can be differentiated to any order, and the usual Greeks beside them. */
import { add, div, exp, log, mul, neg, normalCdf, sqrt, sub } from "../rules/generated/record.js";
import { checkParameters, type Parameters } from "./parameters.js";

/** A vanilla option; rates and volatilities a year, maturity in years. */
export interface Vanilla extends Parameters {
  readonly spot: number;
  readonly strike: number;
  readonly rate: number;
  readonly volatility: number;
  readonly maturity: number;
}

/** What the price of one option is sensitive to. */
export interface VanillaGreeks {
  readonly price: number;
  /** ∂/∂spot */
  readonly delta: number;
  /** ∂²/∂spot² */
  readonly gamma: number;
  /** ∂/∂volatility */
  readonly vega: number;
  /** −∂/∂maturity, a year */
  readonly theta: number;
  /** ∂/∂rate */
  readonly rho: number;
  /** ∂²/∂spot∂volatility */
  readonly vanna: number;
  /** ∂²/∂volatility² */
  readonly volga: number;
}

// The operations take recorded numbers; their types say so where that matters to a user.
type Num = number;
const op = { add, div, exp, log, mul, neg, normalCdf, sqrt, sub } as unknown as Readonly<
  Record<"add" | "div" | "mul" | "sub", (a: Num, b: Num) => Num> &
    Record<"exp" | "log" | "neg" | "normalCdf" | "sqrt", (a: Num) => Num>
>;

function parts({ spot, strike, rate, volatility, maturity }: Vanilla) {
  const deviation = op.mul(volatility, op.sqrt(maturity));
  const discount = op.exp(op.neg(op.mul(rate, maturity)));
  const drift = op.mul(op.add(rate, op.div(op.mul(volatility, volatility), 2)), maturity);
  const d1 = op.div(op.add(op.log(op.div(spot, strike)), drift), deviation);
  return { d1, d2: op.sub(d1, deviation), discount };
}

/**
 * The price of a European call. Its parameters may be recorded: gradients and Hessians of it are exact.
 * @example
 * const at = { spot: 120, strike: 100, rate: 0.05, volatility: 0.2, maturity: 1 };
 * if (Math.abs(callPrice(at) - 26.16904) > 1e-4) throw new Error(String(callPrice(at)));
 */
export function callPrice(option: Vanilla): number {
  const { d1, d2, discount } = parts(option);
  return op.sub(
    op.mul(option.spot, op.normalCdf(d1)),
    op.mul(op.mul(option.strike, discount), op.normalCdf(d2)),
  );
}

/** The price of a European put. */
export function putPrice(option: Vanilla): number {
  const { d1, d2, discount } = parts(option);
  return op.sub(
    op.mul(op.mul(option.strike, discount), op.normalCdf(op.neg(d2))),
    op.mul(option.spot, op.normalCdf(op.neg(d1))),
  );
}

/** The price of a digital call: one unit where the spot ends above the strike. */
export function digitalPrice(option: Vanilla): number {
  const { d2, discount } = parts(option);
  return op.mul(discount, op.normalCdf(d2));
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** @throws OptionError for a spot, strike, volatility or maturity that is not above 0 */
export function callGreeks(option: Vanilla): VanillaGreeks {
  checkParameters(option, ["spot", "strike", "volatility", "maturity"], "callGreeks");
  const { spot, strike, rate, volatility, maturity } = option;
  const { d1, d2, discount } = parts(option);
  const root = Math.sqrt(maturity);
  const cdf = (x: number) => op.normalCdf(x);
  const vega = spot * density(d1) * root;
  return {
    price: callPrice(option),
    delta: cdf(d1),
    gamma: density(d1) / (spot * volatility * root),
    vega,
    theta: (-spot * density(d1) * volatility) / (2 * root) - rate * strike * discount * cdf(d2),
    rho: strike * maturity * discount * cdf(d2),
    vanna: (-density(d1) * d2) / volatility,
    volga: (vega * d1 * d2) / volatility,
  };
}
