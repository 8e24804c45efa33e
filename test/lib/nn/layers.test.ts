/** Layers: against naive loops, against differences, and what they tell of their gradients. */
import assert from "node:assert/strict";

import { grad, ops, philox, randomNormal, tensor, type Tensor, valueAndGrad } from "cotangent";
import {
  convolution,
  dropout,
  embedding,
  encoder,
  encoderBlock,
  gru,
  initialisers,
  lambda,
  type Layer,
  layerNorm,
  linear,
  mlp,
  multiHeadAttention,
  sequential,
} from "cotangent/nn";

const F64 = { dtype: "float64" } as const;
const list = (t: Tensor) => Array.from(t.dataSync());
const draw = (seed: number, ...shape: number[]) => randomNormal(philox(seed), shape, F64);

function close(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number, what = ""): void {
  assert.equal(got.length, want.length, what);
  for (let i = 0; i < want.length; i++)
    assert.ok(
      Math.abs(got[i]! - want[i]!) <= tolerance * (1 + Math.abs(want[i]!)),
      `${what} [${i}]: ${got[i]} is not ${want[i]}`,
    );
}

/** Every tensor of a tree, with where it is. */
function leaves(tree: unknown, path = ""): [string, Tensor][] {
  if (typeof tree === "object" && tree !== null && "shape" in tree) return [[path, tree as Tensor]];
  return Object.entries(tree as object).flatMap(([key, part]) => leaves(part, `${path}.${key}`));
}

/** The gradient of Σ y² along a direction of each parameter, against a difference. */
function checkGradient(layer: Layer<never>, x: Tensor): void {
  const params = layer.init(philox(5), F64);
  const loss = (p: unknown) => ops.sum(layer.apply(p as never, x).square());
  const g = new Map(leaves(grad(loss as never)(params as never)));
  for (const [path, leaf] of leaves(params)) {
    const along = draw(9, ...leaf.shape);
    const keys = path.slice(1).split(".");
    const at = (h: number) => {
      const moved = structuredCopy(params) as Record<string, unknown>;
      let node: Record<string, unknown> = moved;
      for (const key of keys.slice(0, -1)) node = node[key] as Record<string, unknown>;
      node[keys.at(-1)!] = leaf.add(along.mul(h));
      return loss(moved).item();
    };
    const difference = (8 * (at(1e-4) - at(-1e-4)) - (at(2e-4) - at(-2e-4))) / 12e-4;
    close([ops.sum(g.get(path)!.mul(along)).item()], [difference], 2e-7, path);
  }
}

const structuredCopy = (tree: unknown): unknown => {
  if (Array.isArray(tree)) return tree.map(structuredCopy);
  if (typeof tree === "object" && tree !== null && !("shape" in tree))
    return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, structuredCopy(part)]));
  return tree;
};

const ids = tensor([[0, 2, 1], [3, 3, 0]], { dtype: "int32" }); // prettier-ignore
const layersWithInputs: Readonly<Record<string, readonly [Layer<never>, Tensor]>> = {
  linear: [linear(3, 4) as never, draw(1, 5, 3)],
  "linear without a bias": [linear(3, 4, { bias: false }) as never, draw(1, 2, 5, 3)],
  mlp: [mlp([3, 6, 2], { activation: "tanh" }) as never, draw(1, 4, 3)],
  layerNorm: [layerNorm(5) as never, draw(1, 2, 3, 5)],
  embedding: [embedding(4, 3) as never, ids],
  attention: [multiHeadAttention(6, { heads: 2 }) as never, draw(1, 2, 4, 6)],
  "causal attention": [multiHeadAttention(6, { heads: 3, causal: true }) as never, draw(1, 2, 4, 6)],
  "encoder block, norm before": [encoderBlock(4, { heads: 2, hidden: 6 }) as never, draw(1, 2, 3, 4)],
  encoder: [encoder(2, 4, { heads: 2, hidden: 5 }) as never, draw(1, 1, 3, 4)],
  "encoder block, norm behind": [
    encoderBlock(4, { heads: 2, hidden: 6, norm: "post", activation: "tanh" }) as never,
    draw(1, 2, 3, 4),
  ],
  gru: [gru(3, 4) as never, draw(1, 2, 3, 3)],
  convolution: [convolution(2, 3, 3, { padding: 1 }) as never, draw(1, 1, 2, 4, 4)],
  sequential: [
    sequential(linear(3, 4) as never, lambda(ops.tanh) as never, linear(4, 2) as never) as never,
    draw(1, 4, 3),
  ],
};

