/** Greeks by Monte Carlo: every method against the closed forms, within its own standard errors; and what each says of its limits. */
import assert from "node:assert/strict";

import { hessian, ops, tensor } from "cotangent";
import {
  asianCall,
  call,
  callGreeks,
  callPrice,
  digital,
  digitalPrice,
  type Estimate,
  gbm,
  greeks,
  type GreeksMethod,
  type Payoff,
  put,
} from "cotangent/finance";
import { grad } from "cotangent";
import { instrument } from "cotangent/transform";

const market = { spot: 120, rate: 0.05, volatility: 0.2, maturity: 1 };
const vanilla = { ...market, strike: 100 };
const exact = callGreeks(vanilla);

/** A function under "use ad", as a reader of a notebook writes it. */
function written(code: string): Payoff<Record<string, number>> {
  const body = code.includes("=> {") ? code.replace("=> {", '=> { "use ad";') : code.replace("=> ", '=> { "use ad"; return ') + "; }"; // prettier-ignore
  const made = instrument(`globalThis.__payoff = ${body}`, {
    name: "c",
    suffix: "payoff",
    sourceType: "script",
  });
  new Function(made!.code)();
  return (globalThis as unknown as { __payoff: Payoff<Record<string, number>> }).__payoff;
}

/** Within four standard errors, which should not be large. */
function within({ value, standardError }: Estimate, expected: number, most: number, what: string): void {
  assert.ok(standardError < most, `${what}: standard error ${standardError}`);
  assert.ok(
    Math.abs(value - expected) <= 4 * standardError,
    `${what}: ${value} ± ${standardError}, not ${expected}`,
  );
}

describe("Greeks of a European call", function () {
  this.timeout(60_000);
  for (const method of [
    "pathwise",
    "differences",
    "likelihoodRatio",
    "vibrato",
    "doubleVibrato",
  ] as readonly GreeksMethod[])
    for (const scheme of ["exact", "euler"] as const)
      it(`are those of the closed form by ${method}, first order, ${scheme} steps`, () => {
        const steps = scheme === "exact" ? 3 : 40;
        const { price, first } = greeks(gbm({ steps, scheme }), call(100), market, {
          method,
          paths: 3000,
          seed: 7,
        });
        // The scheme has a bias of its own.
        const bias = scheme === "euler" ? 0.05 : 0;
        const check = (estimate: Estimate, expected: number, most: number, what: string) =>
          within({ ...estimate, standardError: estimate.standardError + (bias * Math.abs(expected)) / 4 }, expected, most + bias * Math.abs(expected), what); // prettier-ignore
        check(price, exact.price, 1, "price");
        check(first.spot, exact.delta, 0.3, "delta");
        // The variance of the score grows with the number of steps.
        const wide = method === "likelihoodRatio" && steps > 3 ? 3 : 1;
        check(first.volatility, exact.vega, 25 * wide, "vega");
        check(first.rate, exact.rho, 30, "rho");
        check(first.maturity, -exact.theta, 3, "theta");
      });

  it("of second order: Γ at 120 within four standard errors, by every method that sees the kink", () => {
    const limits = {
      vibrato: 0.002,
      doubleVibrato: 0.006,
      likelihoodRatio: 0.006,
      differences: 0.002,
    } as const;
    for (const [method, most] of Object.entries(limits)) {
      const { second } = greeks(gbm(), call(100), market, {
        method: method as GreeksMethod,
        paths: 1500,
        seed: 3,
        order: 2,
        bump: 0.02,
      });
      within(second!.spot.spot, exact.gamma, most, `${method} Γ`);
      // Row by row a derivative of another program: symmetric in the mean alone.
      if (method === "vibrato") continue;
      assert.ok(
        Math.abs(second!.spot.volatility.value - second!.volatility.spot.value) <
          1e-6 * (1 + Math.abs(second!.spot.volatility.value)),
        `${method}: symmetric`,
      );
    }
  });

  it("by plain differentiation has Γ = 0, and says so", () => {
    const plain = greeks(gbm(), call(100), market, { paths: 200, order: 2 });
    assert.ok(Math.abs(plain.second!.spot.spot.value) < 1e-15);
    assert.match(plain.notes[0]!, /kink or a branch: its second derivative there is a Dirac/);
    const smooth = greeks(gbm(), call(100, 1), market, { paths: 4000, seed: 5, order: 2 });
    within(smooth.second!.spot.spot, 0.007415, 0.002, "ramp Γ");
  });

  it("has the cross derivatives of double Vibrato", () => {
    const { second } = greeks(gbm({ steps: 2 }), call(100), market, {
      method: "doubleVibrato",
      paths: 2000,
      seed: 9,
      order: 2,
      replicas: 4,
    });
    within(second!.spot.volatility, exact.vanna, 0.6, "vanna");
    within(second!.volatility.volatility, exact.volga, 130, "volga");
  });
});

