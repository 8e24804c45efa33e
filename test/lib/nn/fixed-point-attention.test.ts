/** Gradients of fixed-point attention on tensors, against the reference's numbers: its oracles 2, 4, 8, 9, 12, 14 and 15. */
import assert from "node:assert/strict";
import { createWasmEngine, grad, observeTapes, ops, philox, randomNormal, solveAttention, tensor, type Tensor, vjp } from "cotangent"; // prettier-ignore
import {
  fixedPoint,
  fixedPointAttention,
  type FixedPointAttentionOptions,
  type FixedPointAttentionParams,
  type FixedPointInfo,
  type GradientMode,
  multiHeadAttention,
} from "cotangent/nn";
import { toy } from "../attention/toy.js";
import { differenceOf, toyLoss, toyTensors, type ToyTensors } from "./toy-tensors.js";

const F64 = { dtype: "float64" } as const;
type Params = FixedPointAttentionParams;
const gradientOf = (problem: ToyTensors, options: Partial<FixedPointAttentionOptions> = {}): Params =>
  grad(toyLoss(problem, options))(problem.params as never) as unknown as Params;
const numbersOf = (t: Tensor): number[] => Array.from(t.dataSync(), Number);
const byQuery = (problem: ToyTensors, options?: Partial<FixedPointAttentionOptions>): number =>
  numbersOf(gradientOf(problem, options).attention.query.weight)[0]!;
const near = (got: number, want: number, relative = 1e-6) =>
  assert.ok(Math.abs(got - want) <= relative * Math.abs(want), `${got} is not ${want}`);

describe("a gradient of fixed-point attention, seed 777", () => {
  const table = [
    [0.5, -0.284928, -0.2574219],
    [1, -0.9510438, -0.6195627],
    [2, -4.828258, -1.783748],
    [3, -0.6092861, -0.4987827],
    [4, -0.5856692, -0.5806539],
    [6, -0.1030789, -0.09675382],
    [8, -0.001323832, -0.001322372],
  ] as const;
  for (const [gain, exact, phantom] of table)
    it(`is ${exact} at gain ${gain}: implicit = unrolled = central difference (oracle 2); phantom(1) is ${phantom}`, () => {
      const problem = toyTensors(777, gain, 1);
      const implicit = byQuery(problem);
      near(implicit, exact);
      near(byQuery(problem, { gradient: "unrolled" }), implicit);
      near(differenceOf(toyLoss(problem), problem.params), implicit);
      near(byQuery(problem, { gradient: { phantom: 1 } }), phantom);
    });

  it("is implicit for every weight and for x as it is unrolled", () => {
    const problem = toyTensors(777, 1, 1);
    const [a, b] = (["implicit", "unrolled"] as const).map((gradient) => gradientOf(problem, { gradient }));
    for (const name of ["query", "key", "value", "output"] as const)
      numbersOf(a!.attention[name].weight).forEach((x, i) => {
        const y = numbersOf(b!.attention[name].weight)[i]!;
        assert.ok(Math.abs(x - y) <= 1e-10 * (1 + Math.abs(y)), `${name}[${i}]: ${x} ${y}`);
      });
    const layers = (["implicit", "unrolled"] as const).map((gradient) => fixedPointAttention(8, { heads: 1, tolerance: 1e-14, gradient })); // prettier-ignore
    const [p, q] = layers.map((layer) => numbersOf(grad((x: Tensor) => layer.apply(problem.params, x).mul(problem.c).sum())(problem.x as never) as unknown as Tensor)); // prettier-ignore
    p!.forEach((x, i) => assert.ok(Math.abs(x - q![i]!) < 1e-10));
  });

  it("is missed by phantom(k) by an error that falls as ρ^k, ρ = 0.25439; and by phantom(1) = Neumann(0) (oracle 4)", () => {
    const problem = toyTensors(777, 1, 1);
    const exact = byQuery(problem);
    const errors = [1, 4, 8, 12].map((phantom) => Math.abs(byQuery(problem, { gradient: { phantom } }) - exact)); // prettier-ignore
    errors.slice(1).forEach((e, i) => assert.ok(e < errors[i]! * 0.3 ** 3, errors.join()));
    const rate = (errors[3]! / errors[1]!) ** (1 / 8);
    assert.ok(Math.abs(rate - 0.25439) < 0.02, `rate ${rate}`);

    const layer = fixedPointAttention(8, { heads: 1, tolerance: 1e-14 });
    const z = layer.apply(problem.params, problem.x);
    const [, pullback] = vjp((p: Params) => layer.step(p, z, problem.x), problem.params as never) as unknown as [Tensor, (bar: Tensor) => [Params]]; // prettier-ignore
    near(byQuery(problem, { gradient: { phantom: 1 } }), numbersOf(pullback(problem.c)[0].attention.query.weight)[0]!, 1e-12); // prettier-ignore
  });
});

