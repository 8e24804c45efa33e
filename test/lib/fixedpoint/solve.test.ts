/** The Picard solver against maps whose fixed points are known. */
import assert from "node:assert/strict";
import {
  type Matrix,
  matmul,
  matrix,
  mulberry32,
  normalMatrix,
  scale,
  solve,
  type SolveOptions,
} from "cotangent";

const each =
  (f: (x: number) => number) =>
  (z: Matrix): Matrix => ({ ...z, data: z.data.map(f) });
const tight: SolveOptions = { tolerance: 1e-14, mode: "absolute", norm: "max", maxIterations: 1000 };

describe("Picard iteration", () => {
  it("finds the known fixed points of scalars (oracle 7)", () => {
    const cosine = solve(each(Math.cos), matrix([[1]]), tight);
    assert.ok(cosine.converged);
    assert.ok(Math.abs(cosine.z.data[0]! - 0.7390851332151607) < 1e-13);
    const root = solve(
      each((x) => (x + 2 / x) / 2),
      matrix([[1]]),
      tight,
    );
    assert.ok(Math.abs(root.z.data[0]! - Math.SQRT2) < 1e-14);
    assert.ok(root.iterations <= 7, "Newton's iteration converges quadratically");
  });

  it("finds the fixed point of tanh(Wz + x), which then stays where it is (oracle 7)", () => {
    const uniform = mulberry32(2);
    const w = scale(normalMatrix(uniform, 5, 5), 0.2);
    const x = normalMatrix(uniform, 3, 5);
    const f = (z: Matrix): Matrix => ({
      ...z,
      data: matmul(z, w).data.map((entry, i) => Math.tanh(entry + x.data[i]!)),
    });
    const { z, converged } = solve(f, x, tight);
    assert.ok(converged);
    f(z).data.forEach((entry, i) => assert.ok(Math.abs(entry - z.data[i]!) <= 1e-14));
  });

  it("solves z = Wz + b exactly when ρ(W) < 1, although ‖W‖₂ > 1 (oracle 5)", () => {
    // Upper triangular: both eigenvalues 0.5, but ‖W‖₂ > 10.
    const w = matrix([[0.5, 0], [10, 0.5]]); // prettier-ignore
    const f = (z: Matrix): Matrix => {
      const { data } = matmul(z, w);
      return { ...z, data: Float64Array.of(data[0]! + 1, data[1]! + 2) };
    };
    const { z, converged } = solve(f, matrix([[0, 0]]), { ...tight, tolerance: 1e-12 });
    assert.ok(converged);
    // Row vector: z = zW + b, so z₁ = 2/(1 − 0.5) = 4 and z₀ = (1 + 10·4)/(1 − 0.5) = 82.
    assert.ok(Math.abs(z.data[1]! - 4) < 1e-11 && Math.abs(z.data[0]! - 82) < 1e-9);
  });

  it("does not converge on a linear map with ρ > 1, and says so (oracle 5)", () => {
    const solved = solve(
      each((x) => 1 - 1.5 * x),
      matrix([[1]]),
      { maxIterations: 50 },
    );
    assert.equal(solved.converged, false);
    assert.equal(solved.reason, "maxIterations");
    assert.equal(solved.bestIteration, 0, "the start was the best iterate, and is returned");
    assert.equal(solved.z.data[0], 1);
    assert.match(solved.warnings[0]!, /smaller damping, for example 0.5/);
    assert.ok(
      solve(
        each((x) => 1 - 1.5 * x),
        matrix([[1]]),
        { damping: 0.5 },
      ).converged,
    );
  });

  it("converges at the rate |(1 − α) + αλ| (oracle 3)", () => {
    for (const [eigenvalue, damping] of [
      [0.6, 1],
      [-0.8, 1],
      [-0.8, 0.5],
      [0.6, 0.7],
      [-1.4, 0.4],
    ] as const) {
      // prettier-ignore
      const f = each((x) => eigenvalue * x + 1);
      const { residuals } = {
        residuals: solve(f, matrix([[5]]), { damping, tolerance: 1e-9 }).trace.absolute,
      };
      const expected = Math.abs(1 - damping + damping * eigenvalue);
      for (let k = 1; k < residuals.length; k++) {
        assert.ok(Math.abs(residuals[k]! / residuals[k - 1]! - expected) < 1e-5);
      }
    }
  });

  it("reaches the same fixed point with any damping (oracle 11)", () => {
    const uniform = mulberry32(9);
    const w = scale(normalMatrix(uniform, 6, 6), 0.15);
    const b = normalMatrix(uniform, 4, 6);
    const f = (z: Matrix): Matrix => ({ ...z, data: matmul(z, w).data.map((x, i) => x + b.data[i]!) });
    const tolerance = 1e-10;
    const solved = [1, 0.7, 0.5, 0.3].map((damping) =>
      solve(f, b, { damping, tolerance, maxIterations: 500, norm: "max", mode: "absolute" }),
    );
    for (const { z, converged } of solved) {
      assert.ok(converged);
      z.data.forEach((x, i) => assert.ok(Math.abs(x - solved[0]!.z.data[i]!) <= 10 * tolerance));
    }
  });

  it("returns the z at which the residual was measured: at most the tolerance (oracle 1)", () => {
    const f = each((x) => Math.sin(x) + 0.5);
    const z0 = matrix([[0.1, 2], [3, -4]]); // prettier-ignore
    for (const norm of ["token", "frobenius", "max"] as const) {
      for (const mode of ["relative", "absolute"] as const) {
        const { z, residual, converged } = solve(f, z0, { norm, mode, tolerance: 1e-6 });
        assert.ok(converged && residual <= 1e-6);
        assert.equal(measure(z, f(z), norm, mode), residual);
      }
    }
  });

  it("stops at the first value that is not finite, and returns the best iterate before it", () => {
    const f = each((x) => (x > 1e3 ? NaN : 3 * x));
    const solved = solve(f, matrix([[0, 0], [2, 1]]), {}); // prettier-ignore
    assert.equal(solved.reason, "diverged");
    assert.equal(solved.converged, false);
    assert.ok(solved.z.data.every(Number.isFinite));
    assert.match(solved.warnings[0]!, /^f\(z\) became NaN in row 1, column 0 at iteration 6/);
    assert.equal(solved.trace.absolute.length, solved.iterations);
    assert.ok(Number.isNaN(solved.trace.absolute.at(-1)));
  });

  it("recognises a cycle of period 2 (oracle 13)", () => {
    const solved = solve(
      each((x) => 1 / x),
      matrix([[2]]),
      { maxIterations: 21 },
    );
    assert.equal(solved.converged, false);
    assert.match(solved.warnings[0]!, /cycle of period 2.*damping, for example 0.5/);
  });

  it("asks for more iterations while the residual still falls", () => {
    const solved = solve(
      each((x) => 0.9 * x + 1),
      matrix([[0]]),
      { maxIterations: 20 },
    );
    assert.match(solved.warnings[0]!, /still falling: allow more iterations/);
  });

  it("shows every iteration to an observer", () => {
    const seen: number[] = [];
    const { iterations, trace } = solve(each(Math.cos), matrix([[1]]), {
      observe: ({ iteration, z, value, residual }) => {
        assert.equal(seen.push(iteration), iteration + 1);
        assert.equal(value.data[0], Math.cos(z.data[0]!));
        assert.equal(residual.absolute, Math.abs(value.data[0]! - z.data[0]!));
      },
    });
    assert.equal(seen.length, iterations);
    assert.equal(trace.perToken.length, iterations);
  });

  it("leaves its start alone", () => {
    const z0 = matrix([[1]]);
    solve(each(Math.cos), z0);
    assert.equal(z0.data[0], 1);
  });
});

