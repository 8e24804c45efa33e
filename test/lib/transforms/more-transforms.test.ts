/** linearize, preaccumulate, vmap; jacobian and hessian over tensors. */
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
  linearize,
  ops,
  philox,
  preaccumulate,
  randomNormal,
  record,
  tensor,
  type Tensor,
  vjp,
  vmap,
} from "cotangent";

import { rule } from "../tensor/rule.js";
import { drawing, samples } from "../tensor/row-samples.js";
import {
  ops as sourceOps,
  referenceEngine,
  tensorRules,
  vmap as vmapOfSource,
  type Tensor as SourceTensor,
} from "../../../lib/src/index.js";

const F64 = { dtype: "float64" } as const;
const list = (t: Tensor) => Array.from(t.dataSync());
const draw = (seed: number, ...shape: number[]) => randomNormal(philox(seed), shape, F64);
function close(got: ArrayLike<number>, want: ArrayLike<number>, tolerance = 1e-12): void {
  assert.equal(got.length, want.length);
  for (let i = 0; i < want.length; i++)
    assert.ok(
      Math.abs(got[i]! - want[i]!) <= tolerance * (1 + Math.abs(want[i]!)),
      `[${i}]: ${got[i]} is not ${want[i]}`,
    );
}

const { add, mul, sin, exp, sub, cos } = ops;

describe("linearize", () => {
  type P = { a: number; b: number };
  const f = ({ a, b }: P) => ({ u: mul(a, sin(b)), v: [exp(mul(a, b)), b] as [number, number] });
  const x: P = { a: 0.7, b: -0.4 };

  it("gives the value, and the map that jvp gives, many times from one run", () => {
    let runs = 0;
    const [value, map] = linearize((p: P) => (runs++, f(p)), x);
    assert.deepEqual(value, f(x));
    for (const d of [{ a: 1, b: 0 }, { a: -2, b: 0.5 }]) {
      const [, want] = jvp(f, [x], [d]);
      const got = map(d);
      close([got.u, ...got.v], [want.u, ...want.v]);
    } // prettier-ignore
    assert.equal(runs, 1);
  });

  it("goes through calls: custom tangents, checkpoints, solutions, tensors", () => {
    const own = customJvp((y: number) => exp(y), ([y], [dy]) => [exp(y), mul(exp(y), dy)]); // prettier-ignore
    const kept = checkpoint((y: number) => mul(sin(y), y));
    const root = implicit((z: number, p: number) => sub(mul(z, z), p));
    const w = draw(1, 2, 2);
    const g = (y: number) => add(own(kept(y)), add(root(1, y), w.mul(y).tanh().sum().item()));
    const [value, map] = linearize(g, 1.3);
    const [wanted, slope] = jvp(g, [1.3], [1]);
    close([value, map(1), map(2)], [wanted, slope, 2 * slope]);
  });

  it("nests: its map can be differentiated, by what is outside", () => {
    const slopeTimes = (y: number) => linearize((z: number) => mul(z, mul(z, z)), y)[1](mul(y, 2));
    // 3y² · 2y.
    close([slopeTimes(1.5), grad(slopeTimes)(1.5)], [6 * 1.5 ** 3, 18 * 1.5 ** 2]);
  });

  it("says where only an adjoint is known, and which form a tangent has", () => {
    const own = customVjp((y: number) => exp(y), {
      forward: (y) => [exp(y), y],
      backward: (y, bar) => [mul(exp(y), bar)],
    });
    assert.throws(() => linearize(own, 1)[1](1), { name: "NoTangentError", message: /customJvp/ });
    assert.throws(() => linearize(f, x)[1]({ a: 1 } as never), {
      name: "TreeError",
      message: /b is missing/,
    });
  });
});

describe("preaccumulate", () => {
  const block = (a: number, b: number): [number, number] => {
    let [x, y] = [a, b];
    for (let i = 0; i < 20; i++) [x, y] = [add(mul(x, 0.9), sin(y)), sub(cos(x), mul(y, 0.5))];
    return [x, y];
  };
  const whole = (f: typeof block) => (p: [number, number]) => {
    const [x, y] = f(mul(p[0], p[1]), p[1]);
    return mul(x, exp(y));
  };

  it("keeps the Jacobian of a block, and nothing of what was in it", () => {
    const kept = preaccumulate(block);
    close(grad(whole(kept))([0.3, 0.8]), grad(whole(block))([0.3, 0.8]));
    const nodes = (f: typeof block) => record(whole(f), [0.3, 0.8] as [number, number]).statistics().nodes;
    assert.ok(nodes(kept) < 12 && nodes(block) > 80, `${nodes(kept)} ${nodes(block)}`);
  });

  it("nests, and has a tangent", () => {
    const kept = preaccumulate(block);
    close(hessian(whole(kept))([0.3, 0.8]).flat(), hessian(whole(block))([0.3, 0.8]).flat());
    const twice = (p: number) => grad((q: number) => kept(q, mul(q, 2))[0])(p);
    close([grad(twice)(0.3)], [grad((p: number) => grad((q: number) => block(q, mul(q, 2))[0])(p))(0.3)]);
    close([jvp(whole(kept), [[0.3, 0.8]], [[1, 2]])[1]], [jvp(whole(block), [[0.3, 0.8]], [[1, 2]])[1]]);
  });

  it("refuses tensors, and what would lose a derivative", () => {
    const t = draw(1, 2);
    assert.throws(() => grad((x: Tensor) => preaccumulate((y: Tensor) => y.mul(2))(x).sum())(t), {
      name: "TreeError",
      message: /checkpoint/,
    });
    const through = (x: number) => mul(preaccumulate((y: number) => mul(x, y))(mul(x, 2)), 1);
    assert.throws(() => grad(through)(1), { name: "ClosureError" });
  });
});

