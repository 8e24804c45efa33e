/** implicit with tensors: fixed points and roots whose adjoint is a solve by products alone. */
import assert from "node:assert/strict";

import {
  createGpuEngine,
  createWasmEngine,
  type Dtype,
  grad,
  hvp,
  implicit,
  jvp,
  ops,
  tensor,
  type Tensor,
  vjp,
} from "cotangent";

const TOKENS = 3;
const WIDTH = 4;
const numbers = (n: number, seed: number, size: number) =>
  Array.from({ length: n }, (_, i) => size * Math.sin((i + 1) * 1.7 + seed));

interface Weights {
  readonly w: Tensor;
  readonly x: Tensor;
}
const weights = (dtype: Dtype = "float64"): Weights => ({
  w: tensor(numbers(WIDTH * WIDTH, 1, 0.3), [WIDTH, WIDTH], { dtype }),
  x: tensor(numbers(TOKENS * WIDTH, 2, 0.8), [TOKENS, WIDTH], { dtype }),
});
const zero = (dtype: Dtype = "float64") => tensor(numbers(TOKENS * WIDTH, 0, 0), [TOKENS, WIDTH], { dtype });

/** z = tanh(z W + x) */
const step = (z: Tensor, { w, x }: Weights): Tensor => ops.tanh(z.matmul(w).add(x));
const fixedPoint = implicit(step, { kind: "fixedPoint" });
const root = implicit((z: Tensor, p: Weights) => z.sub(step(z, p)), { kind: "root" });
const unrolled = (p: Weights): Tensor => {
  let z: Tensor = zero();
  for (let i = 0; i < 200; i++) z = step(z, p);
  return z;
};
const loss = (solve: (p: Weights) => Tensor) => (p: Weights) => ops.sin(solve(p)).mul(2).square().sum();
const byFixedPoint = loss((p) => fixedPoint(zero(), p));
const byRoot = loss((p) => root(zero(), p));
const gradient = (f: (p: Weights) => Tensor, p = weights()) => grad(f)(p as never) as unknown as Weights;

const assertNear = (a: Tensor, b: Tensor, tolerance: number) =>
  a.dataSync().forEach((x, i) => assert.ok(Math.abs(x - b.dataSync()[i]!) <= tolerance, `[${i}] ${x} ≠ ${b.dataSync()[i]!}`)); // prettier-ignore

