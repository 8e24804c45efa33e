/** The verdict on an attention solve, against the reference's radii, rates and spreads. */
import assert from "node:assert/strict";
import { type AttentionPreset, type Matrix, matmul, solve, solveAttention, type SolveAttentionOptions } from "cotangent"; // prettier-ignore
import { bestDamping, dampedRadius } from "cotangent/trace";
import { presets } from "../../../lib/src/attention/presets.js";
import { toy } from "./toy.js";

const frobenius = { norm: "frobenius", mode: "absolute", maxIterations: 2000 } as const;
const near = (found: number | undefined, wanted: number, by: number) =>
  assert.ok(found !== undefined && Math.abs(found - wanted) <= by, `${found} is not ${wanted}`);

/** J at z, column by column. */
function jacobian(preset: AttentionPreset, problem: ReturnType<typeof toy>, z: Matrix): Matrix {
  const product = presets[preset].map({ ...problem, temperatures: [1] }).linearize(z);
  const n = z.data.length;
  const data = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const unit = new Float64Array(n);
    unit[j] = 1;
    product({ ...z, data: unit }).data.forEach((entry, i) => (data[i * n + j] = entry));
  }
  return { rows: n, cols: n, data };
}

/** ‖J^(2^rounds)‖_F^(1/2^rounds): the reference's estimate with 14 rounds, which is a little above ρ. */
function byPowers(j: Matrix, rounds: number): number {
  let [power, logarithm] = [j, 0];
  for (let p = 0; p < rounds; p++) {
    const size = Math.hypot(...power.data);
    logarithm = 2 * (logarithm + Math.log(size));
    const unit = { ...power, data: power.data.map((entry) => entry / size) };
    power = matmul(unit, unit);
  }
  return Math.exp((logarithm + Math.log(Math.hypot(...power.data))) / 2 ** rounds);
}

describe("the Jacobian of each preset", () => {
  for (const preset of Object.keys(presets) as AttentionPreset[])
    it(`${preset}: its products are the differences of the step`, () => {
      const problem = toy(11, 1.5, 2);
      const map = presets[preset].map({ ...problem, temperatures: [0.7] });
      const [z, direction] = [toy(3, 1, 1).x, toy(4, 1, 1).x];
      const h = 1e-6;
      const along = (t: number) => map.step({ ...z, data: z.data.map((x, i) => x + t * direction.data[i]!) }).value.data; // prettier-ignore
      const [after, before] = [along(h), along(-h)];
      map.linearize(z)(direction).data.forEach((entry, i) => near(entry, (after[i]! - before[i]!) / (2 * h), 1e-8)); // prettier-ignore
    });
});

describe("ρ(J) at the fixed point", () => {
  // seed, gain, value scale, ρ, observed rate, ρ of the damped map at 0.7 and 0.5
  const table = [
    [777, 1, 2, 0.51071, 0.51062, 0.65753, 0.7554],
    [777, 1.5, 2, 0.40511, 0.41468, 0.57765, 0.69842],
    [11, 1, 4, 0.3247, 0.31948, 0.45698, 0.61213],
    [11, 1.5, 4, 0.69745, 0.69714, 0.70441, 0.77218],
    [5, 2, 4, 1.55484, null, 0.78834, 0.68929],
    [5, 2, 6, 1.28308, null, 0.59811, 0.56127],
  ] as const;
  for (const [seed, gain, valueScale, rho, rate, at7, at5] of table)
    it(`seed ${seed}, gain ${gain}, value ${valueScale}: ${rho}, damped ${at7} and ${at5}, exactly (oracle 3)`, () => {
      const problem = { ...toy(seed, gain, valueScale), ...frobenius, tolerance: 1e-10 };
      const solved = solveAttention({ ...problem, damping: 0.5 });
      const { diagnosis, spectrum } = solved;
      const j = jacobian("inject", problem, solved.z);
      near(byPowers(j, 14), rho, 6e-6);
      near(diagnosis.spectralRadius, byPowers(j, 44), 1e-9);
      for (const [damping, radius] of [
        [0.7, at7],
        [0.5, at5],
      ] as const) {
        // prettier-ignore
        const damped = j.data.map((x, i) => damping * x + (i % (j.cols + 1) === 0 ? 1 - damping : 0));
        near(byPowers({ ...j, data: damped }, 14), radius, 6e-6);
        near(dampedRadius(spectrum!, damping), byPowers({ ...j, data: damped }, 44), 1e-9);
      }
      assert.equal(diagnosis.dampedRadius, dampedRadius(spectrum!, 0.5));
      // Complex pairs make the residual swing about its rate.
      near(diagnosis.observedRate, at5, 0.03);
      if (rate !== null) near(solveAttention(problem).diagnosis.observedRate, rate, 0.03);
    });

  it("is the table's for seed 777, and for its queries alone 0.14158 at gain 1 and 0.00002 at gain 8", () => {
    const solved = (gain: number, preset: AttentionPreset) => {
      const problem = toy(777, gain, 1);
      return { problem, preset, ...solveAttention({ ...problem, ...frobenius, tolerance: 1e-14, preset }) };
    };
    for (const [gain, preset, rho] of [
      [0.5, "inject", 0.05386],
      [1, "inject", 0.25439],
      [2, "inject", 0.41664],
      [3, "inject", 0.24281],
      [4, "inject", 0.12537],
      [6, "inject", 0.0609],
      [8, "inject", 0.0011],
      [1, "query", 0.14158],
      [8, "query", 0.00002],
    ] as const) {
      const { problem, z, diagnosis } = solved(gain, preset);
      near(byPowers(jacobian(preset, problem, z), 14), rho, 6e-6);
      near(diagnosis.spectralRadius, rho, 4e-4 * rho + 6e-6);
    }
  });

  it("is 0 where the tokens have collapsed without injection: J² = 0 (oracle 8)", () => {
    const problem = { ...toy(777, 1, 1), ...frobenius, tolerance: 1e-14, inject: false };
    const { z, diagnosis } = solveAttention(problem);
    const j = jacobian("paper", problem, z);
    assert.ok(Math.hypot(...j.data) > 0.01);
    assert.ok(Math.hypot(...matmul(j, j).data) < 1e-14);
    near(diagnosis.spectralRadius, 0, 1e-7);
    assert.equal(diagnosis.state, "collapsed");
  });
});

