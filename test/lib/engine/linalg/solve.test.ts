/** cholesky, triangularSolve and solve: they reconstruct what they were given, and name what they cannot. */
import assert from "node:assert/strict";
import { cholesky, lu, solve, triangularSolve } from "../../../../lib/src/engine/reference/linalg/index.js";
import { assertClose, diagonal, identity, random, times, transposed } from "./dense.js";

const sizes = [0, 1, 3, 7, 20];

/** Positive definite: g gᵀ + 1. */
function definite(seed: number, n: number): Float64Array {
  const g = random(seed, n, n);
  const one = identity(n);
  return times(g, transposed(g, n, n), n, n, n).map((entry, i) => entry + one[i]!);
}

const triangle = (a: Float64Array, n: number, lower: boolean, unit: boolean) =>
  a.map((entry, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (i === j) return unit ? 1 : entry;
    return i > j === lower ? entry : 0;
  });

describe("cholesky", () => {
  it("gives the lower triangular l with l lᵀ = a", () => {
    for (const n of sizes) {
      const a = definite(n, n);
      const l = cholesky(a, n);
      assert.deepEqual(l, triangle(l, n, true, false));
      assertClose(times(l, transposed(l, n, n), n, n, n), a, 1e-13 * Math.max(1, n));
    }
  });

  it("knows the textbook's", () => {
    const a = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);
    assert.deepEqual(cholesky(a, 3), Float64Array.of(2, 0, 0, 6, 1, 0, -8, 5, 3));
  });

  it("reads the lower triangle only", () => {
    const a = definite(1, 4);
    assert.deepEqual(cholesky(triangle(a, 4, true, false), 4), cholesky(a, 4));
  });

  it("names the pivot that is not positive", () => {
    const message = /^The matrix is not positive definite: pivot 1 of 2 is/;
    assert.throws(() => cholesky(Float64Array.of(1, 2, 2, 1), 2), {
      name: "NotPositiveDefiniteError",
      message: /pivot 1 of 2 is -3\./,
    });
    assert.throws(() => cholesky(Float64Array.of(1, 1, 1, 1), 2), { message });
    assert.throws(() => cholesky(Float64Array.of(1, 0, 0, NaN), 2), { message: /is NaN/ });
    assert.throws(() => cholesky(new Float64Array(5), 2), {
      name: "ShapeError",
      message: "a should be [2, 2], but its data hold 5 numbers.",
    });
  });
});

describe("triangularSolve", () => {
  for (const lower of [true, false])
    for (const transpose of [true, false])
      for (const unit of [true, false])
        it(`solves with ${lower ? "lower" : "upper"}${transpose ? ", transposed" : ""}${unit ? ", unit" : ""}`, () => {
          for (const n of sizes)
            for (const columns of [0, 1, 3]) {
              // What it should not read is noise; a strong diagonal keeps the system well conditioned.
              const l = random(n, n, n).map((x, at) => (at % (n + 1) === 0 ? 3 + x * x : x / Math.max(1, n)));
              const x = random(n + 1, n, columns);
              const read = triangle(l, n, lower, unit);
              const full = transpose ? transposed(read, n, n) : read;
              const b = times(full, x, n, n, columns);
              assertClose(triangularSolve(l, b, n, columns, { lower, transpose, unit }), x, 1e-12);
            }
        });

  it("names a zero on the diagonal", () => {
    assert.throws(() => triangularSolve(diagonal([1, 0]), new Float64Array(2), 2, 1), {
      name: "SingularMatrixError",
      message: /diagonal entry 1 of 2 is 0/,
    });
    assert.deepEqual(triangularSolve(new Float64Array(4), Float64Array.of(1, 2), 2, 1, { unit: true }), Float64Array.of(1, 2)); // prettier-ignore
  });
});

describe("solve", () => {
  it("finds x with a x = b", () => {
    for (const n of sizes)
      for (const columns of [0, 1, 3]) {
        const a = random(n + 50, n, n);
        const x = random(n + 60, n, columns);
        assertClose(solve(a, times(a, x, n, n, columns), n, columns), x, 1e-10);
      }
  });

  it("exchanges rows where it must, and where it should", () => {
    assert.deepEqual(solve(Float64Array.of(0, 1, 2, 0), Float64Array.of(3, 4), 2, 1), Float64Array.of(2, 3));
    const tiny = solve(Float64Array.of(1e-20, 1, 1, 1), Float64Array.of(1, 2), 2, 1);
    assertClose(tiny, Float64Array.of(1, 1), 1e-15);
    assert.deepEqual([...lu(Float64Array.of(1, 1, 2, 0), 2).order], [1, 0]);
  });

  it("names the column without a pivot, and changes nothing that it was given", () => {
    const a = Float64Array.of(1, 2, 2, 4);
    assert.throws(() => solve(a, new Float64Array(2), 2, 1), {
      name: "SingularMatrixError",
      message: /no pivot is left in column 1 of 2/,
    });
    assert.deepEqual(a, Float64Array.of(1, 2, 2, 4));
  });
});
