/** Derivatives that are given, run again, or taken at a solution. */
import assert from "node:assert/strict";

import {
  checkpoint,
  customJvp,
  customVjp,
  grad,
  hessian,
  implicit,
  jacobian,
  jvp,
  ops,
  revolve,
  revolveCapacity,
  revolveCost,
  vjp,
} from "cotangent";

const { add, cos, div, exp, mul, sin, sqrt, sub } = ops;
const near = (actual: number, expected: number, tolerance = 1e-10) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} ≠ ${expected}`,
  );

describe("customVjp", () => {
  const logSumExp = customVjp((x: number, y: number) => ops.log(add(exp(x), exp(y))), {
    forward: (x, y) => {
      const value = ops.log(add(exp(x), exp(y)));
      return [value, { x, y, value }];
    },
    backward: ({ x, y, value }, bar) =>
      [mul(bar, exp(sub(x, value))), mul(bar, exp(sub(y, value)))] as [number, number],
  });

  it("replaces the adjoint, and leaves the value", () => {
    near(logSumExp(1, 2), Math.log(Math.E + Math.E ** 2));
    near(grad(logSumExp)(1, 2), 1 / (1 + Math.E));
    const clipped = customVjp((x: number) => mul(x, 3), {
      forward: (x) => [mul(x, 3), null],
      backward: (_, bar) => [Math.min(bar, 1)] as [number],
    });
    assert.equal(grad((x: number) => mul(clipped(x), 5))(2), 1);
  });

  it("nests: the adjoint itself is differentiated", () => {
    const p = 1 / (1 + Math.E);
    near(grad(grad(logSumExp))(1, 2), p * (1 - p), 1e-9);
  });

  it("may depend on what only an enclosing derivative records", () => {
    const scaled = (a: number) =>
      grad((x: number) => {
        const g = customVjp((y: number) => mul(y, 2), {
          forward: (y) => [mul(y, 2), null],
          backward: (_, bar) => [mul(bar, a)] as [number],
        });
        return g(mul(x, 5));
      })(3);
    assert.deepEqual(jvp(scaled, [7], [1]), [35, 5]);
    assert.equal(grad(scaled)(7), 5);
  });

  it("refuses forward mode, and names what has both", () => {
    assert.throws(() => jvp(logSumExp, [1, 2], [1, 0]), { name: "NoTangentError", message: /customJvp/ });
  });

  it("refuses a recorded value that comes by a closure", () => {
    const f = (x: number) => {
      const g = customVjp((y: number) => mul(y, x), {
        forward: (y) => [mul(y, x), null],
        backward: () => [1] as [number],
      });
      return g(mul(x, 2));
    };
    assert.throws(() => grad(f)(3), { name: "ClosureError", message: /Pass it as an argument/ });
  });
});

describe("customJvp", () => {
  const root = customJvp(
    (x: number) => sqrt(x),
    ([x], [t]) => {
      const y = sqrt(x);
      return [y, div(t, mul(2, y))];
    },
  );

  it("serves forward mode, reverse mode and both nested", () => {
    near(jvp(root, [4], [1])[1], 0.25);
    near(grad(root)(4), 0.25);
    near(grad(grad(root))(4), -1 / 32);
    near(hessian((x: number) => mul(root(x), x))(4) as unknown as number, 0.375);
  });
});

describe("checkpoint", () => {
  const f = (x: number, y: number) => sin(mul(exp(x), y));

  it("changes nothing but what is kept", () => {
    const kept = checkpoint(f);
    assert.deepEqual(vjp(kept, 0.3, 1.2)[1](1), vjp(f, 0.3, 1.2)[1](1));
    near(grad(grad(kept))(0.3, 1.2), grad(grad(f))(0.3, 1.2));
    near(jvp(kept, [0.3, 1.2], [1, 2])[1], jvp(f, [0.3, 1.2], [1, 2])[1]);
  });

  it("runs the function once more for each sweep", () => {
    let runs = 0;
    const counted = checkpoint((x: number) => {
      runs++;
      return mul(x, x);
    });
    const [, pullback] = vjp(counted, 3);
    assert.equal(runs, 1);
    assert.deepEqual(pullback(1), [6]);
    assert.equal(runs, 2);
  });
});

describe("revolve", () => {
  const step = (x: number, p: { a: number }, i: number) => add(mul(p.a, sin(x)), i / 100);
  const plain = (n: number) => (x: number, p: { a: number }) => {
    let at = x;
    for (let i = 0; i < n; i++) at = step(at, p, i);
    return at;
  };

  for (const [n, snapshots] of [
    [0, 1],
    [1, 1],
    [7, 1],
    [7, 2],
    [10, 3],
    [56, 3],
    [57, 3],
    [100, 5],
    [100, 200],
  ] as const)
    it(`gives the derivative of ${n} steps with ${snapshots} snapshots, at the least cost there is`, () => {
      const count = { advanced: 0, kept: 0 };
      const f = revolve(step, n, { snapshots }, count);
      const [value, pullback] = vjp(f, 0.5, { a: 0.9 });
      assert.equal(value, plain(n)(0.5, { a: 0.9 }));
      const [x, p] = pullback(1);
      const [x0, p0] = vjp(plain(n), 0.5, { a: 0.9 })[1](1);
      near(x, x0);
      near(p.a, p0.a);
      assert.ok(count.kept <= snapshots, `${count.kept} states were kept`);
      assert.equal(count.advanced, n === 0 ? 0 : revolveCost(n, snapshots), "Griewank and Walther's minimum");
    });

  it("has the capacity of the binomial formula", () => {
    assert.equal(revolveCapacity(3, 5), 56);
    assert.equal(revolveCost(56, 3), 5 * 56 - 70);
  });
});

describe("implicit", () => {
  const squareRoot = implicit((z: number, a: number) => sub(mul(z, z), a));
  const dottie = implicit((z: number, a: number) => cos(mul(z, a)), {
    kind: "fixedPoint",
    maxIterations: 500,
  });

  it("differentiates a root as if it were known in closed form, to second order", () => {
    near(squareRoot(1, 9), 3);
    near(grad(squareRoot, { argnum: 1 })(1, 9) as number, 1 / 6);
    const of = (a: number) => squareRoot(1, a);
    near(grad(of)(9), 1 / 6);
    near(grad(grad(of))(9), -1 / 108);
    near(jvp(of, [9], [2])[1], 1 / 3);
    near(hessian(of)(9) as unknown as number, -1 / 108);
  });

  it("differentiates a fixed point as the unrolled iteration does at convergence", () => {
    const unrolled = (a: number) => {
      let z: number = 0.5;
      for (let i = 0; i < 300; i++) z = cos(mul(z, a));
      return z;
    };
    near(grad((a: number) => dottie(0.5, a))(0.9), grad(unrolled)(0.9), 1e-9);
  });

  it("takes trees, and systems of equations", () => {
    // The meeting of a circle and a line.
    const meet = implicit((z: { x: number; y: number }, p: { r: number; m: number }) => ({
      x: sub(add(mul(z.x, z.x), mul(z.y, z.y)), mul(p.r, p.r)),
      y: sub(z.y, mul(p.m, z.x)),
    }));
    const of = (p: { r: number; m: number }) => meet({ x: 1, y: 1 }, p);
    const { x, y } = of({ r: 5, m: 4 / 3 });
    near(x, 3);
    near(y, 4);
    const found = jacobian(of)({ r: 5, m: 4 / 3 }) as { x: { r: number; m: number } };
    near(found.x.r, 3 / 5);
    near(found.x.m, (-5 * (4 / 3)) / (1 + 16 / 9) ** 1.5);
  });

  it("keeps nothing of the iterations", () => {
    let evaluations = 0;
    const counted = implicit(
      (z: number, a: number) => {
        evaluations++;
        return cos(mul(z, a));
      },
      { kind: "fixedPoint" },
    );
    const [, pullback] = vjp((a: number) => counted(0.5, a), 0.95);
    const before = evaluations;
    pullback(1);
    assert.ok(before > 50, "it iterated");
    assert.ok(evaluations - before <= 3, "the adjoint did not");
  });

  it("says when there is no solution, and keeps the best iterate", () => {
    assert.throws(
      () => implicit((z: number, a: number) => add(mul(z, z), a))(1, 1),
      (error: Error & { best: unknown }) => {
        assert.match(`${error.name}: ${error.message}`, /NotConvergedError|SingularMatrixError/);
        return true;
      },
    );
    assert.throws(
      () => implicit((z: number, a: number) => mul(z, a), { kind: "fixedPoint", maxIterations: 50 })(1, 2),
      {
        name: "NotConvergedError",
        message: /residual is .* and should be at most 1e-12/,
      },
    );
  });
});