describe("the verdict", () => {
  const injected: SolveAttentionOptions = { ...toy(777, 1, 2), ...frobenius, tolerance: 1e-10 };
  const cycle: SolveAttentionOptions = { ...toy(5, 2, 4), ...frobenius, tolerance: 1e-10, maxIterations: 64 };

  it("of a solve that met its tolerance is converged, and has nothing to advise", () => {
    const { diagnosis, warnings } = solveAttention(injected);
    assert.equal(diagnosis.state, "converged");
    assert.equal(diagnosis.advice, "");
    assert.deepEqual(warnings, []);
    near(diagnosis.tokenSpread, 0.954, 5e-4);
  });

  it("of a cycle names its period, and the damping that ends it, from the fixed point that it misses (oracle 13)", () => {
    const { diagnosis, spectrum, trace } = solveAttention(cycle);
    assert.equal(diagnosis.state, "cycling");
    assert.equal(diagnosis.period, 2);
    assert.equal(spectrum!.at, "anderson");
    near(diagnosis.spectralRadius, 1.5546, 1e-4);
    near(spectrum!.eigenvalues[0], -1.5546, 1e-4);
    const best = bestDamping(spectrum!)!;
    assert.match(diagnosis.advice, new RegExp(`ρ\\(J\\) is 1.55: damping 1 multiplies the error by 1.55 .* damping ${best} would by 0.6`)); // prettier-ignore
    assert.deepEqual(trace.diagnosis, diagnosis);
    const cured = solveAttention({ ...cycle, damping: best, maxIterations: 200 });
    assert.equal(cured.diagnosis.state, "converged");
    near(cured.diagnosis.observedRate, dampedRadius(spectrum!, best), 0.02);
  });

  it("of one that is given too few iterations is slow, with about how many more it takes", () => {
    const { diagnosis } = solveAttention({ ...injected, damping: 0.05, maxIterations: 200 });
    assert.equal(diagnosis.state, "slow");
    near(diagnosis.dampedRadius, 0.9755, 1e-3);
    near(diagnosis.observedRate, 0.9755, 2e-3);
    const more = Number(/about (\d+) more/.exec(diagnosis.advice)![1]);
    const all = solveAttention({ ...injected, damping: 0.05 }).iterations;
    near(200 + more, all, 0.05 * all);
  });

  it("of one whose values overflow is diverged, and knows no ρ", () => {
    const problem = toy(777, 1, 1);
    problem.x.data[7] = NaN;
    const { diagnosis } = solveAttention(problem);
    assert.equal(diagnosis.state, "diverged");
    assert.equal(diagnosis.spectralRadius, undefined);
    assert.match(diagnosis.advice, /became NaN in row 0/);
  });

  it("of one whose residual grows is diverged, although all numbers are finite", () => {
    const away = solve((z) => ({ ...z, data: z.data.map((x) => 1 - 1.5 * x) }), { rows: 1, cols: 1, data: Float64Array.of(1) }, { maxIterations: 50 , mode: "absolute" }); // prettier-ignore
    assert.equal(away.diagnosis.state, "diverged");
    near(away.diagnosis.observedRate, 1.5, 1e-9);
    assert.match(away.diagnosis.advice, /leave the fixed point.*smaller damping/);
  });

  it("is without a spectrum where it is not wanted, or there are many tokens", () => {
    const plain = solveAttention({ ...injected, spectrum: false });
    assert.equal(plain.spectrum, undefined);
    assert.equal(plain.diagnosis.spectralRadius, undefined);
    assert.throws(() => solveAttention({ ...injected, spectrum: 3 as unknown as boolean }), /^OptionError: spectrum should be true or false/); // prettier-ignore
  });

  it("is in the summary: the state, and the evidence", () => {
    const text = solveAttention(cycle).summary();
    assert.match(text, /did NOT converge in 64 iterations, cycling with period 2: best residual/);
    assert.match(text, /evidence +observed rate 1, ρ\(J\) 1\.55\n/);
  });
});