describe("Greeks of what jumps, and of what reads the path", function () {
  this.timeout(60_000);
  it("a digital's Γ by double Vibrato and by likelihood ratio, and not by Vibrato", () => {
    const gamma = -4.731e-4;
    for (const method of ["doubleVibrato", "likelihoodRatio"] as const) {
      const { second, first } = greeks(gbm(), digital(100), market, {
        method,
        paths: 1200,
        seed: 2,
        order: 2,
      });
      within(second!.spot.spot, gamma, 8e-4, method);
      within(first.spot, (grad(digitalPrice)(vanilla) as typeof vanilla).spot, 6e-3, `${method} delta`);
    }
    const blind = greeks(gbm(), digital(100), market, { paths: 100 });
    assert.equal(blind.first.spot.value, 0);
    assert.match(blind.notes[0]!, /piecewise constant/);
  });

  it("an Asian call, by pathwise, Vibrato and differences alike", () => {
    const of = (method: GreeksMethod) =>
      greeks(gbm({ steps: 12 }), asianCall(100), market, { method, paths: 1500, seed: 4 });
    const [pathwise, vibrato, differences] = [of("pathwise"), of("vibrato"), of("differences")];
    for (const name of ["spot", "volatility", "rate", "maturity"] as const) {
      const [a, b, c] = [pathwise.first[name], vibrato.first[name], differences.first[name]];
      assert.ok(
        Math.abs(a.value - b.value) < 5 * (a.standardError + b.standardError),
        `${name}: ${a.value} ${b.value}`,
      );
      assert.ok(
        Math.abs(a.value - c.value) < 0.02 * Math.abs(a.value) + 2 * a.standardError,
        `${name}: ${a.value} ${c.value}`,
      );
    }
  });

  it("what a payoff owes to the first date, by Vibrato; and a word where double Vibrato leaves it out", () => {
    // S_T − S_0 with one step: the spot's derivative is e^(rT) − 1, discounted.
    const gain = (path: readonly number[]) => ops.sub(path.at(-1)!, path[0]!);
    const of = (method: GreeksMethod) => greeks(gbm(), gain, market, { method, paths: 4000, seed: 4 });
    within(of("vibrato").first.spot, 1 - Math.exp(-0.05), 0.05, "delta");
    assert.deepEqual(of("vibrato").notes, []);
    assert.match(of("doubleVibrato").notes[0]!, /reads values of earlier dates/);
    assert.deepEqual(greeks(gbm(), call(100), market, { method: "doubleVibrato", paths: 10 }).notes, []);
  });

  it("a strike among the parameters, by every method that can", () => {
    const p = { ...market, strike: 100 };
    const struck = (path: readonly number[], q: typeof p) => ops.max(ops.sub(path.at(-1)!, q.strike), 0);
    const byStrike = grad(callPrice)(p) as unknown as typeof p;
    for (const method of ["pathwise", "differences", "vibrato", "likelihoodRatio"] as const) {
      const { first, notes } = greeks(gbm({ steps: 2 }), struck, p, { method, paths: 3000, seed: 3 });
      within(first.strike, byStrike.strike, 0.02, method);
      within(first.spot, byStrike.spot, 0.05, method);
      assert.deepEqual(notes, []);
    }
    const partial = greeks(gbm(), struck, p, { method: "doubleVibrato", paths: 10 });
    assert.match(partial.notes[0]!, /^The payoff reads parameters\. doubleVibrato differentiates by the last date alone/); // prettier-ignore
    const vanna = (hessian(callPrice)(p) as unknown as Record<"spot", typeof p>).spot.strike;
    for (const method of ["vibrato", "likelihoodRatio"] as const) {
      const { second, notes } = greeks(gbm(), struck, p, { method, paths: 3000, seed: 3, order: 2, of: ["spot", "strike"] }); // prettier-ignore
      within(second!.spot.strike, vanna, 2e-3, method);
      within(second!.strike.spot, vanna, 2e-3, method);
      assert.match(notes[0]!, /a kink or a branch, and reads parameters: .* Use differences/);
    }
  });

  it("says of every method what a jump takes from it, and nothing where nothing jumps", () => {
    const asset = written("(path) => path.at(-1) > 120 ? path.at(-1) : 0");
    const average = written("(path) => (path[1] + path[2] + path[3]) / 3 > 120 ? 1 : 0");
    const struck = written("(path, p) => path.at(-1) < p.strike ? 1 : 0");
    const twoPieces = (path: readonly number[]) => ops.max(ops.sub(path.at(-1)!, 90), ops.mul(path.at(-1)!, 0.1)); // prettier-ignore
    const notes = (method: GreeksMethod, payoff: Payoff<typeof p>, order: 1 | 2 = 1) =>
      greeks(gbm({ steps: 3 }), payoff, p, { method, order, paths: 4, of: ["spot", "strike"] }).notes.join(
        "\n",
      );
    const p = { ...market, strike: 100 };
    assert.match(notes("pathwise", asset), /jumps by 120 where a path ends at 120: pathwise derivatives do not see that/); // prettier-ignore
    assert.equal(notes("vibrato", asset), "");
    assert.match(notes("vibrato", asset, 2), /vibrato's first derivatives see that, its second ones do not/);
    assert.match(notes("vibrato", average), /not what values of earlier dates do/);
    assert.match(notes("vibrato", struck), /not what parameters do/);
    assert.match(notes("likelihoodRatio", struck), /jumps by 1 .* Use differences/);
    assert.match(notes("pathwise", struck), /piecewise constant/);
    for (const method of ["differences", "doubleVibrato"] as const) assert.equal(notes(method, asset), "");
    for (const order of [1, 2] as const) assert.equal(notes("vibrato", twoPieces, order), "");
    assert.equal(notes("pathwise", twoPieces), "");
    // What is constant in one branch alone, what only some path reads, and what knocks out on the way.
    const beyond = written("(path) => { const x = path.at(-1) - 150; if (x < 0) return 0; return x; }");
    assert.equal(notes("pathwise", beyond), "");
    const barrier = written("(path) => { let low = path[0]; for (const s of path) if (s < low) low = s; return low < 100 ? 0 : path.at(-1); }"); // prettier-ignore
    assert.match(notes("pathwise", barrier), /jumps by .* do not see that\. Use likelihoodRatio\.$/);
    assert.match(notes("vibrato", asianCall(120), 2), /reads values of earlier dates: .* Use likelihoodRatio or differences/); // prettier-ignore
    assert.equal(notes("vibrato", asianCall(120)), "");
    // What is steep, and what is rounded, does not jump; and a method for any payoff takes one that is not instrumented.
    const steep = (path: readonly number[]) => ops.sub(ops.mul(path.at(-1)!, 3), ops.mul(path.at(-1)!, 3.0000000000001)); // prettier-ignore
    assert.equal(notes("pathwise", steep), "");
    assert.equal(
      notes("likelihoodRatio", (path) => (path.at(-1)! > 100 ? 1 : 0), 2),
      "",
    );
    // A path that was never drawn does not end the run.
    const narrow = written(
      '(path) => { if (path.at(-1) > 200) throw new Error("never that far"); return path.at(-1); }',
    );
    assert.equal(notes("pathwise", narrow), "");
  });

  it('a payoff of one\'s own under "use ad", and a put', () => {
    const lookback = written("(path) => { let best = path[0]; for (const s of path) if (s > best) best = s; return best - path[path.length - 1]; }"); // prettier-ignore
    const { first, price } = greeks(gbm({ steps: 10 }), lookback, market, { paths: 500, seed: 1 });
    // Everything scales with the spot.
    assert.ok(Math.abs(first.spot.value * market.spot - price.value) < 1e-9 * price.value);
    const [c, p] = [call(100), put(100)].map(
      (payoff) => greeks(gbm(), payoff, market, { paths: 2000, seed: 8 }).first.spot,
    );
    assert.ok(Math.abs(c!.value - p!.value - 1) < 4 * (c!.standardError + p!.standardError));
  });
});

describe("greeks", () => {
  it("differentiates by those parameters that it is asked for, as it does by all", () => {
    const options = { method: "vibrato", paths: 50, seed: 1, order: 2 } as const;
    const all = greeks(gbm(), call(100), market, options);
    const some = greeks(gbm(), call(100), market, { ...options, of: ["volatility", "spot"] });
    assert.deepEqual(Object.keys(some.first), ["volatility", "spot"]);
    assert.deepEqual(some.first.spot, all.first.spot);
    assert.deepEqual(some.second!.volatility.spot, all.second!.volatility.spot);
    assert.deepEqual(some.price, all.price);
    const refused = (of: readonly string[], message: RegExp) =>
      assert.throws(() => greeks(gbm(), call(100), market, { of: of as never, paths: 2 }), { name: "OptionError", message }); // prettier-ignore
    refused(["spots"], /of names "spots", which is not among the parameters\. Did you mean "spot"\?/);
    refused([], /at least one/);
    refused(["spot", "spot"], /"spot" twice/);
  });

  it("is the same for the same seed, and prints as a table", () => {
    const run = () => greeks(gbm(), call(100), market, { paths: 100, seed: 1, order: 2, method: "vibrato" });
    assert.deepEqual(JSON.parse(JSON.stringify(run())), JSON.parse(JSON.stringify(run())));
    const text = String(run()).replace(/-?\d[\d.e+-]* ± [\d.e+-]+/g, "…");
    assert.equal(
      text,
      `vibrato, 100 paths, 1500 payoffs; value ± standard error
  price                    …
  ∂/∂spot                  …
  ∂/∂rate                  …
  ∂/∂volatility            …
  ∂/∂maturity              …
  ∂²/∂spot∂spot            …
  ∂²/∂spot∂rate            …
  ∂²/∂spot∂volatility      …
  ∂²/∂spot∂maturity        …
  ∂²/∂rate∂rate            …
  ∂²/∂rate∂volatility      …
  ∂²/∂rate∂maturity        …
  ∂²/∂volatility∂volatility…
  ∂²/∂volatility∂maturity  …
  ∂²/∂maturity∂maturity    …`,
    );
  });

  it("refuses what cannot be, and names the path of a payoff that is no number", () => {
    const refused = (run: () => unknown, name: string, message: RegExp) =>
      assert.throws(run, { name, message });
    refused(
      () => greeks(gbm(), call(100), { ...market, volatility: -1 }),
      "OptionError",
      /volatility should be above 0/,
    );
    refused(
      () => greeks(gbm(), call(100), market, { method: "magic" as never }),
      "OptionError",
      /method should be one of "pathwise"/,
    );
    refused(() => greeks(gbm(), call(100), market, { path: 3 } as never), "UnknownOptionError", /paths/);
    refused(
      () => greeks(gbm(), call(100), market, { order: 3 as never }),
      "OptionError",
      /order should be 1 or 2/,
    );
    refused(() => gbm({ scheme: "milstein" as never }), "OptionError", /"exact", "euler"/);
    refused(
      () => greeks(gbm(), (path) => ops.sqrt(ops.sub(path[1]!, 1e6)), market, { paths: 5 }),
      "PayoffError",
      /payoff of path 0 is NaN/,
    );
    for (const method of ["vibrato", "differences"] as const)
      refused(
        () => greeks(gbm(), () => tensor([1]).sum() as never, market, { paths: 5, method }),
        "PayoffError",
        /payoff of path 0 is/,
      );
  });
});
