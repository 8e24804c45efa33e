/** Function transforms: what they return, how they nest, what they refuse. */
import assert from "node:assert/strict";

import { grad, hessian, hvp, jacobian, jvp, ops, stopGradient, valueAndGrad, vjp } from "cotangent";

const { add, cos, div, exp, gt, mul, sin, sub } = ops;
const cube = (x: number): number => mul(mul(x, x), x);
const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} ≠ ${expected}`,
  );

describe("grad", () => {
  it("differentiates a function of a number", () => assert.equal(grad(cube)(2), 12));

  it("nests to any order", () => {
    assert.equal(grad(grad(cube))(2), 12);
    assert.equal(grad(grad(grad(cube)))(2), 6);
    assert.equal(grad(grad(grad(grad(cube))))(2), 0);
  });

  it("returns the form of its argument", () => {
    const price = (p: { s: number; v: number; rates: number[] }) =>
      mul(mul(p.s, p.v), add(p.rates[0]!, p.rates[1]!));
    assert.deepEqual(grad(price)({ s: 2, v: 3, rates: [5, 7] }), { s: 36, v: 24, rates: [6, 6] });
  });

  it("is 0 for what does not matter, and for a function that is constant", () => {
    assert.deepEqual(grad((p: { a: number; b: number }) => mul(p.a, 2))({ a: 1, b: 1 }), { a: 2, b: 0 });
    assert.equal(grad((_x: number) => 5)(1), 0);
    assert.equal(grad((x: number) => x)(1), 1);
  });

  it("takes another argument by its number, and leaves the rest as they are", () => {
    const f = (name: string, x: number) => mul(x, name.length);
    assert.equal((grad(f, { argnum: 1 }) as unknown as typeof f)("four", 3), 4);
  });

  it("keeps the perturbations of nested derivatives apart (Siskind and Pearlmutter 2005)", () => {
    // d/dx (x · d/dy (x + y) at y = 1) at x = 1 is 1, and not 2.
    assert.equal(grad((x: number) => mul(x, grad((y: number) => add(x, y))(1)))(1), 1);
    const [, tangent] = jvp((x: number) => mul(x, jvp((y: number) => add(x, y), [1], [1])[1]), [1], [1]);
    assert.equal(tangent, 1);
  });

  it("differentiates through a gradient of another variable", () => {
    // d/dx of ∂/∂y (x² y³) at y = 2 is 2x · 3y²
    const f = (x: number) => grad((y: number) => mul(mul(x, x), cube(y)))(2);
    assert.equal(grad(f)(5), 2 * 5 * 12);
  });

  it("refuses a result that is not one number, and names what to use", () => {
    assert.throws(() => grad((x: number) => [x, x])(1), {
      name: "TreeError",
      message: /2 values \(result\[0\], result\[1\]\).*jacobian/,
    });
    assert.throws(() => grad((x: number) => Promise.resolve(x))(1), /returned a promise/);
  });

  it("refuses what cannot be differentiated, naming the place", () => {
    assert.throws(
      () => grad((p: { name: string }) => p.name.length)({ name: "x" }),
      /argument\.name is the string "x"/,
    );
    assert.throws(
      () => grad((x: Float64Array) => x[0]!)(new Float64Array(1) as never),
      /Float64Array.*Array\.from/,
    );
    assert.throws(() => grad(cube, { argnumber: 1 } as never), { name: "UnknownOptionError" });
    assert.throws(() => grad(cube, { argnum: 3 })(1), /argnum is 3/);
  });

  it("lets infinities and NaN through as IEEE has them", () => {
    assert.equal(grad((x: number) => ops.sqrt(x))(0), Infinity);
    assert.ok(Number.isNaN(grad((x: number) => mul(0, ops.sqrt(x)))(0)), "0 · ∞ is not hidden");
    assert.ok(Number.isNaN(grad((x: number) => ops.log(x))(NaN)));
    assert.ok(Number.isNaN(grad((x: number) => ops.max(x, 1))(NaN)));
  });

  it("does not let what was not reached spoil what was", () => {
    // √0 is computed, and not used.
    const f = (x: number) => {
      ops.sqrt(x);
      return mul(x, 2);
    };
    assert.equal(grad(f)(0), 2);
  });
});

describe("valueAndGrad, vjp and jvp", () => {
  it("return the value with the derivative", () => {
    assert.deepEqual(valueAndGrad(cube)(2), [8, 12]);
    const [value, pullback] = vjp((x: number, y: number) => [mul(x, y), add(x, y)], 2, 3);
    assert.deepEqual(value, [6, 5]);
    assert.deepEqual(pullback([1, 0]), [3, 2]);
    assert.deepEqual(pullback([0, 1]), [1, 1], "a pullback can be used again");
    assert.deepEqual(
      jvp((x: number, y: number) => mul(x, y), [2, 3], [1, 10]),
      [6, 23],
    );
  });

  it("satisfy ⟨J v, w⟩ = ⟨v, Jᵀ w⟩", () => {
    const f = (x: number, y: number) => [sin(mul(x, y)), exp(sub(x, y)), div(x, y)];
    const [, tangent] = jvp(f, [0.7, 1.3], [0.3, -0.2]);
    const [, pullback] = vjp(f, 0.7, 1.3);
    const w = [0.5, -1.1, 2];
    const [vx, vy] = pullback(w);
    near(
      tangent.reduce((s, t, i) => s + t * w[i]!, 0),
      0.3 * vx - 0.2 * vy,
    );
  });

  it("refuse a cotangent of another form, saying what is missing", () => {
    const [, pullback] = vjp((x: number) => ({ a: x, b: mul(x, 2) }), 1);
    assert.throws(() => pullback({ a: 1 } as never), /cotangent\.b is missing/);
    assert.throws(() => pullback({ a: 1, b: 1, c: 1 } as never), /cotangent\.c should not be there/);
  });

  it("give a result twice its two adjoints", () => {
    const [, pullback] = vjp((x: number) => [x, x], 1);
    assert.deepEqual(pullback([2, 3]), [5]);
  });
});

describe("jacobian, hessian and hvp", () => {
  const f = ([x, y]: [number, number]) => [mul(x, y), sin(x), exp(y)];
  const expected = [
    [3, 2],
    [Math.cos(2), 0],
    [0, Math.exp(3)],
  ];
  for (const mode of ["auto", "forward", "reverse"] as const)
    it(`are the same in mode ${mode}`, () =>
      assert.deepEqual(positiveZeros(jacobian(f, { mode })([2, 3])), expected));

  const positiveZeros = (rows: number[][]) => rows.map((row) => row.map((x) => x + 0));

  it("follow the forms of result and argument", () => {
    const g = (p: { a: number }) => ({ u: mul(p.a, 2), v: [cos(p.a)] });
    assert.deepEqual(jacobian(g)({ a: 0 }), { u: { a: 2 }, v: [{ a: -0 }] });
  });

  it("agree with one another on second derivatives", () => {
    const h = ([x, y]: [number, number]) => mul(sin(mul(x, y)), exp(x));
    const [x, y] = [0.4, 1.1];
    const matrix = hessian(h)([x, y]) as number[][];
    near(matrix[0]![1]!, matrix[1]![0]!);
    const product = hvp(h, [x, y], [1, -2]);
    near(product[0], matrix[0]![0]! - 2 * matrix[0]![1]!);
    near(product[1], matrix[1]![0]! - 2 * matrix[1]![1]!);
    near(matrix[1]![1]!, -x * x * Math.sin(x * y) * Math.exp(x));
  });
});

describe("stopGradient", () => {
  it("makes a constant of a value, in every enclosing derivative", () => {
    assert.equal(grad((x: number) => mul(x, stopGradient(x)))(3), 3);
    assert.equal(grad(grad((x: number) => mul(stopGradient(x), x)))(3), 0);
    assert.deepEqual(stopGradient({ a: 1 }), { a: 1 });
  });
});

describe("a recorded value", () => {
  const escape = (use: (x: number) => unknown) => () =>
    grad((x: number) => {
      use(x);
      return x;
    })(2);

  it("never turns silently into a number, and says what to do", () => {
    for (const use of [
      (x: number) => x * 2,
      (x: number) => Math.sin(x),
      (x: number) => JSON.stringify({ x }),
      (x: number) => (new Float64Array(1)[0] = x),
      (x: number) => x > 1,
      (x: number) => +x,
    ])
      assert.throws(escape(use), {
        name: "EscapedValueError",
        message: /A recorded value \(2.*"use ad".*stopGradient/,
      });
  });

  it("prints as its number", () => {
    escape((x) => assert.equal(`${x}`, "2"))();
  });

  it("cannot be used after the transform has ended", () => {
    let kept = 0;
    grad((x: number) => {
      kept = x;
      return x;
    })(2);
    assert.throws(() => mul(kept, 2), { name: "EscapedValueError", message: /had ended/ });
    assert.throws(() => grad((x: number) => mul(x, kept))(1), /had ended/);
    assert.throws(() => gt(kept, 0), /had ended/, "nor compared: it would pass for NaN");
    assert.throws(() => stopGradient(kept), /had ended/, "nor made a constant");
    const [, pullback] = vjp((x: number) => {
      kept = x;
      return x;
    }, 2);
    assert.throws(() => gt(kept, 0), /had ended/, "while its tape is still there for the pullback, too");
    assert.deepEqual(pullback(1), [1]);
  });

  it("chooses a branch by its value", () => {
    const f = (x: number): number => (gt(x, 0) ? mul(x, 2) : mul(x, 3));
    assert.equal(grad(f)(1), 2);
    assert.equal(grad(f)(-1), 3);
  });

  it("has the operations as methods, too", () => {
    const f = (x: number) => {
      const recorded = x as unknown as { mul(b: unknown): { sin(): number } };
      return recorded.mul(x).sin();
    };
    near(grad(f)(1.5), 3 * Math.cos(2.25));
  });

  it("leaves plain numbers, and refuses what is none", () => {
    assert.equal(mul(2, 3), 6);
    assert.throws(() => mul("2" as never, 3), /mul takes numbers and tensors; it got string and number/);
  });
});
