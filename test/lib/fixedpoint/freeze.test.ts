/** Stopping token by token: tokens that have settled are held, and a share of them is enough. */
import assert from "node:assert/strict";
import { type Matrix, matrix, mulberry32, normal, normalMatrix, row, solve, solveAttention, type SolveOptions, type SolveStep } from "cotangent"; // prettier-ignore
import { toy, TOKENS, WIDTH } from "../attention/toy.js";

/** Token i falls towards 1 at a rate of its own, whatever the others do. */
const apart =
  (rates: readonly number[]) =>
  (z: Matrix): Matrix => ({ ...z, data: z.data.map((x, i) => 1 + rates[i]! * (x - 1)) });
const column = (...entries: number[]): Matrix => matrix(entries.map((entry) => [entry]));
const absolute = { mode: "absolute", tolerance: 1e-3, maxIterations: 500 } as const;

/** The first k with |(r − 1) · r^k| ≤ tolerance, from a start of 0. */
const settles = (rate: number): number => Math.ceil(Math.log(1e-3 / (1 - rate)) / Math.log(rate));

describe("per-token stopping", () => {
  it("says at which iteration each token stopped, and −1 where it did not", () => {
    const rates = [0.1, 0.5, 0.9];
    const { stoppedAt } = solve(apart(rates), column(0, 0, 0), absolute);
    assert.deepEqual([...stoppedAt], rates.map(settles));
    const early = solve(apart(rates), column(0, 0, 0), { ...absolute, maxIterations: 20 });
    assert.deepEqual([...early.stoppedAt], [settles(0.1), settles(0.5), -1]);
  });

  it("ends where the share of settled tokens is the exit fraction, and counts their worst residual", () => {
    const rates = [0.1, 0.5, 0.7, 0.9];
    for (const [exitFraction, slowest] of [
      [0.25, 0.1],
      [0.5, 0.5],
      [0.51, 0.7],
      [1, 0.9],
    ] as const) {
      // prettier-ignore
      const solved = solve(apart(rates), column(0, 0, 0, 0), { ...absolute, exitFraction });
      assert.ok(solved.converged);
      assert.equal(solved.iterations, settles(slowest) + 1);
      assert.ok(Math.abs(solved.residual - (1 - slowest) * slowest ** settles(slowest)) < 1e-12);
    }
  });

  it("takes a share of a hundred tokens at its word, whatever the rounding", () => {
    const rates = Array.from({ length: 100 }, (_, i) => (i < 55 ? 0.1 : 0.9));
    const solved = solve(apart(rates), column(...rates.map(() => 0)), { ...absolute, exitFraction: 0.55 });
    assert.equal(solved.iterations, settles(0.1) + 1);
  });
});

describe("freezing", () => {
  it("holds exactly the tokens whose residual is at most the tolerance, by either solver", () => {
    for (const solver of ["picard", "anderson"] as const) {
      const steps: SolveStep[] = [];
      const options: SolveOptions = { solver, freeze: true, tolerance: 1e-4, observe: (step) => steps.push(step) }; // prettier-ignore
      assert.ok(solveAttention({ ...toy(777, 1, 2), ...options }).converged);
      let held = 0;
      steps.slice(1).forEach(({ z }, k) => {
        const before = steps[k]!;
        for (let i = 0; i < TOKENS; i++) {
          const same = row(z, i).every((x, j) => x === row(before.z, i)[j]);
          assert.equal(same, before.residual.perToken[i]! <= 1e-4);
          held += Number(same);
        }
      });
      assert.ok(held > 0, "some token was held while others moved");
    }
  });

  it("lets a token move again when its residual rises", () => {
    // The second token follows the first, which starts at rest, and so does not move at first.
    const f = (z: Matrix): Matrix => column(0.9 * z.data[0]! + 1, z.data[0]!);
    const solved = solve(f, column(0, 0), { ...absolute, freeze: true, tolerance: 1e-6 });
    assert.ok(solved.converged);
    assert.ok(solved.z.data.every((x) => Math.abs(x - 10) < 1e-4));
  });

  it("changes neither the fixed point nor the gradient through it (oracles 2 and 11)", () => {
    const problem = toy(777, 1, 1);
    const settings = { tolerance: 1e-14, maxIterations: 3000, freeze: true } as const;
    const plain = solveAttention({ ...problem, ...settings, freeze: false });
    const frozen = solveAttention({ ...problem, ...settings });
    assert.ok(frozen.converged);
    frozen.z.data.forEach((x, i) => assert.ok(Math.abs(x - plain.z.data[i]!) < 1e-13));

    const uniform = mulberry32(777);
    for (let i = 0; i < 4 * WIDTH ** 2 + TOKENS * WIDTH + 3 * WIDTH; i++) normal(uniform);
    const c = normalMatrix(uniform, TOKENS, WIDTH).data;
    const loss = (h: number): number => {
      const query = { ...problem.weights.query, data: problem.weights.query.data.slice() };
      query.data[0]! += h;
      const { z } = solveAttention({ ...problem, weights: { ...problem.weights, query }, ...settings });
      return z.data.reduce((sum, x, i) => sum + c[i]! * x, 0);
    };
    const slope = (h: number) => (loss(h) - loss(-h)) / (2 * h);
    const gradient = (4 * slope(1e-4) - slope(2e-4)) / 3;
    assert.ok(Math.abs(gradient - -0.9510438) < 1e-6, String(gradient));
  });

  const bad: [SolveOptions, RegExp][] = [
    [{ freeze: 1 as unknown as boolean }, /^freeze should be true or false; got 1/],
    [{ exitFraction: 0 }, /^exitFraction should be a number above 0 and at most 1; got 0/],
    [{ exitFraction: 1.5 }, /^exitFraction .* got 1.5/],
    [{ freeze: true, norm: "max" }, /^freeze looks at each token: it needs the norm "token", not "max"/],
    [{ exitFraction: 0.8, norm: "frobenius" }, /^exitFraction looks at each token/],
  ];
  for (const [options, message] of bad)
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => solve((z) => z, column(1), options), { name: "OptionError", message });
    });
});
