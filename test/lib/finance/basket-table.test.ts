/**
 * Oracle 14: the baskets of Pagès, Pironneau and Sall (2016), §4.4, of one to seven assets with r = 5 %, equal weights and the basket's
 * value as strike, against moment matching (the closed form with one asset).
 */
import assert from "node:assert/strict";

import { basket, basketCall, basketMarket, type Estimate, greeks } from "cotangent/finance"; // prettier-ignore

const SPOTS = [1840, 1160, 3120, 4330.71, 9659.78, 14843.24, 10045.4];
const VOLATILITIES = [0.146, 0.1925, 0.1712, 0.1679, 0.1688, 0.2192, 0.2068];
const CORRELATION = [
  [1.0, 0.9477, 0.8494, 0.8548, 0.8719, 0.6169, 0.7886],
  [0.9477, 1.0, 0.7558, 0.7919, 0.8209, 0.6277, 0.7354],
  [0.8494, 0.7558, 1.0, 0.982, 0.9505, 0.6131, 0.9303],
  [0.8548, 0.7919, 0.982, 1.0, 0.9378, 0.64, 0.8902],
  [0.8719, 0.8209, 0.9505, 0.9378, 1.0, 0.6417, 0.8424],
  [0.6169, 0.6277, 0.6131, 0.64, 0.6417, 1.0, 0.5927],
  [0.7886, 0.7354, 0.9303, 0.8902, 0.8424, 0.5927, 1.0],
];

/** assets, maturity, price, ∂V/∂X₁, ∂²V/∂X₁² */
const TABLE = [
  [1, 0.1, 38.5897, 0.55226, 4.6556e-3], [2, 0.1, 34.4332, 0.27344, 1.2911e-3],
  [3, 0.1, 46.065, 0.18242, 4.2991e-4], [4, 0.1, 59.6688, 0.1365, 1.8656e-4],
  [5, 0.1, 92.8436, 0.10902, 7.6663e-5], [6, 0.1, 139.6244, 0.0903, 3.5295e-5],
  [7, 0.1, 155.4249, 0.07738, 2.3268e-5], [1, 1, 155.3891, 0.6611, 1.3623e-3],
  [2, 1, 135.4415, 0.3226, 3.8605e-4], [3, 1, 181.9346, 0.21547, 1.2861e-4],
  [4, 1, 234.9848, 0.16066, 5.6216e-5], [5, 1, 364.6505, 0.128, 2.3202e-5],
  [6, 1, 543.6288, 0.10501, 1.0852e-5], [7, 1, 603.8178, 0.08996, 7.1497e-6],
] as const; // prettier-ignore

/** Within four standard errors and what moment matching may be off, relative to the value. */
function near({ value, standardError }: Estimate, expected: number, matching: number, what: string): void {
  const most = 4 * standardError + matching * expected;
  assert.ok(Math.abs(value - expected) <= most, `${what}: ${value} ± ${standardError}, not ${expected}`);
}

describe("baskets of one to seven assets (oracle 14)", function () {
  this.timeout(60_000);

  for (const [assets, maturity, price, delta, gamma] of TABLE)
    it(`${assets} at T = ${maturity}: price and delta pathwise, delta and Γ by Vibrato`, () => {
      const spots = SPOTS.slice(0, assets);
      const correlation = CORRELATION.slice(0, assets).map((row) => row.slice(0, assets));
      const market = basketMarket({ spots, volatilities: VOLATILITIES.slice(0, assets), rate: 0.05, maturity }); // prettier-ignore
      const strike = spots.reduce((a, b) => a + b) / assets;
      const payoff = basketCall(new Array<number>(assets).fill(1 / assets), strike);
      const model = basket({ correlation });
      const matching = assets === 1 ? 0 : 1;
      const of = ["spot1"] as const; // So that second order costs one sweep.
      const pathwise = greeks(model, payoff, market, { of, paths: 4000, seed: 2 });
      near(pathwise.price, price, 0.001 * matching, "price");
      near(pathwise.first.spot1, delta, 0.003 * matching, "delta, pathwise");
      assert.ok(pathwise.first.spot1.standardError < 0.02 * delta);
      const vibrato = greeks(model, payoff, market, {
        of,
        method: "vibrato",
        paths: 2000,
        seed: 1,
        order: 2,
      });
      near(vibrato.first.spot1, delta, 0.003 * matching, "delta, Vibrato");
      near(vibrato.second!.spot1.spot1, gamma, 0.02 * matching, "gamma");
    });
});