describe("harder fixed points", () => {
  const table = [
    [777, 1, 2, -4.187918, -1.610615],
    [777, 1.5, 2, -5.090799, -1.977354],
    [11, 1, 4, 2.824495, 3.220511],
    [11, 1.5, 4, -1.689768, 1.86433],
    [5, 2, 4, 3.096324, 2.269502],
    [5, 2, 6, 0.9837755, 0.09598705],
  ] as const;
  for (const [seed, gain, valueScale, exact, phantom] of table) {
    const name = `seed ${seed}, gain ${gain}, value ${valueScale}`;
    const beyond = seed === 5 ? "ρ(J) > 1, by a damped solve and GMRES (oracle 14)" : "oracle 2";
    it(`${name}: ${exact}, as by differences, ${beyond}; phantom(1) is ${phantom}`, () => {
      const problem = toyTensors(seed, gain, valueScale);
      const options = { damping: 0.5, tolerance: 3e-15 } as const;
      near(byQuery(problem, options), exact);
      near(differenceOf(toyLoss(problem, options), problem.params), exact);
      near(byQuery(problem, { ...options, gradient: "unrolled" }), exact);
      near(byQuery(problem, { ...options, gradient: { phantom: 1 } }), phantom);
    });
  }

  it("have the exact gradient whatever the damping, and phantoms of the undamped map: a damped one were α times as large (oracle 15)", () => {
    const problem = toyTensors(11, 1.5, 4);
    for (const damping of [1, 0.7, 0.3]) {
      near(byQuery(problem, { damping, tolerance: 1e-13 }), -1.689768);
      near(byQuery(problem, { damping, tolerance: 1e-13, gradient: { phantom: 1 } }), 1.86433);
    }
    const layer = fixedPointAttention(8, { heads: 1, tolerance: 1e-13 });
    const z = layer.apply(problem.params, problem.x);
    const damped = (p: Params) =>
      z
        .mul(0.5)
        .add(layer.step(p, z, problem.x).mul(0.5))
        .mul(problem.c)
        .sum();
    const g = grad(damped)(problem.params as never) as unknown as Params;
    near(numbersOf(g.attention.query.weight)[0]!, 0.9321652);
  });

  it("that are left by an undamped iteration are an error that says what to do, or are told (oracle 13)", () => {
    const problem = toyTensors(5, 2, 4);
    const options = { tolerance: 1e-10, maxIterations: 300 } as const;
    for (const gradient of ["implicit", "unrolled", { phantom: 1 }] as const)
      assert.throws(() => gradientOf(problem, { ...options, gradient }), {
        name: "NotConvergedError",
        message: /not found in 300 iterations.*smaller damping/,
      });
    const told: FixedPointInfo[] = [];
    const value = toyLoss(problem, { ...options, unconverged: "continue", onSolve: (i) => told.push(i) })(problem.params); // prettier-ignore
    assert.ok(Number.isFinite(value.item()));
    assert.equal(told.length, 1);
    const [info] = told;
    assert.deepEqual([info!.converged, info!.reason, info!.iterations], [false, "maxIterations", 300]);
    assert.equal(info!.residual, Math.min(...info!.residuals));
    assert.ok(info!.residual > 0.01);
  });
});

describe("attention without x in the loop (preset paper)", () => {
  const paper = { preset: "paper", tolerance: 1e-14 } as const;
  it("collapses to equal tokens, where the gradients of W_Q and W_K are 0 but for rounding (oracle 8)", () => {
    for (const gain of [0.5, 1, 2, 4, 8]) {
      const problem = toyTensors(777, gain, 1);
      const z = numbersOf(fixedPointAttention(8, { heads: 1, ...paper }).apply(problem.params, problem.x));
      z.forEach((value, i) => assert.ok(Math.abs(value - z[i % 8]!) < 1e-12));
      for (const gradient of ["implicit", { phantom: 1 }] as const) {
        const { attention } = gradientOf(problem, { ...paper, gradient });
        for (const name of ["query", "key"] as const)
          for (const x of numbersOf(attention[name].weight)) assert.ok(Math.abs(x) < 1e-13, `${name} ${x}`);
        assert.ok(numbersOf(attention.value.weight).some((x) => Math.abs(x) > 0.01));
      }
    }
  });

  it("is ordinary attention after one step, bit by bit (oracle 9)", () => {
    const ordinary = multiHeadAttention(8, { heads: 2, causal: true });
    const one = { heads: 2, causal: true, preset: "paper", gradient: "unrolled", maxIterations: 1, unconverged: "continue", onSolve: () => {} } as const; // prettier-ignore
    const params = ordinary.init(philox(1), F64);
    const x = randomNormal(philox(2), [3, 6, 8], F64);
    assert.deepEqual(
      numbersOf(fixedPointAttention(8, one).apply({ attention: params }, x)),
      numbersOf(ordinary.apply(params, x)),
    );
  });
});