describe("a layer", () => {
  for (const [name, [layer, x]] of Object.entries(layersWithInputs)) {
    it(`of ${name} has the gradient of differences, for every parameter`, () => checkGradient(layer, x));

    it(`of ${name} begins the same from the same stream`, () => {
      const numbers = (seed: number) =>
        leaves(layer.init(philox(seed), F64)).flatMap(([, leaf]) => list(leaf));
      assert.deepEqual(numbers(1), numbers(1));
    });
  }

  it("more changes nothing in the layers before it", () => {
    const [short, long] = [mlp([3, 4, 2]), mlp([3, 4, 2, 5])].map((layer) => layer.init(philox(1)));
    assert.deepEqual(list(short!.layers[1]!.weight), list(long!.layers[1]!.weight));
  });

  it("of attention is a naive loop over heads", () => {
    const [B, N, width, heads, depth] = [2, 3, 4, 2, 2];
    const layer = multiHeadAttention(width, { heads });
    const params = layer.init(philox(2), F64);
    const x = draw(3, B, N, width);
    const project = (p: { weight: Tensor; bias?: Tensor }) => list(x.matmul(p.weight).add(p.bias!));
    const [q, k, v] = [params.query, params.key, params.value].map(project) as [number[], number[], number[]];
    const at = (all: number[], b: number, n: number, h: number, d: number) =>
      all[(b * N + n) * width + h * depth + d]!;
    const mixed: number[] = [];
    for (let b = 0; b < B; b++) for (let n = 0; n < N; n++) for (let h = 0; h < heads; h++) {
      const scores = Array.from({ length: N }, (_, m) => {
        let dot = 0;
        for (let d = 0; d < depth; d++) dot += at(q, b, n, h, d) * at(k, b, m, h, d);
        return Math.exp(dot / Math.sqrt(depth));
      });
      const total = scores.reduce((s, e) => s + e);
      for (let d = 0; d < depth; d++) mixed.push(scores.reduce((s, e, m) => s + (e / total) * at(v, b, m, h, d), 0));
    } // prettier-ignore
    const want = tensor(mixed, [B, N, width], F64).matmul(params.output.weight).add(params.output.bias!);
    close(list(layer.apply(params, x)), list(want), 1e-12);
    const { output, weights } = layer.withWeights(params, x);
    close(list(output), list(want), 1e-12);
    assert.deepEqual(weights.shape, [B, heads, N, N]);
    close(list(weights.sum(-1)), new Array(B * heads * N).fill(1), 1e-12);
  });

  it("of causal attention does not look ahead, and a mask hides", () => {
    const layer = multiHeadAttention(4, { heads: 2, causal: true });
    const params = layer.init(philox(2), F64);
    const x = draw(3, 1, 4, 4);
    const changed = ops.concat([x.slice(null, [0, 3]), x.slice(null, [3]).add(1)], 1);
    close(
      list(layer.apply(params, x).slice(null, [0, 3])),
      list(layer.apply(params, changed).slice(null, [0, 3])),
      1e-13,
    );
    const mask = tensor([1, 0, 1, 1], F64);
    const { weights } = multiHeadAttention(4, { heads: 2 }).withWeights(params, x, mask);
    assert.deepEqual(list(weights.slice(null, null, null, 1)), new Array(8).fill(0));
  });

  it("of a GRU is the textbook's step", () => {
    const layer = gru(2, 3);
    const params = layer.init(philox(4), F64);
    const [x, h] = [draw(1, 1, 2), draw(2, 1, 3)];
    const [wx, uh, bx, bh] = [params.input, params.hidden, draw(5, 9), draw(6, 9)].map(list) as [
      number[],
      number[],
      number[],
      number[],
    ];
    const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));
    const of = (m: number[], v: number[], b: number[], j: number) =>
      v.reduce((s, y, i) => s + y * m[i * 9 + j]!, b[j]!);
    const [xs, hs] = [list(x), list(h)];
    const want = [0, 1, 2].map((j) => {
      const r = sigmoid(of(wx, xs, bx, j) + of(uh, hs, bh, j));
      const z = sigmoid(of(wx, xs, bx, 3 + j) + of(uh, hs, bh, 3 + j));
      const n = Math.tanh(of(wx, xs, bx, 6 + j) + r * of(uh, hs, bh, 6 + j));
      return (1 - z) * n + z * hs[j]!;
    });
    const biased = { ...params, inputBias: tensor(bx, F64), hiddenBias: tensor(bh, F64) };
    close(list(layer.step(biased, x, h)), want, 1e-12);
  });

  it("says what it takes", () => {
    const params = linear(3, 4).init(philox(1));
    assert.throws(() => linear(3, 4).apply(params, tensor([[1, 2]])), {
      name: "ShapeError",
      message: /linear takes \[\.\.\., 3\]; it got \[1, 2\]/,
    });
    assert.throws(() => multiHeadAttention(6, { heads: 4 }), {
      name: "OptionError",
      message: /6 does not divide among 4/,
    });
    assert.throws(() => linear(3, 4, { bais: true } as never), {
      name: "UnknownOptionError",
      message: /bias/,
    });
    assert.throws(() => mlp([3]), { name: "OptionError" });
    assert.throws(() => mlp([3, 2], { activation: "swish" as never }), {
      name: "OptionError",
      message: /silu/,
    });
    assert.throws(() => gru(3, 4).apply(gru(3, 4).init(philox(1)), tensor([[1]])), {
      name: "ShapeError",
      message: /gru takes/,
    });
  });

  it("of dropout keeps the mean, and is drawn from the stream", () => {
    const x = tensor(new Float64Array(4000).fill(1), [4000]);
    const y = dropout(x, 0.25, philox(1));
    assert.deepEqual(list(y), list(dropout(x, 0.25, philox(1))));
    assert.ok(list(y).every((v) => v === 0 || Math.abs(v - 4 / 3) < 1e-12));
    assert.ok(Math.abs(y.mean().item() - 1) < 0.05);
    assert.throws(() => dropout(x, 1, philox(1)), { name: "OptionError" });
  });
});

