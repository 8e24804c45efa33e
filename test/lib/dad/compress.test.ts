/** The compressor of rank-dAD: exact at the true rank, the best there is when converged, never worse than nothing. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { philox } from "cotangent";
import {
  compress,
  compressAsPublished,
  type Compressed,
  type Dense,
  dense,
  effectiveRank,
  entropyRank,
  factorsSave,
  publishedAs,
  rankCeiling,
  singularValues,
  stableRank,
  trapsOf,
} from "cotangent/dad";

import { svd } from "../../../lib/src/engine/reference/linalg/svd.js";
import { transposedTimes } from "../../../lib/src/dad/dense.js";

const drawn = (seed: number, rows: number, cols: number): Dense =>
  dense(rows, cols, philox(seed, 3).normals(rows * cols));

/** Factors whose product has the rank `rank`: of `rows` rows, of which all depend on so many. */
function ofRank(seed: number, rank: number, rows: number, inputs: number, outputs: number) {
  const mix = drawn(seed, rank, rows);
  return {
    input: dense(rows, inputs, transposedTimes(mix, drawn(seed + 1, rank, inputs))),
    delta: drawn(seed + 2, rows, outputs),
  };
}

const gradient = ({ input, delta }: { input: Dense; delta: Dense }): Float64Array =>
  transposedTimes(input, delta);
const norm = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x));

/** ‖G − Ĝ‖ / ‖G‖ */
function error(factors: { input: Dense; delta: Dense }, compressed: Compressed): number {
  const g = gradient(factors);
  const guess = gradient(compressed);
  return norm(g.map((value, i) => value - guess[i]!)) / norm(g);
}

const optimum = (factors: { input: Dense; delta: Dense }, r: number): number => {
  const s = singularValues(factors.input, factors.delta);
  return norm(s.subarray(r)) / norm(s);
};

const exact = { maxRank: 64, theta: 0 };

describe("the compressor", () => {
  it("is exact at the true rank, after one iteration (oracle 4)", () => {
    for (const [inputs, outputs] of [
      [60, 40],
      [20, 40],
      [60, 8],
    ]) {
      const factors = ofRank(11, 3, 32, inputs!, outputs!);
      const got = compress(factors.input, factors.delta, { ...exact, iterations: 1 }, philox(1));
      assert.equal(got.sigma.length, 3);
      assert.ok(error(factors, got) < 2e-14, `${inputs} ${outputs} ${error(factors, got)}`);
    }
    const full = { input: drawn(21, 8, 20), delta: drawn(22, 8, 16) };
    const got = compress(full.input, full.delta, { ...exact, iterations: 1 }, philox(1));
    assert.equal(got.sigma.length, 8);
    assert.ok(error(full, got) < 2e-14, `${error(full, got)}`);
  });

  it("converges to the best approximation of its rank (oracle 5, Eckart and Young)", () => {
    const factors = { input: drawn(31, 8, 21), delta: drawn(32, 8, 16) };
    for (const r of [1, 2, 4, 6]) {
      const got = compress(
        factors.input,
        factors.delta,
        { maxRank: r, theta: 0, iterations: 400 },
        philox(2),
      );
      assert.ok(Math.abs(error(factors, got) / optimum(factors, r) - 1) < 1e-11, `rank ${r}`);
    }
  });

  it("never errs by more than ‖G‖, and less with every component (oracle 6)", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat({ max: 1e6 }),
          rows: fc.integer({ min: 1, max: 12 }),
          inputs: fc.integer({ min: 1, max: 14 }),
          outputs: fc.integer({ min: 1, max: 10 }),
          iterations: fc.integer({ min: 1, max: 4 }),
        }),
        ({ seed, rows, inputs, outputs, iterations }) => {
          const factors = { input: drawn(seed, rows, inputs), delta: drawn(seed + 1, rows, outputs) };
          let before = 1 + 1e-12;
          for (let maxRank = 1; maxRank <= rankCeiling({ rows, inputs, outputs }); maxRank++) {
            const now = error(factors, compress(factors.input, factors.delta, { maxRank, theta: 0, iterations }, philox(seed))); // prettier-ignore
            assert.ok(now <= before, `${now} after ${before} at rank ${maxRank}`);
            before = now + 1e-12;
          }
          assert.ok(before < 1e-9, "nothing is left at the full rank");
        },
      ),
      { seed: 4, numRuns: 60 },
    );
  });

  it("finds orthonormal vectors, and the singular values of the Jacobi method (oracle 8)", () => {
    const factors = { input: drawn(41, 12, 30), delta: drawn(42, 12, 20) };
    const { input, delta, sigma } = compress(
      factors.input,
      factors.delta,
      { ...exact, iterations: 2000 },
      philox(3),
    );
    const { s } = svd(gradient(factors), 30, 20);
    sigma.forEach((value, j) => assert.ok(Math.abs(value / s[j]! - 1) < 1e-9, `σ_${j} ${value} ${s[j]!}`));
    for (const [{ data, cols }, scale] of [
      [input, () => 1],
      [delta, (j: number) => sigma[j]!],
    ] as const)
      for (let j = 0; j < 12; j++)
        for (let k = 0; k <= j; k++) {
          let dot = 0;
          for (let i = 0; i < cols; i++)
            dot += (data[j * cols + i]! / scale(j)) * (data[k * cols + i]! / scale(k));
          assert.ok(Math.abs(dot - (j === k ? 1 : 0)) < 1e-7, `${j} ${k}: ${dot}`);
        }
  });

  it("stops at θ, or when a share of the energy is found", () => {
    const factors = ofRank(51, 6, 32, 60, 40);
    const s = singularValues(factors.input, factors.delta);
    const theta = (s[2]! + s[3]!) / 2 / s[0]!;
    const few = compress(factors.input, factors.delta, { maxRank: 16, theta, iterations: 200 }, philox(4));
    assert.equal(few.sigma.length, 3);
    assert.equal(effectiveRank(s, theta), 3);
    const energy = (s[0]! ** 2 + s[1]! ** 2 * 0.999) / norm(s) ** 2;
    const options = { maxRank: 16, stop: "energy", energy, iterations: 200 } as const;
    assert.equal(compress(factors.input, factors.delta, options, philox(4)).sigma.length, 2);
  });

  it("is within the figures of the reference on random matrices (section 7.3)", () => {
    const factors = { input: drawn(61, 32, 60), delta: drawn(62, 32, 40) };
    for (const r of [4, 8, 16]) {
      const best = optimum(factors, r);
      const at = (iterations: number) =>
        error(
          factors,
          compress(factors.input, factors.delta, { maxRank: r, theta: 0, iterations }, philox(5)),
        );
      assert.ok(at(1) < 1.35 * best && at(5) < 1.05 * best && at(10) < 1.03 * best);
      assert.ok(at(10) >= best * (1 - 1e-12));
    }
  });

  it("gives nothing for a gradient of zeros, and the same for the same stream", () => {
    const zero = compress(dense(4, 6), drawn(1, 4, 5), {}, philox(1));
    assert.deepEqual([zero.sigma.length, zero.input.data.length], [0, 0]);
    const [a, b] = [1, 1].map(() => compress(drawn(1, 4, 6), drawn(2, 4, 5), {}, philox(9)));
    assert.deepEqual(a, b);
  });

  it("refuses options that it does not know, or that make no sense", () => {
    const of = (options: object) => () => compress(drawn(1, 4, 6), drawn(2, 4, 5), options, philox(9));
    assert.throws(of({ maxrank: 3 }), { name: "UnknownOptionError", message: /Did you mean "maxRank"/ });
    assert.throws(of({ theta: 1 }), { name: "OptionError", message: /theta/ });
    assert.throws(of({ iterations: 0 }), { name: "OptionError", message: /iterations/ });
    assert.throws(of({ stop: "vector-repeat" }), { name: "OptionError", message: /"sigma-ratio", "energy"/ });
  });
});