describe("what a gradient keeps (oracle 12)", () => {
  /** Nodes of all tapes, and updates of z. */
  function recorded(options: Partial<FixedPointAttentionOptions>) {
    let [nodes, iterations] = [0, 0];
    observeTapes({ node: () => void nodes++ }, () =>
      gradientOf(toyTensors(777, 1, 1), { onSolve: (info) => (iterations = info.iterations), ...options }),
    );
    return { nodes, iterations };
  }
  const dampings = [1, 0.5, 0.25];

  it("is the same number of nodes for implicit and phantom, whatever the iterations", () => {
    for (const gradient of ["implicit", { phantom: 2 }] as const) {
      const runs = dampings.map((damping) => recorded({ gradient, damping, tolerance: 1e-12 }));
      assert.equal(new Set(runs.map(({ nodes }) => nodes)).size, 1, JSON.stringify(runs));
      assert.ok(runs[2]!.iterations > 5 * runs[0]!.iterations);
    }
  });

  it("is a number of nodes that is linear in the iterations for unrolled", () => {
    const [a, b, c] = [1e-2, 1e-6, 1e-12].map((tolerance) => recorded({ gradient: "unrolled", damping: 0.5, tolerance })); // prettier-ignore
    const perStep = (b!.nodes - a!.nodes) / (b!.iterations - a!.iterations);
    assert.equal((c!.nodes - b!.nodes) / (c!.iterations - b!.iterations), perStep);
    assert.ok(perStep >= 8 && Number.isInteger(perStep));
  });

  it("is no more memory of an engine for many iterations than for few, but by unrolled", () => {
    const peak = (
      gradient: GradientMode,
      tolerance: number,
    ): readonly [evaluations: number, bytes: number] => {
      const engine = createWasmEngine();
      const at = { engine, ...F64 };
      const seen: number[] = [];
      const watched = (z: Tensor, { w, x }: { w: Tensor; x: Tensor }): Tensor => {
        seen.push(engine.statistics().used);
        return ops.tanh(z.matmul(w).add(x)) as Tensor;
      };
      const solve = fixedPoint(watched, { gradient, tolerance, damping: 0.2, maxIterations: 1000 });
      const x = randomNormal(philox(2), [5, 8], at);
      const p = { w: randomNormal(philox(1), [8, 8], at).mul(0.2) as Tensor, x };
      grad((q: typeof p) => solve(q.x, q).square().sum())(p as never);
      return [seen.length, Math.max(...seen)];
    };
    for (const gradient of ["implicit", { phantom: 1 }, "unrolled"] as const) {
      const [[few, little], [many, much]] = [peak(gradient, 1e-2), peak(gradient, 1e-12)];
      assert.ok(many > 3 * few, `${few} and ${many} evaluations`);
      if (gradient === "unrolled") assert.ok(much > 2 * little, `${little} and ${much} bytes`);
      else assert.ok(much <= little * 1.05, `${little} and ${much} bytes`);
    }
  });
});

