/** Baskets: one asset is the European, two that move together are one, and the exchange of two has a closed form. */
import assert from "node:assert/strict";

import { ops } from "cotangent";
import {
  basket,
  basketCall,
  basketMarket,
  call,
  type Estimate,
  gbm,
  greeks,
  type GreeksMethod,
} from "cotangent/finance";

const identity = [[1, 0], [0, 1]]; // prettier-ignore
const methods = ["pathwise", "differences", "likelihoodRatio", "vibrato", "doubleVibrato"] as const;
const two = basketMarket({ spots: [100, 95], volatilities: [0.2, 0.3], rate: 0.05, maturity: 1 });

function within({ value, standardError }: Estimate, expected: number, most: number, what: string): void {
  assert.ok(standardError > 0 && standardError < most, `${what}: standard error ${standardError}`);
  assert.ok(Math.abs(value - expected) <= 4 * standardError, `${what}: ${value} ± ${standardError}, not ${expected}`); // prettier-ignore
}

/** The right to change the second asset for the first. @see Margrabe (1978) */
function exchange(rho: number) {
  const [s1, s2, v1, v2] = [two.spot1!, two.spot2!, two.volatility1!, two.volatility2!];
  const sigma = Math.sqrt(v1 * v1 + v2 * v2 - 2 * rho * v1 * v2);
  const d1 = Math.log(s1 / s2) / sigma + sigma / 2;
  const density = Math.exp((-d1 * d1) / 2) / Math.sqrt(2 * Math.PI);
  const [n1, n2] = [ops.normalCdf(d1), ops.normalCdf(d1 - sigma)] as [number, number];
  return {
    price: s1 * n1 - s2 * n2,
    spot1: n1,
    spot2: -n2,
    volatility1: (s1 * density * (v1 - rho * v2)) / sigma,
    volatility2: (s1 * density * (v2 - rho * v1)) / sigma,
    rate: 0,
    gamma1: density / (s1 * sigma),
    correlation: (-s1 * density * v1 * v2) / sigma,
  };
}

