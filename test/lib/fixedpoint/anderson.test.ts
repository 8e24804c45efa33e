/** Anderson's acceleration against maps whose fixed points are known, and cycles that are named. */
import assert from "node:assert/strict";
import { type Matrix, matmul, matrix, mulberry32, normalMatrix, scale, solve } from "cotangent";

const tight = { tolerance: 1e-9, mode: "absolute", norm: "max", maxIterations: 200 } as const;

/** z ↦ zW + b, row by row. */
const affine =
  (w: Matrix, b: Matrix) =>
  (z: Matrix): Matrix => ({ ...z, data: matmul(z, w).data.map((entry, i) => entry + b.data[i]!) });

describe("Anderson's acceleration", () => {
  for (const n of [2, 3, 4, 5]) {
    it(`is exact on a linear map in ${n} dimensions after ${n + 1} updates, but for the ridge, although ρ > 1 (oracle 6)`, () => {
      const uniform = mulberry32(10 + n);
      const w = scale(normalMatrix(uniform, n, n), 2);
      const b = normalMatrix(uniform, 1, n);
      const { trace } = solve(affine(w, b), b, { ...tight, solver: "anderson", history: n + 1 });
      // Exact up to the ridge of 1e-10, relative to the largest residual on the way.
      const left = trace.absolute[n + 1]! / Math.max(...trace.absolute);
      assert.ok(left < 1e-6, `${left} of the largest residual is left`);
      assert.equal(solve(affine(w, b), b, tight).converged, false, "Picard's iteration leaves it");
    });
  }

  it("finds the number that is its own cosine in fewer evaluations than Picard", () => {
    const cosine = (z: Matrix): Matrix => ({ ...z, data: z.data.map(Math.cos) });
    const fast = solve(cosine, matrix([[1]]), { ...tight, solver: "anderson" });
    assert.ok(Math.abs(fast.z.data[0]! - 0.7390851332) < 1e-9);
    assert.ok(fast.iterations < solve(cosine, matrix([[1]]), tight).iterations / 4);
  });

  it("goes on as Picard where all residuals are the same and nothing can be combined", () => {
    // f(z) = z + 1 has no fixed point: every residual is 1.
    const solved = solve((z) => ({ ...z, data: z.data.map((x) => x + 1) }), matrix([[0]]), {
      solver: "anderson",
      maxIterations: 20,
      mode: "absolute",
    });
    assert.equal(solved.converged, false);
    assert.ok(solved.z.data.every(Number.isFinite));
  });

  it("refuses a history of no iterates", () => {
    assert.throws(() => solve((z) => z, matrix([[1]]), { history: 0 }), /history/);
  });
});

describe("a cycle", () => {
  for (const period of [2, 3, 5, 8]) {
    it(`of period ${period} is named, with what to try (oracle 13)`, () => {
      // A rotation of the plane by a whole part of a turn.
      const [c, s] = [Math.cos((2 * Math.PI) / period), Math.sin((2 * Math.PI) / period)];
      const turn = (z: Matrix): Matrix => matmul(z, matrix([[c, s], [-s, c]])); // prettier-ignore
      const solved = solve(turn, matrix([[1, 0]]), { maxIterations: 50 });
      assert.equal(solved.converged, false);
      assert.match(solved.warnings[0]!, new RegExp(`a cycle of period ${period}\\).*damping.*"anderson"`));
    });
  }
});