/** The definitions, written down once more and independently. */
function measure(z: Matrix, value: Matrix, norm: string, mode: string): number {
  const euclid = (values: number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
  const rows = (m: Matrix) => [0, 1].map((i) => [...m.data.subarray(2 * i, 2 * i + 2)]);
  const change = rows(z).map((zs, i) => zs.map((x, j) => rows(value)[i]![j]! - x));
  const relative = mode === "relative";
  if (norm === "token") {
    return Math.max(...change.map((c, i) => euclid(c) / (relative ? euclid(rows(z)[i]!) : 1)));
  }
  if (norm === "max") {
    const largest = (m: number[][]) => Math.max(...m.flat().map(Math.abs));
    return largest(change) / (relative ? largest(rows(z)) : 1);
  }
  // Summed row by row, as the library does, so that the comparison can be exact.
  const frobenius = (m: number[][]) =>
    Math.sqrt(m.reduce((sum, r) => sum + r.reduce((inner, x) => inner + x * x, 0), 0));
  return frobenius(change) / (relative ? frobenius(rows(z)) : 1);
}

describe("the options of solve", () => {
  const bad: [SolveOptions, string, RegExp][] = [
    [
      { dampng: 0.5 } as SolveOptions,
      "UnknownOptionError",
      /^solve has no option "dampng". Did you mean "damping"\?/,
    ],
    [
      { tol: 1e-3 } as SolveOptions,
      "UnknownOptionError",
      /^solve has no option "tol". It has solver, tolerance/,
    ],
    [{ damping: 0 }, "OptionError", /^damping should be a number above 0 and at most 1; got 0/],
    [{ damping: 1.01 }, "OptionError", /^damping/],
    [{ damping: NaN }, "OptionError", /^damping .* got NaN/],
    [{ tolerance: -1 }, "OptionError", /^tolerance should be a finite number above 0/],
    [{ tolerance: Infinity }, "OptionError", /^tolerance/],
    [{ maxIterations: 0 }, "OptionError", /^maxIterations should be a whole number from 1 to 100000/],
    [{ maxIterations: 2.5 }, "OptionError", /^maxIterations/],
    [
      { norm: "euclid" as "max" },
      "OptionError",
      /^norm should be one of "token", "frobenius", "max"; got "euclid"/,
    ],
    [{ mode: "rel" as "relative" }, "OptionError", /^mode/],
    [{ solver: "broyden" as "picard" }, "OptionError", /^solver should be one of "picard"/],
  ];
  for (const [options, name, message] of bad) {
    it(`are refused when bad: ${Object.entries(options)[0]!.join(" ")}`, () => {
      assert.throws(() => solve(each(Math.cos), matrix([[1]]), options), { name, message });
    });
  }

  it("may be undefined, which means the default", () => {
    assert.ok(solve(each(Math.cos), matrix([[1]]), { damping: undefined } as object).converged);
  });

  it("do not excuse an f that returns something else than a matrix of the same shape", () => {
    assert.throws(() => solve(() => matrix([[1, 2]]), matrix([[1]])), {
      name: "ShapeError",
      message: "The result of f should have the shape [1, 1], but it has [1, 2].",
    });
    const asynchronous = (() => Promise.resolve(matrix([[1]]))) as unknown as (z: Matrix) => Matrix;
    assert.throws(() => solve(asynchronous, matrix([[1]])), {
      name: "ShapeError",
      message: /^The result of f/,
    });
    const lying = { rows: 2, cols: 2, data: new Float64Array(3) };
    assert.throws(() => solve((z) => z, lying), { name: "ShapeError", message: /claims \[2, 2\]/ });
  });
});