describe("fixed-point attention as a layer", () => {
  it("finds the z* of solveAttention", () => {
    const { params, x } = toyTensors(777, 1, 1);
    const z = numbersOf(fixedPointAttention(8, { heads: 1, tolerance: 1e-13 }).apply(params, x));
    const same = solveAttention({ ...toy(777, 1, 1), tolerance: 1e-13, maxIterations: 200 }).z.data;
    z.forEach((value, i) => assert.ok(Math.abs(value - same[i]!) < 1e-11));
  });

  it("solves a batch as its items, permutes with its tokens, and adds z* − x (oracle 10)", () => {
    const layer = fixedPointAttention(8, { heads: 2, loopHidden: 6, damping: 0.7, tolerance: 1e-12 });
    const params = layer.init(philox(1), F64);
    const x = randomNormal(philox(2), [2, 5, 8], F64);
    const z = numbersOf(layer.apply(params, x));
    const rows = numbersOf(x);
    const item = (numbers: number[]) => numbersOf(layer.apply(params, tensor(numbers, [5, 8], F64)));
    [...item(rows.slice(0, 40)), ...item(rows.slice(40))].forEach((value, i) =>
      assert.ok(Math.abs(value - z[i]!) < 1e-10),
    );
    const turned = item([...rows.slice(8, 40), ...rows.slice(0, 8)]);
    turned.forEach((value, i) => assert.ok(Math.abs(value - z[(i + 8) % 40]!) < 1e-10));
    numbersOf(layer.update(params, x)).forEach((value, i) => assert.ok(Math.abs(value - (z[i]! - rows[i]!)) < 1e-12)); // prettier-ignore
  });

  it("has the unrolled gradient by implicit with all its options at once (oracle 2)", () => {
    const all = { heads: 2, loopHidden: 6, preNorm: true, causal: true, temperature: 4, damping: 0.7, tolerance: 1e-13, maxIterations: 1000 } as const; // prettier-ignore
    const x = randomNormal(philox(2), [2, 5, 8], F64);
    const [got, want] = (["implicit", "unrolled"] as const).map((gradient) => {
      const layer = fixedPointAttention(8, { ...all, gradient });
      const params = layer.init(philox(1), F64);
      const g = grad((p: Params) => layer.apply(p, x).square().sum())(params as never) as unknown as Params;
      const { attention, loop } = g;
      return [attention.query.weight, attention.value.bias!, loop!.norm.gain, loop!.network.layers[0]!.weight].flatMap(numbersOf); // prettier-ignore
    });
    got!.forEach((value, i) => assert.ok(Math.abs(value - want![i]!) < 1e-9 * (1 + Math.abs(value))));
    assert.ok(got!.slice(0, 64).some((value) => Math.abs(value) > 0.01));
  });

  it("lets no token see what comes after it, when causal", () => {
    const layer = fixedPointAttention(8, { heads: 2, causal: true, tolerance: 1e-12 });
    const params = layer.init(philox(1), F64);
    const x = numbersOf(randomNormal(philox(2), [5, 8], F64));
    const z = (numbers: number[]) => numbersOf(layer.apply(params, tensor(numbers, [5, 8], F64))).slice(0, 32); // prettier-ignore
    const changed = x.map((value, i) => (i < 32 ? value : -value));
    z(changed).forEach((value, i) => assert.ok(Math.abs(value - z(x)[i]!) < 1e-10));
  });

  it("refuses unknown options, silence, and other shapes", () => {
    const make = (options: object) => () => fixedPointAttention(8, { heads: 2, ...options } as never);
    assert.throws(make({ dampin: 1 }), { name: "UnknownOptionError", message: /"damping"/ });
    assert.throws(make({ gradient: "exact" }), { name: "OptionError", message: /phantom: k/ });
    assert.throws(make({ gradient: { phantom: 0 } }), { name: "OptionError" });
    assert.throws(make({ gradient: { neumann: 1 } }), { name: "UnknownOptionError" });
    assert.throws(make({ unconverged: "continue" }), { name: "OptionError", message: /onSolve/ });
    assert.throws(make({ heads: 3 }), { name: "OptionError", message: /divide/ });
    assert.throws(make({ damping: 1.5 }), { name: "OptionError" });
    const layer = fixedPointAttention(8, { heads: 2 });
    assert.throws(() => layer.apply(layer.init(philox(1)), randomNormal(philox(2), [8])), { name: "ShapeError" }); // prettier-ignore
    const shrinking = fixedPoint((z: Tensor) => z.sum() as Tensor);
    assert.throws(() => shrinking(tensor([[1, 2]], F64), {}), { name: "ShapeError", message: /keeps the shape/ }); // prettier-ignore
  });

  it("says of a slow iteration that it needs more time", () => {
    const slow = toyLoss(toyTensors(777, 1, 1), { damping: 0.1, maxIterations: 20 });
    assert.throws(() => slow(toyTensors(777, 1, 1).params), { name: "NotConvergedError", message: /more iterations/ }); // prettier-ignore
  });

  it("says that a map diverged", () => {
    const doubling = fixedPoint((z: Tensor, a: Tensor) => z.mul(a).square().add(1) as Tensor);
    assert.throws(() => doubling(tensor([[2]], F64), tensor([[2]], F64)), { name: "NotConvergedError", message: /smaller damping/ }); // prettier-ignore
  });
});