describe("the factors of a layer's gradient", () => {
  const told = (layer: Layer<never>, x: Tensor) => {
    const params = layer.init(philox(5), F64) as never;
    const products = new Map<string, Tensor>();
    const [, g] = valueAndGrad((p: never) => ops.sum(layer.apply(p, x).square()), {
      factors: ({ parameter, input, delta }) => {
        const product = input.matrixTranspose().matmul(delta).keep();
        const before = products.get(parameter);
        products.set(parameter, before ? before.add(product).keep() : product);
      },
    })(params);
    return { products, gradients: new Map(leaves(g)) };
  };

  for (const [name, expected] of [
    ["mlp", [".layers.1.weight", ".layers.0.weight"]],
    ["attention", [".output.weight", ".value.weight", ".key.weight", ".query.weight"]],
    ["gru", [".input", ".hidden"]],
    ["embedding", []],
  ] as const)
    it(`of ${name}: AᵀΔ is the gradient of every weight`, () => {
      const [layer, x] = layersWithInputs[name]!;
      const { products, gradients } = told(layer, x);
      const paths = [...products.keys()].map((path) =>
        path.replace(/^argument/, "").replace(/\[(\d+)\]/g, ".$1"),
      );
      assert.deepEqual(paths.sort(), [...expected].sort());
      [...products.values()].forEach((product, i) => {
        const path = [...products.keys()][i]!.replace(/^argument/, "").replace(/\[(\d+)\]/g, ".$1");
        close(list(product), list(gradients.get(path)!), 1e-12, path);
      });
    });
});

describe("initial weights", () => {
  const spread = (t: Tensor) => Math.sqrt(t.square().mean().item());

  it("have the spread that their authors say", () => {
    const shape = [200, 100];
    const expected = {
      glorotUniform: Math.sqrt(2 / 300), glorotNormal: Math.sqrt(2 / 300), heUniform: Math.sqrt(2 / 200),
      heNormal: Math.sqrt(2 / 200), lecunNormal: Math.sqrt(1 / 200),
    }; // prettier-ignore
    for (const [name, want] of Object.entries(expected)) {
      const t = initialisers[name as keyof typeof expected](philox(1), shape, F64);
      assert.ok(Math.abs(spread(t) / want - 1) < 0.03, name);
    }
    assert.ok(
      Math.abs(spread(initialisers.uniform(0.3)(philox(1), shape, F64)) / (0.3 / Math.sqrt(3)) - 1) < 0.03,
    );
    const truncated = initialisers.truncatedNormal(0.5)(philox(1), shape, F64);
    assert.ok(list(truncated).every((x) => Math.abs(x) <= 1));
    assert.throws(() => initialisers.heNormal(philox(1), [3]), {
      name: "OptionError",
      message: /\[3\] has no fan/,
    });
  });

  it("of orthogonal are orthonormal, along the shorter side", () => {
    for (const shape of [[6, 4], [4, 6]]) {
      const q = initialisers.orthogonal(philox(1), shape, F64);
      const gram = shape[0]! > shape[1]! ? q.matrixTranspose().matmul(q) : q.matmul(q.matrixTranspose());
      close(list(gram), Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)), 1e-12);
    } // prettier-ignore
  });
});