describe("the compressor as published", () => {
  const three = ofRank(71, 3, 32, 60, 40);
  const many = { input: drawn(72, 32, 60), delta: drawn(73, 32, 40) };
  const run = (factors: typeof three, iterations: number, trim: number, seed = 1) =>
    compressAsPublished(
      factors.input,
      factors.delta,
      { maxRank: 16, iterations, tolerance: 1e-3, trim },
      philox(seed),
    );

  it("drops one or two components even where it never stopped (trap 1)", () => {
    assert.equal(run(many, 5, 1).sigma.length, 15);
    assert.equal(run(many, 5, 2).sigma.length, 14);
    assert.equal(publishedAs("edad").trim, 2);
    assert.match(trapsOf("edad")[0]!, /the last 2 components are always dropped, so "max rank r" is r − 2/);
  });

  it("is worse than nothing after one iteration, and counts duplicates as ranks (trap 2)", () => {
    for (const seed of [1, 2, 3]) {
      assert.ok(error(three, run(three, 1, 1, seed)) > 1);
      assert.ok(run(three, 1, 1, seed).sigma.length > 10);
      assert.equal(compress(three.input, three.delta, { iterations: 1 }, philox(seed)).sigma.length, 3);
    }
  });

  it("zeroes the component before when the next one repeats it, which may have been a valid one (trap 3)", () => {
    let lost = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const two = ofRank(80 + seed, 2, 32, 60, 40);
      const { sigma } = run(two, 10, 0, seed);
      assert.deepEqual([...sigma.subarray(-2)], [0, 0]);
      // With two components left all would be there.
      if (error(two, run(two, 10, 0, seed)) > 0.1) lost++;
      assert.equal(compress(two.input, two.delta, {}, philox(seed)).sigma.length, 2);
    }
    assert.ok(lost > 0, "now and then a valid one is lost");
  });
});

describe("ranks", () => {
  it("are counted as the reference defines them", () => {
    assert.equal(effectiveRank([4, 2, 1, 0.001], 0.25), 3);
    assert.equal(effectiveRank([], 0.1), 0);
    assert.equal(effectiveRank([0, 0], 0), 0);
    assert.ok(Math.abs(entropyRank([1, 1, 1, 0]) - 3) < 1e-12);
    assert.ok(Math.abs(entropyRank([5]) - 1) < 1e-12);
    assert.ok(Math.abs(stableRank([2, 1, 1]) - 1.5) < 1e-12);
    assert.equal(stableRank([0]), 0);
  });

  it("come from factors without forming the gradient, with more and with fewer rows than widths", () => {
    for (const [rows, inputs, outputs] of [
      [3, 9, 7],
      [8, 5, 12],
      [12, 5, 4],
      [6, 4, 9],
    ]) {
      const factors = { input: drawn(rows!, rows!, inputs!), delta: drawn(rows! + 50, rows!, outputs!) };
      const want = svd(gradient(factors), inputs!, outputs!).s;
      const got = singularValues(factors.input, factors.delta);
      assert.equal(got.length, rankCeiling({ rows: rows!, inputs: inputs!, outputs: outputs! }));
      got.forEach((value, j) => assert.ok(Math.abs(value - want[j]!) < 1e-12 * want[0]!));
    }
  });

  it("say when factors are fewer numbers than the gradient: R (h + h') < h h'", () => {
    assert.ok(factorsSave(128, 784, 512) && !factorsSave(512, 784, 512));
    assert.ok(!factorsSave(32, 64, 64) && factorsSave(31, 64, 64));
  });
});
