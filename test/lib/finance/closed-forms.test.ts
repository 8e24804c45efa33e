/** Closed forms and their derivatives; the score polynomials; kinks with a width. */
import assert from "node:assert/strict";

import { grad, hessian } from "cotangent";
import {
  callGreeks,
  callPrice,
  digitalPrice,
  indicator,
  putPrice,
  ramp,
  type Vanilla,
} from "cotangent/finance";
import { secondOrderWeights } from "../../../lib/src/finance/last-step.js";

const market: Vanilla = { spot: 120, strike: 100, rate: 0.05, volatility: 0.2, maturity: 1 };
const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} ≠ ${expected}`,
  );

describe("Black and Scholes' price", () => {
  it("has the Greeks of the closed forms by differentiation, to 1e-10, and the whole Hessian", () => {
    for (const option of [
      market,
      { ...market, strike: 120 },
      { ...market, spot: 80, volatility: 0.45, maturity: 0.3, rate: -0.01 },
    ]) {
      const greeks = callGreeks(option);
      const g = grad(callPrice)(option) as Vanilla;
      near(g.spot, greeks.delta, 1e-10);
      near(g.volatility, greeks.vega, 1e-10);
      near(g.rate, greeks.rho, 1e-10);
      near(-g.maturity, greeks.theta, 1e-10);
      const h = hessian(callPrice)(option) as unknown as Record<string, Vanilla>;
      near(h["spot"]!.spot, greeks.gamma, 1e-10);
      near(h["spot"]!.volatility, greeks.vanna, 1e-10);
      near(h["volatility"]!.volatility, greeks.volga, 1e-10);
      near(h["volatility"]!.spot, h["spot"]!.volatility, 1e-12);
    }
  });

  it("is the reference's at its parameters", () => {
    near(callGreeks(market).gamma, 0.00750025, 1e-6);
    near(callGreeks(market).vanna, -0.95548, 1e-5);
    near(
      hessian(digitalPrice)(market) &&
        (hessian(digitalPrice)(market) as unknown as Record<string, Vanilla>)["spot"]!.spot,
      -4.731e-4,
      1e-3 * 4.731e-4 * 1e4,
    );
  });

  it("satisfies the parity of put and call, in value and in every derivative", () => {
    const parity = (o: Vanilla) => callPrice(o) - putPrice(o);
    near(parity(market), market.spot - market.strike * Math.exp(-market.rate), 1e-13);
    near((grad(callPrice)(market) as Vanilla).spot - (grad(putPrice)(market) as Vanilla).spot, 1, 1e-13);
    near(
      (grad(callPrice)(market) as Vanilla).volatility,
      (grad(putPrice)(market) as Vanilla).volatility,
      1e-12,
    );
  });

  it("refuses parameters that cannot be", () => {
    assert.throws(() => callGreeks({ ...market, volatility: 0 }), {
      name: "OptionError",
      message: /volatility should be above 0; got 0/,
    });
    assert.throws(() => callGreeks({ ...market, spot: NaN }), {
      name: "OptionError",
      message: /spot should be a finite number/,
    });
    assert.throws(() => callGreeks({ spot: 1 } as never), {
      name: "OptionError",
      message: /needs the parameter strike/,
    });
  });
});

/** ∫ f(z) φ(z) dz: the trapezoidal rule, which is exact to rounding for what falls off so fast. */
function expectation(f: (z: number) => number): number {
  let sum = 0;
  const h = 0.01;
  for (let i = -1400; i <= 1400; i++) sum += f(i * h) * Math.exp(-((i * h) ** 2) / 2);
  return (sum * h) / Math.sqrt(2 * Math.PI);
}

/** Oracle 5: the weights of one asset, over σ̂² = 1, whose μ moves (first) or whose σ̂ moves (second). */
describe("weights of the last step's score", () => {
  const [byMean, byDeviation] = [{ u: [1], M: [[0]] }, { u: [0], M: [[1]] }]; // prettier-ignore
  const weight = (i: number, j: number) => (z: number) => {
    const { even, odd } = secondOrderWeights([byMean, byDeviation], [z])(i, j);
    return even + odd;
  };

  it("are Z² − 1, Z³ − 3Z and Z⁴ − 5Z² + 2, the last with + 2", () => {
    for (const z of [-1.7, 0, 0.4, 2.5]) {
      near(weight(0, 0)(z), z ** 2 - 1, 1e-12);
      near(weight(0, 1)(z), z ** 3 - 3 * z, 1e-12);
      near(weight(1, 1)(z), z ** 4 - 5 * z ** 2 + 2, 1e-12);
    }
  });

  it("integrate to 0", () => {
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const)
      // prettier-ignore
      assert.ok(Math.abs(expectation(weight(i, j))) < 1e-12, `${i}, ${j}`);
  });

  it("give the second derivatives of what is known: φ = μ² + σ² for V = x², at μ = 0 and σ = 1", () => {
    near(expectation((z) => z * z * weight(1, 1)(z)), 2, 1e-12); // prettier-ignore
    near(expectation((z) => z * z * weight(0, 0)(z)), 2, 1e-12); // prettier-ignore
    near(expectation((z) => z * z * weight(0, 1)(z)), 0, 1e-12); // prettier-ignore
  });
});

describe("a ramp with a width", () => {
  const width = 0.5;
  it("is max(x, 0), with the indicator as derivative and the bell as the second", () => {
    for (const x of [-2, -0.3, 0.4, 3]) {
      assert.equal(ramp(x, width), Math.max(x, 0));
      assert.equal(grad((x: number) => ramp(x, width))(x), x > 0 ? 1 : 0);
      const bell = Math.exp((-x * x) / width) / Math.sqrt(width * Math.PI);
      near(grad((x: number) => grad((x: number) => ramp(x, width))(x))(x), bell, 1e-14);
      near(hessian((x: number) => ramp(x, width))(x) as unknown as number, bell, 1e-14);
      near(grad((x: number) => indicator(x, width))(x), bell, 1e-14);
    }
  });

  it("has a bell whose area is 1", () => {
    let area = 0;
    for (let x = -6; x <= 6; x += 0.01) area += grad((x: number) => indicator(x, width))(x) * 0.01;
    near(area, 1, 1e-9);
  });
});
