/**
 * The reference's table of seeded problems, reproduced number by number.
 *
 * The table counts updates of z; `iterations` counts evaluations of the map, one more, because the last
 * evaluation finds the residual below the tolerance and no update follows.
 */
import assert from "node:assert/strict";
import { matmul, type Matrix, type SolveAttentionOptions, solveAttention, tokenSpread } from "cotangent";
import { toy } from "./toy.js";

const frobenius = { norm: "frobenius", mode: "absolute", maxIterations: 2000 } as const;
const updates = (options: SolveAttentionOptions): number => {
  const solved = solveAttention(options);
  assert.ok(solved.converged);
  return solved.iterations - 1;
};

describe("injected attention, seed 777, tolerance 1e-14", () => {
  const table = [[0.5, 11], [1, 24], [2, 40], [3, 28], [4, 25], [6, 12], [8, 6]] as const; // prettier-ignore
  for (const [gain, expected] of table) {
    it(`at gain ${gain} takes ${expected} updates and keeps the tokens apart`, () => {
      const options = { ...toy(777, gain, 1), ...frobenius, tolerance: 1e-14 };
      assert.equal(updates(options), expected);
      const spread = tokenSpread(solveAttention(options).z);
      assert.ok(spread > 0.9455 && spread < 0.9705);
    });
  }

  it("converges at the observed rates of the table (oracle 3)", () => {
    for (const [gain, rate] of [
      [1, 0.25721],
      [2, 0.41752],
    ] as const) {
      // prettier-ignore
      const { residuals } = solveAttention({ ...toy(777, gain, 1), ...frobenius, tolerance: 1e-13 });
      const last = residuals.absolute.slice(-6);
      const observed = (last.at(-1)! / last[0]!) ** (1 / 5);
      assert.ok(Math.abs(observed - rate) < 0.01, `gain ${gain}: ${observed}`);
    }
  });
});

describe("injected attention, harder cases, tolerance 1e-10", () => {
  // seed, gain, value scale, updates at damping 1 / 0.7 / 0.5 / 0.3 (null: a cycle), token spread, updates by Anderson
  const table = [
    [777, 1, 2, [35, 57, 84, 149], 0.954, 15],
    [777, 1.5, 2, [31, 50, 76, 135], 0.969, 23],
    [11, 1, 4, [21, 32, 50, 92], 0.618, 16],
    [11, 1.5, 4, [69, 70, 94, 165], 0.69, 29],
    [5, 2, 4, [null, 101, 67, 116], 0.202, 23],
    [5, 2, 6, [null, 51, 47, 86], 0.134, 17],
  ] as const;
  const dampings = [1, 0.7, 0.5, 0.3] as const;

  for (const [seed, gain, valueScale, counts, spread, byAnderson] of table) {
    const problem = { ...toy(seed, gain, valueScale), ...frobenius, tolerance: 1e-10 };
    it(`seed ${seed}, gain ${gain}, value ${valueScale}: ${counts.map((n) => n ?? "cycles").join(" / ")}`, () => {
      counts.forEach((expected, i) => {
        if (expected !== null) assert.equal(updates({ ...problem, damping: dampings[i]! }), expected);
      });
      assert.equal(tokenSpread(solveAttention({ ...problem, damping: 0.5 }).z).toFixed(3), spread.toFixed(3));
    });

    it(`seed ${seed}, gain ${gain}, value ${valueScale}: ${byAnderson} updates by Anderson, to the same z* (oracle 11)`, () => {
      const options = { ...problem, solver: "anderson" } as const;
      assert.equal(updates(options), byAnderson);
      const picard = solveAttention({ ...problem, damping: 0.5 });
      solveAttention(options).z.data.forEach((x, i) => assert.ok(Math.abs(x - picard.z.data[i]!) <= 1e-9));
    });

    it(`seed ${seed}, gain ${gain}, value ${valueScale}: the same z* at any damping (oracle 11)`, () => {
      const solved = dampings
        .filter((_, i) => counts[i] !== null)
        .map((damping) => solveAttention({ ...problem, damping }));
      for (const { z } of solved) {
        z.data.forEach((x, i) => assert.ok(Math.abs(x - solved[0]!.z.data[i]!) <= 10 * 1e-10));
      }
    });
  }

  for (const [valueScale, residual] of [
    [4, 6.7],
    [6, 4.9],
  ] as const) {
    // prettier-ignore
    it(`seed 5, value ${valueScale}: undamped, an exact cycle of period 2 that is told (oracle 13)`, () => {
      const problem = { ...toy(5, 2, valueScale), ...frobenius, tolerance: 1e-10 };
      const states: Float64Array[] = [];
      const solved = solveAttention({ ...problem, observe: ({ z }) => states.push(z.data) });
      assert.equal(solved.converged, false);
      assert.equal(solved.reason, "maxIterations");
      assert.equal(solved.residuals.absolute.at(-1)!.toFixed(1), String(residual));
      assert.ok(solved.z.data.every(Number.isFinite));
      assert.match(solved.warnings[0]!, /cycle of period 2.*Try a smaller damping, for example 0.5/);
      states.at(-1)!.forEach((x, i) => assert.ok(Math.abs(x - states.at(-3)![i]!) < 1e-12));
    });
  }
});