describe("jacobian over tensors", () => {
  const f = (p: { w: Tensor; s: number }) => ({ y: p.w.matmul(x).tanh().mul(p.s), n: p.w.sum().item() });
  const x = draw(9, 3);
  const at = { w: draw(1, 2, 3), s: 1.5 };

  it("has a block [...out, ...in] for each leaf by each leaf, the same in both modes", () => {
    const [r, c] = (["reverse", "forward"] as const).map(
      (mode) => jacobian(f as never, { mode })(at as never) as unknown,
    ) as [
      { y: { w: Tensor; s: Tensor }; n: { w: Tensor; s: number } },
      { y: { w: Tensor; s: Tensor }; n: { w: Tensor; s: number } },
    ];
    assert.deepEqual([r.y.w.shape, r.y.s.shape, r.n.w.shape, r.n.s], [[2, 2, 3], [2], [2, 3], 0]);
    for (const [a, b] of [[r.y.w, c.y.w], [r.y.s, c.y.s], [r.n.w, c.n.w]] as const) {
      assert.deepEqual(a.shape, b.shape);
      close(list(a), list(b));
    } // prettier-ignore
    const h = 1e-6;
    const moved = (d: number) => list(f({ ...at, w: at.w.add(tensor([[0, 0, 0], [0, d, 0]], F64)) }).y); // prettier-ignore
    const difference = moved(h).map((v, i) => (v - moved(-h)[i]!) / (2 * h));
    close(list(r.y.w.slice(null, 1, 1)), difference, 1e-8);
  });

  it("is the matrix itself of a linear map, and a hessian the second derivatives", () => {
    const a = draw(3, 3, 4);
    close(list(jacobian((v: Tensor) => a.matmul(v))(draw(4, 4)) as Tensor), list(a));
    const q = draw(5, 3, 3);
    const h = hessian((v: Tensor) => v.matmul(q).matmul(v))(draw(6, 3)) as Tensor;
    assert.deepEqual(h.shape, [3, 3]);
    close(list(h), list(q.add(q.T)));
  });
});

describe("vmap", () => {
  const w = draw(1, 3, 2);
  const f = (x: Tensor) => x.matmul(w).tanh();

  it("is the function of every example, along any axis", () => {
    const x = draw(2, 4, 3);
    close(list(vmap(f)(x)), list(f(x)));
    close(list(vmap(f, { in: 1 })(x.T)), list(f(x)));
    assert.deepEqual(vmap(f, { out: 1 })(x).shape, [2, 4]);
    assert.deepEqual(vmap(vmap(f))(draw(3, 5, 4, 3)).shape, [5, 4, 2]);
  });

  it("takes trees, and arguments that every example gets", () => {
    const g = (p: { a: Tensor; b: Tensor }, c: Tensor) => ({ u: p.a.mul(p.b).add(c), v: [p.b.sum()] });
    const [a, b, c] = [draw(1, 4, 2), draw(2, 4, 2), draw(3, 2)];
    const { u, v } = vmap(g, { in: [0, null] })({ a, b }, c);
    close(list(u), list(a.mul(b).add(c)));
    close(list(v[0]!), list(b.sum(1)));
  });

  it("goes inside and outside of derivatives", () => {
    const loss = (x: Tensor) => f(x).square().sum();
    const x = draw(2, 4, 3);
    const inside = grad((y: Tensor) => vmap(loss)(y).sum())(x);
    close(list(vmap(grad(loss))(x)), list(inside));
    const [, pullback] = vjp(vmap(f), x);
    close(list(pullback(x.matmul(w))[0]), list(vjp(f, x)[1](x.matmul(w))[0]));
    const H = vmap((v: Tensor) => jvp(grad(loss), [x.slice(0)], [v])[1])(tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1]], F64)); // prettier-ignore
    close(list(H), list(hessian(loss)(x.slice(0)) as Tensor));
  });

  it("of every row of the table is the row of every example", () => {
    for (const op of tensorRules) {
      const draws = [3, 4].map((seed) => samples[op.name]!(drawing(seed, "float64", referenceEngine)));
      for (const [k, { x, p }] of draws[0]!.entries()) {
        const examples = draws.map((all) => all[k]!.x);
        const stacked = x.map((_, i) => sourceOps.stack(examples.map((own) => own[i]!)));
        const got = vmapOfSource((...own: SourceTensor[]) => [...rule(op.name, own, p)])(...stacked);
        examples.forEach((own, at) =>
          rule(op.name, own, p).forEach((want, r) => close(got[r]!.slice(at).dataSync(), want.dataSync())),
        );
      }
    }
  });

  it("says which axes differ, and what it does not map", () => {
    const g = (a: Tensor, b: Tensor) => a.mul(b);
    assert.throws(() => vmap(g)(draw(1, 3, 2), draw(1, 4, 2)), {
      name: "ShapeError",
      message: /argument 0 has 3, argument 1 \[4, 2\] has 4/,
    });
    assert.throws(() => vmap((a: number) => a)(2), { name: "TreeError", message: /argument 0 is a number/ });
    assert.throws(() => vmap((a: Tensor) => a.sum().item())(draw(1, 3)), {
      name: "TreeError",
      message: /Return a tensor/,
    });
    assert.throws(() => vmap(g, { in: [0] })(draw(1, 3), draw(1, 3)), { name: "OptionError" });
    assert.throws(() => vmap(g, { axis: 0 } as never), { name: "UnknownOptionError" });
    assert.throws(() => vmap(f)(tensor(new Float64Array(0), [0, 3])), {
      name: "ShapeError",
      message: /no example/,
    });
  });
});