describe("implicit with tensors", () => {
  it("has the gradient of the unrolled iteration at convergence", () => {
    const [got, want] = [gradient(byFixedPoint), gradient(loss(unrolled))];
    assertNear(got.w, want.w, 1e-9);
    assertNear(got.x, want.x, 1e-9);
  });

  it("has that of differences, and as a root the same as as a fixed point", () => {
    const got = gradient(byFixedPoint);
    const asRoot = gradient(byRoot);
    assertNear(asRoot.w, got.w, 1e-9);
    assertNear(asRoot.x, got.x, 1e-9);
    const { w, x } = weights();
    for (const i of [0, 5, 11]) {
      const moved = (h: number) => byFixedPoint({ w, x: tensor(Array.from(x.dataSync(), (y, k) => (k === i ? y + h : y)), x.shape, { dtype: "float64" }) }).item(); // prettier-ignore
      const slope = (Number(moved(1e-5)) - Number(moved(-1e-5))) / 2e-5;
      assert.ok(Math.abs(slope - got.x.dataSync()[i]!) < 1e-7);
    }
  });

  it("has a tangent that is the transpose of its adjoint", () => {
    const p = weights();
    const along = { w: tensor(numbers(16, 5, 1), [4, 4], { dtype: "float64" }), x: tensor(numbers(12, 6, 1), [3, 4], { dtype: "float64" }) }; // prettier-ignore
    const bar = tensor(numbers(12, 7, 1), [3, 4], { dtype: "float64" });
    const f = (p: Weights) => fixedPoint(zero(), p);
    const [, tangent] = jvp(f as never, [p] as never, [along] as never) as unknown as [Tensor, Tensor];
    const [, pullback] = vjp(f as never, p as never) as unknown as [Tensor, (bar: Tensor) => [Weights]];
    const [{ w, x }] = pullback(bar);
    const dot = (a: Tensor, b: Tensor) => Number(a.mul(b).sum().item());
    assert.ok(Math.abs(dot(tangent, bar) - dot(w, along.w) - dot(x, along.x)) < 1e-10);
  });

  it("has second derivatives, because the solve has derivatives itself", () => {
    const { w, x } = weights();
    const f = (x: Tensor) => byFixedPoint({ w, x });
    const v = tensor(numbers(12, 9, 1), [3, 4], { dtype: "float64" });
    const exact = hvp(f as never, x as never, v as never) as unknown as Tensor;
    const g = (h: number) => grad(f)(x.add(v.mul(h)) as never) as unknown as Tensor;
    assertNear(
      exact,
      g(1e-5)
        .sub(g(-1e-5))
        .mul(1 / 2e-5) as Tensor,
      1e-6,
    );
    const overReverse = grad((x: Tensor) => (grad(f)(x as never) as unknown as Tensor).mul(v).sum())(
      x as never,
    ) as unknown as Tensor;
    assertNear(overReverse, exact, 1e-8);
  });

  it("takes trees of numbers and tensors", () => {
    interface Z { readonly s: number; readonly t: Tensor } // prettier-ignore
    const solve = implicit(
      ({ s, t }: Z, p: { a: number; b: Tensor }): Z => ({
        s: ops.cos(ops.mul(s, p.a)),
        t: ops.mul(ops.tanh(t.add(p.b)), ops.mul(0.5, s) as never) as Tensor,
      }),
      { kind: "fixedPoint" },
    );
    const b = tensor([0.2, -0.4], { dtype: "float64" });
    const start = { s: 0.5, t: tensor([0, 0], { dtype: "float64" }) };
    const at = (a: number) => { const z = solve(start as never, { a, b } as never) as Z; return Number(z.t.sum().item()); }; // prettier-ignore
    const g = grad((p: { a: number; b: Tensor }) => (solve(start as never, p as never) as Z).t.sum())({
      a: 0.9,
      b,
    } as never) as unknown as { a: number; b: Tensor };
    assert.ok(Math.abs(g.a - (at(0.9 + 1e-6) - at(0.9 - 1e-6)) / 2e-6) < 1e-8);
    assert.deepEqual(g.b.shape, [2]);
  });

  it("works in single precision, to what that can give", () => {
    const p = weights("float32");
    const f = (p: Weights) =>
      ops
        .sin(fixedPoint(zero("float32"), p))
        .mul(2)
        .square()
        .sum();
    const got = grad(f)(p as never) as unknown as Weights;
    assert.equal(got.w.dtype, "float32");
    assertNear(got.w, gradient(byFixedPoint).w, 2e-5);
  });

  it("evaluates the equation once for the adjoint, whatever the number of iterations", () => {
    let evaluations = 0;
    const counted = implicit((z: Tensor, p: Weights) => (evaluations++, step(z, p)), { kind: "fixedPoint" });
    const [z, pullback] = vjp((p: Weights) => counted(zero(), p), weights() as never) as unknown as [
      Tensor,
      (bar: Tensor) => unknown,
    ];
    const before = evaluations;
    pullback(z);
    assert.ok(before > 10, `${before} evaluations`);
    assert.ok(evaluations - before <= 3, `${evaluations - before} evaluations`);
  });

  it("keeps no more memory for many iterations than for few", () => {
    const peak = (tolerance: number): readonly [iterations: number, bytes: number] => {
      const engine = createWasmEngine();
      const at = { engine, dtype: "float64" } as const;
      const p = { w: tensor(numbers(16, 1, 0.45), [4, 4], at), x: tensor(numbers(12, 2, 0.8), [3, 4], at) };
      const seen: number[] = [];
      const watched = implicit(
        (z: Tensor, q: Weights) => {
          seen.push(engine.statistics().used);
          return step(z, q);
        },
        { kind: "fixedPoint", tolerance },
      );
      grad((q: Weights) =>
        watched(tensor(new Float64Array(12), [3, 4], at), q)
          .square()
          .sum(),
      )(p as never);
      return [seen.length, Math.max(...seen)];
    };
    const [[few, little], [many, much]] = [peak(0.2), peak(1e-14)];
    assert.ok(many > 2 * few, `${few} and ${many} evaluations`);
    assert.ok(much <= little * 1.05, `${little} and ${much} bytes`);
  });

  it("refuses an equation that uses a recorded value of its surroundings, whose derivative would be lost", () => {
    const { x } = weights();
    const hidden = (x: Tensor) =>
      implicit((z: Tensor, a: number) => z.mul(a as never).add(x), { kind: "fixedPoint" })(zero(), 0.5).sum();
    const refusal = { name: "ClosureError", message: /recorded value that is not among its arguments/ };
    assert.throws(() => grad(hidden)(x as never), refusal);
    assert.throws(() => jvp(hidden as never, [x] as never, [x] as never), refusal);
    const ofNumbers = (x: number) =>
      implicit((z: number, a: number) => ops.add(ops.mul(z, a), x), { kind: "fixedPoint" })(0, 0.5);
    assert.throws(() => jvp(ofNumbers, [1], [1]), refusal);
  });

  it("refuses an equation, or a solver, whose answer has another shape or dtype than z, naming both", () => {
    const solve = (f: (z: Tensor) => Tensor) => () =>
      implicit((z: Tensor, _p: Weights) => f(z), { kind: "fixedPoint" })(zero(), weights());
    assert.throws(
      solve((z) => z.sum(1, { keepDims: true })),
      { name: "TreeError", message: /z is a float64 tensor \[3, 4\], and here a float64 tensor \[3, 1\]/ },
    );
    assert.throws(
      solve((z) => z.astype("float32")),
      { name: "TreeError", message: /here a float32 tensor/ },
    );
    assert.throws(() => implicit(step, { solve: (z) => z.sum(0) })(zero(), weights()), {
      name: "TreeError",
      message: /The solver's answer should have the form of z/,
    });
  });

  it("says what was not solved, and what to do", async () => {
    const doubling = implicit((z: Tensor, p: Weights) => z.mul(2).add(p.x), {
      kind: "fixedPoint",
      maxIterations: 30,
    });
    assert.throws(() => doubling(zero(), weights()), {
      name: "NotConvergedError",
      message: /residual is .* should be at most 1e-12/,
    });
    // At z = 0 the slope of z² is 0 in every direction.
    const flat = implicit((z: Tensor, _p: Weights) => z.square(), { solve: (z) => z });
    assert.throws(() => grad((p: Weights) => flat(zero(), p).sum())(weights() as never), {
      name: "NotConvergedError",
      message: /linear system of the derivative.*linear: \{/,
    });
    assert.throws(() => implicit(step, { lineal: {} } as never), {
      name: "UnknownOptionError",
      message: /linear/,
    });
    assert.throws(() => implicit((z: Tensor) => [z] as never)(zero(), weights()), { name: "TreeError" });
    const gpu = await createGpuEngine({ mode: "cpu" });
    const there = tensor([0, 0], { engine: gpu });
    assert.throws(
      () => implicit((z: Tensor, x: Tensor) => z.mul(0.5).add(x), { kind: "fixedPoint" })(there, there),
      { name: "PendingStorageError" },
    );
    await gpu.destroy();
  });
});