/** One column more. */
const padded = ({ rows }: Matrix): Matrix => ({ rows, cols: 9, data: new Float64Array(rows * 9) });

describe("queries alone from the state, seed 777, tolerance 1e-14", () => {
  it("takes 18 updates at gain 1, and collapses there, being a contraction (ρ = 0.14158)", () => {
    const options = { ...toy(777, 1, 1), ...frobenius, tolerance: 1e-14, preset: "query" } as const;
    assert.equal(updates(options), 18);
    assert.ok(tokenSpread(solveAttention(options).z) < 1e-14);
  });

  it("takes 4 updates at gain 8, and keeps the tokens apart", () => {
    const options = { ...toy(777, 8, 1), ...frobenius, tolerance: 1e-14, preset: "query" } as const;
    assert.equal(updates(options), 4);
    assert.equal(tokenSpread(solveAttention(options).z).toFixed(3), "0.930");
  });
});

describe("the early form", () => {
  it("stays within (−1, 1), and hands on tanh(x + z W_O)", () => {
    const { weights, ...rest } = toy(777, 1, 1);
    const solved = solveAttention({ ...rest, weights, ...frobenius, tolerance: 1e-12, preset: "early" });
    assert.ok(solved.converged);
    assert.ok(solved.z.data.every((entry) => Math.abs(entry) < 1));
    const update = matmul(solved.z, weights.output).data;
    solved.output.data.forEach((y, i) => assert.equal(y, Math.tanh(rest.x.data[i]! + update[i]!)));
  });

  it("refuses heads that cannot share x evenly", () => {
    const { weights, ...rest } = toy(777, 1, 1);
    const wide = { query: padded(weights.query), key: padded(weights.key), value: padded(weights.value), output: { rows: 9, cols: 8, data: new Float64Array(72) } }; // prettier-ignore
    assert.throws(
      () => solveAttention({ ...rest, weights: wide, heads: 3, preset: "early" }),
      /values are x itself.*8 columns.*3 heads/,
    );
  });
});

describe("attention without injection (oracle 8)", () => {
  const table = [[0.5, 4], [1, 5], [2, 6], [4, 8], [8, 14]] as const; // prettier-ignore
  for (const [gain, expected] of table) {
    it(`at gain ${gain} collapses in ${expected} updates: equal tokens, uniform attention, and a warning`, () => {
      const options = { ...toy(777, gain, 1), ...frobenius, tolerance: 1e-14, inject: false };
      assert.equal(updates(options), expected);
      const solved = solveAttention(options);
      assert.ok(tokenSpread(solved.z) < 1e-12);
      assert.ok(solved.attention[0]!.data.every((weight) => Math.abs(weight - 1 / 6) < 1e-12));
      assert.equal(solved.trace.preset, "paper");
      assert.match(solved.warnings[0]!, /collapsed into one.*preset "inject"/);
    });
  }
});