describe("a basket", function () {
  this.timeout(60_000);

  for (const method of methods)
    for (const scheme of ["exact", "euler"] as const)
      it(`of one asset is the European, bit for bit: ${method}, ${scheme}`, () => {
        const options = { method, paths: 50, seed: 3, order: 2 } as const;
        const market = { spot: 120, volatility: 0.2, rate: 0.05, maturity: 1 };
        const one = greeks(gbm({ steps: 3, scheme }), call(100), market, options);
        const p = basketMarket({ spots: [120], volatilities: [0.2], rate: 0.05, maturity: 1 });
        const same = greeks(basket({ steps: 3, scheme }), basketCall([1], 100), p, options);
        assert.deepEqual(same.price, one.price);
        assert.deepEqual(Object.values(same.first), Object.values(one.first));
        assert.deepEqual(same.second!["spot1"]!["volatility1"], one.second!.spot.volatility);
      });

  it("of two assets with correlation 1 and the same market is one asset, and each has half its delta", () => {
    const p = basketMarket({ spots: [120, 120], volatilities: [0.2, 0.2], rate: 0.05, maturity: 1 });
    const model = basket({ correlation: [[1, 1], [1, 1]], steps: 2 }); // prettier-ignore
    const path = model.path(p, [0.3, 9, -0.2, -9]);
    const single = gbm({ steps: 2 }).path({ spot: 120, volatility: 0.2, rate: 0.05, maturity: 1 }, [0.3, -0.2]); // prettier-ignore
    assert.deepEqual(path, single.flatMap((s) => [s, s])); // prettier-ignore
    const { first } = greeks(model, basketCall([0.5, 0.5], 100), p, { paths: 4000, seed: 2 });
    within(first["spot1"]!, 0.89645502 / 2, 0.01, "delta");
    assert.equal(first["spot1"]!.value, first["spot2"]!.value);
  });

  for (const [method, scale] of [
    ["pathwise", 1],
    ["differences", 1],
    ["likelihoodRatio", 4],
  ] as readonly [GreeksMethod, number][])
    // prettier-ignore
    for (const rho of [0.5, -0.7])
      it(`exchanged for another has the price and the Greeks of the closed form: ${method}, ρ = ${rho}`, () => {
        const model = basket({ correlation: [[1, rho], [rho, 1]], steps: 2 }); // prettier-ignore
        const { price, first } = greeks(model, basketCall([1, -1], 0), two, { method, paths: 6000, seed: 4 });
        const exact = exchange(rho);
        within(price, exact.price, 0.5 * scale, "price");
        for (const name of ["spot1", "spot2"] as const) within(first[name]!, exact[name], 0.02 * scale, name);
        for (const name of ["volatility1", "volatility2"] as const)
          within(first[name]!, exact[name], 2 * scale, name);
      });

  it("has the second derivatives of the closed form by likelihood ratio", () => {
    const model = basket({ correlation: [[1, 0.5], [0.5, 1]] }); // prettier-ignore
    const { second } = greeks(model, basketCall([1, -1], 0), two, { method: "likelihoodRatio", paths: 1500, seed: 6, order: 2 }); // prettier-ignore
    within(second!["spot1"]!["spot1"]!, exchange(0.5).gamma1, 0.007, "gamma");
  });

  for (const method of ["vibrato", "doubleVibrato"] as const)
    it(`has first and second Greeks, of its correlation too, by the score of a last step of two assets: ${method}`, () => {
      const p = basketMarket({ spots: [100, 95], volatilities: [0.2, 0.3], rate: 0.05, maturity: 1, correlation: [[1, 0.5], [0.5, 1]] }); // prettier-ignore
      const model = basket({ assets: 2, steps: 2 });
      const found = greeks(model, basketCall([1, -1], 0), p, { method, paths: 1500, seed: 4, order: 2, replicas: 2 }); // prettier-ignore
      const exact = exchange(0.5);
      within(found.price, exact.price, 0.4, "price");
      for (const name of ["spot1", "spot2"] as const) within(found.first[name]!, exact[name], 0.04, name);
      for (const name of ["volatility1", "volatility2"] as const)
        within(found.first[name]!, exact[name], 4, name);
      within(found.first["correlation1_2"]!, exact.correlation, 1, "correlation");
      within(found.second!["spot1"]!["spot1"]!, exact.gamma1, 0.003, "gamma");
      within(found.second!["spot1"]!["spot2"]!, -exact.gamma1 * (100 / 95), 0.003, "cross gamma");
    });

  it("has a Greek for its correlation by every other method", () => {
    const p = { ...two, correlation1_2: 0.5 };
    for (const method of ["pathwise", "differences", "likelihoodRatio"] as const) {
      const { first } = greeks(basket({ assets: 2 }), basketCall([1, -1], 0), p, { method, paths: 3000, seed: 4 }); // prettier-ignore
      within(first["correlation1_2"]!, exchange(0.5).correlation, 2, method);
    }
  });

  it("names the method that it cannot serve", () => {
    const together = basket({ correlation: [[1, 1], [1, 1]] }); // prettier-ignore
    for (const method of ["likelihoodRatio", "vibrato", "doubleVibrato"] as const)
      assert.throws(() => greeks(together, basketCall([1, 1], 190), two, { method, paths: 10 }), { name: "MethodError", message: /no inverse.*pathwise/s }); // prettier-ignore
    assert.throws(() => greeks(basket({ assets: 2 }), basketCall([1, 1], 190), { ...two, correlation1_2: 1 }, { paths: 10 }), { name: "OptionError", message: /no derivative by them/ }); // prettier-ignore
    assert.throws(() => greeks(basket({ assets: 2 }), basketCall([1, 1], 190), { ...two, correlation1_2: -2 }, { paths: 10 }), { name: "OptionError", message: /correlation1_2 should lie/ }); // prettier-ignore
    assert.throws(() => greeks(basket({ assets: 2 }), basketCall([1, 1], 190), { ...two, correlation2_1: 0.5 }, { paths: 10 }), { name: "OptionError", message: /correlation2_1.*the lower one first/ }); // prettier-ignore
  });

  it("names correlations that cannot be", () => {
    const cases: readonly (readonly [number[][], RegExp])[] = [
      [[[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], /not positive definite: no asset 3/],
      [[[1, 1, 0.5], [1, 1, 0.4], [0.5, 0.4, 1]], /not positive definite/],
      [[[1, 0.5], [0.4, 1]], /correlation\[0\]\[1\] is 0.5, but correlation\[1\]\[0\] is 0.4/],
      [[[1, 2], [2, 1]], /within −1 and 1; got 2/],
      [[[1, NaN], [NaN, 1]], /within −1 and 1; got NaN/],
      [[[2, 0], [0, 1]], /within −1 and 1/],
      [[[0.5, 0], [0, 1]], /should be 1, an asset with itself/],
      [[[1, 0], [0]], /2 by 2/],
    ]; // prettier-ignore
    for (const [correlation, message] of cases)
      assert.throws(() => basket({ correlation }), { name: "OptionError", message });
    assert.throws(() => basket({ assets: 3, correlation: identity }), { name: "OptionError", message: /3 by 3/ }); // prettier-ignore
  });

  it("names parameters that are missing, too many, or out of range", () => {
    const price = (p: object) => () => greeks(basket({ correlation: identity }), basketCall([1, 1], 190), p as never, { paths: 10 }); // prettier-ignore
    assert.throws(price({ ...two, spot2: 0 }), { name: "OptionError", message: /spot2 should be above 0/ });
    assert.throws(price({ ...two, volatility1: NaN }), { name: "OptionError", message: /volatility1/ });
    assert.throws(price({ ...two, spot3: 5 }), {
      name: "OptionError",
      message: /spot3, but the basket has 2/,
    });
    assert.throws(price({ spot1: 1, volatility1: 1, rate: 0, maturity: 1 }), { name: "OptionError", message: /needs the parameter spot2/ }); // prettier-ignore
    assert.throws(() => basketMarket({ spots: [1, 2], volatilities: [1], rate: 0, maturity: 1 }), { name: "OptionError", message: /2 spots and 1 volatilities/ }); // prettier-ignore
    assert.throws(() => basket({ asset: 2 } as never), { name: "UnknownOptionError" });
  });
});
