/** Losses, optimisers and schedules, by hand and by their laws; and that a network learns. */
import assert from "node:assert/strict";

import {
  createWasmEngine,
  grad,
  ops,
  philox,
  randomNormal,
  tensor,
  type Tensor,
  valueAndGrad,
} from "cotangent";
import {
  accuracy,
  adam,
  binaryCrossEntropy,
  clipByGlobalNorm,
  crossEntropy,
  meanSquaredError,
  mlp,
  momentum,
  type Optimiser,
  schedules,
  sgd,
} from "cotangent/nn";

const F64 = { dtype: "float64" } as const;
const near = (a: number, b: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

describe("cross-entropy", () => {
  const logits = tensor([[1, 2, 3], [0, 0, 0]], F64); // prettier-ignore
  const labels = tensor([2, 0], { dtype: "int32" });

  it("is the mean of −log of the label's probability", () => {
    const first = -Math.log(Math.exp(3) / (Math.exp(1) + Math.exp(2) + Math.exp(3)));
    near(crossEntropy(logits, labels).item(), (first + Math.log(3)) / 2);
  });

  it("takes probabilities, and smooths", () => {
    near(crossEntropy(logits, tensor([[0, 0, 1], [1, 0, 0]], F64)).item(), crossEntropy(logits, labels).item()); // prettier-ignore
    const smooth = tensor([[0.1, 0.1, 0.8], [0.8, 0.1, 0.1]], F64); // prettier-ignore
    near(crossEntropy(logits, labels, { smoothing: 0.3 }).item(), crossEntropy(logits, smooth).item());
  });

  it("has the gradient softmax − label, over the number of rows", () => {
    const g = grad((x: Tensor) => crossEntropy(x, labels))(logits).dataSync();
    const p = Math.exp(1) / (Math.exp(1) + Math.exp(2) + Math.exp(3));
    near(g[0]!, p / 2);
    near(g[3]!, (1 / 3 - 1) / 2);
  });

  it("neither overflows nor hides NaN", () => {
    near(crossEntropy(tensor([[1e4, -1e4]], F64), tensor([1], { dtype: "int32" })).item(), 2e4);
    assert.ok(Number.isNaN(crossEntropy(tensor([[NaN, 0]], F64), tensor([1], { dtype: "int32" })).item()));
    near(binaryCrossEntropy(tensor([1e4, -1e4], F64), tensor([0, 0], F64)).item(), 5e3);
    near(binaryCrossEntropy(tensor([0.3], F64), tensor([1], F64)).item(), Math.log1p(Math.exp(-0.3)));
  });

  it("says which labels it needs", () => {
    assert.throws(() => crossEntropy(logits, tensor([1], { dtype: "int32" })), {
      name: "ShapeError",
      message: /needs labels \[2\]; it got \[1\]/,
    });
    assert.throws(() => crossEntropy(logits, labels, { smooth: 1 } as never), { name: "UnknownOptionError" });
  });

  it("goes with accuracy and squared errors", () => {
    near(accuracy(logits, labels).item(), 1);
    near(accuracy(logits, tensor([0, 1], { dtype: "int32" })).item(), 0);
    near(meanSquaredError(tensor([1, 2], F64), tensor([0, 4], F64)).item(), 2.5);
  });
});

describe("an optimiser", () => {
  /** Three steps from 1 with the gradients 1, 2, −1, of a number and of a tensor. */
  function walk(optimiser: Optimiser): number[] {
    let params = { a: 1, b: tensor([1], F64) as Tensor };
    let state = optimiser.init(params);
    const seen: number[] = [];
    for (const g of [1, 2, -1]) {
      ({ params, state } = optimiser.update(params, { a: g, b: tensor([g], F64) }, state));
      near(params.a, params.b.item());
      seen.push(params.a);
    }
    return seen;
  }
  const close = (got: readonly number[], want: readonly number[]) => got.forEach((x, i) => near(x, want[i]!));

  it("of gradient descent goes down the gradient", () => close(walk(sgd({ rate: 0.1 })), [0.9, 0.7, 0.8]));

  it("of momentum keeps its velocity", () => {
    close(walk(momentum({ rate: 0.1, momentum: 0.5 })), [0.9, 0.65, 0.625]);
    close(walk(momentum({ rate: 0.1, momentum: 0.5, nesterov: true })), [0.85, 0.525, 0.6125]);
  });

  it("of Adam corrects its bias", () => {
    const [rate, b1, b2] = [0.1, 0.9, 0.999];
    let [p, m, v] = [1, 0, 0];
    const want = [1, 2, -1].map((g, i) => {
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      return (p -= (rate * (m / (1 - b1 ** (i + 1)))) / (Math.sqrt(v / (1 - b2 ** (i + 1))) + 1e-8));
    });
    close(walk(adam({ rate })), want);
  });

  it("of AdamW decays apart from the gradient", () => {
    const { params } = adam({ rate: 0.1, decay: 0.5 }).update(
      { a: 2 },
      { a: 0 },
      adam({ rate: 0.1 }).init({ a: 2 }),
    );
    near(params.a, 2 * 0.95);
  });

  it("follows a schedule", () => {
    close(walk(sgd({ rate: (step) => [0.1, 0, 0.2][step]! })), [0.9, 0.9, 1.1]);
    const warm = schedules.warmUp(3, schedules.cosineDecay(1, 4));
    close([0, 1, 2, 3, 5, 7, 9].map(warm), [0.25, 0.5, 0.75, 1, 0.5, 0, 0]);
    close([0, 2, 4, 8].map(schedules.linearDecay(1, 4, 0.2)), [1, 0.6, 0.2, 0.2]);
  });

  it("keeps no memory of past steps, on an engine whose memory no collector sees", () => {
    const engine = createWasmEngine();
    let params: { w: Tensor } = { w: tensor([1, 2, 3], { engine }) };
    const optimiser = momentum({ rate: 0.1 });
    let state = optimiser.init(params);
    const loss = (p: { w: Tensor }) => p.w.square().sum();
    const step = () => {
      const g = grad(loss)(params);
      const before = params;
      ({ params, state } = optimiser.update(params, g, state));
      g.w.dispose();
      before.w.dispose();
    };
    step();
    const { blocks } = engine.statistics();
    for (let i = 0; i < 20; i++) step();
    assert.equal(engine.statistics().blocks, blocks);
  });

  it("refuses a state or gradients of another form, and unknown options", () => {
    const optimiser = sgd({ rate: 0.1 });
    assert.throws(() => optimiser.update({ a: 1 }, { b: 1 }, optimiser.init({ a: 1 })), {
      name: "TreeError",
    });
    assert.throws(() => optimiser.update({ a: 1 }, { a: 1 }, optimiser.init({ a: 1, b: 2 })), {
      name: "OptionError",
      message: /2 parameters; there are 1/,
    });
    assert.throws(() => adam({ rate: 0.1, beta: 1 } as never), {
      name: "UnknownOptionError",
      message: /beta1/,
    });
    assert.throws(() => sgd({ rate: -1 }), { name: "OptionError" });
  });

  it("may be given gradients clipped to a norm", () => {
    const { gradients, norm } = clipByGlobalNorm({ a: 3, b: tensor([4, 0], F64) }, 1);
    near(norm, 5);
    near(gradients.a, 0.6);
    near(gradients.b.dataSync()[0]!, 0.8);
    assert.equal(clipByGlobalNorm({ a: 3 }, 10).gradients.a, 3);
    assert.ok(Number.isNaN(clipByGlobalNorm({ a: NaN, b: 1 }, 1).gradients.b));
  });
});

describe("a network", () => {
  it("learns two moons, and the same twice", () => {
    const train = () => {
      const stream = philox(3);
      const angles = [...stream.uniforms(60)].map((u) => Math.PI * u);
      const points = angles.map((t, i) =>
        i % 2 ? [1 - Math.cos(t), 0.5 - Math.sin(t)] : [Math.cos(t), Math.sin(t)],
      );
      const x = tensor(points);
      const labels = tensor(angles.map((_, i) => i % 2), { dtype: "int32" }); // prettier-ignore
      const layer = mlp([2, 16, 2], { activation: "tanh" });
      let params = layer.init(philox(1));
      const optimiser = adam({ rate: 0.03 });
      let state = optimiser.init(params);
      const step = valueAndGrad((p: typeof params) => crossEntropy(layer.apply(p, x), labels));
      let loss = Infinity;
      for (let i = 0; i < 150; i++) {
        const [value, g] = step(params);
        loss = value.item();
        ({ params, state } = optimiser.update(params, g, state));
      }
      return { loss, right: accuracy(layer.apply(params, x), labels).item() };
    };
    const [first, second] = [train(), train()];
    assert.deepEqual(first, second);
    assert.equal(first.right, 1);
    assert.ok(first.loss < 0.05, String(first.loss));
  });

  it("has functions on its way as they are: ops and layers together", () => {
    const x = randomNormal(philox(1), [3, 2], F64);
    const layer = mlp([2, 3]);
    const params = layer.init(philox(2), F64);
    const y = ops.softmax(layer.apply(params, x));
    near(y.sum().item(), 3);
  });
});
