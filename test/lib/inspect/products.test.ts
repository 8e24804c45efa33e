/** What `inspect` says of gradients of weights, which are products of two factors. */
import assert from "node:assert/strict";
import { grad, inspect, ops, tensor, type OuterProduct, type Tensor } from "cotangent";
import { type Dense, effectiveRank, singularValues } from "cotangent/dad";
import { boundTapeTrace, decodeTapeTrace, DEFAULT_THETA, encodeTapeTrace, productsByNode, rankCeiling, ranksOf, tapeEncodedSize, TapeFlag, type TapeProduct } from "cotangent/trace"; // prettier-ignore

type Numbers = readonly number[];
const wave = (shape: Numbers, seed: number): Tensor =>
  tensor(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + seed + 7.3 * i * i)), // prettier-ignore
    shape,
    { dtype: "float64" },
  );
const denseOf = (x: Tensor): Dense => {
  const cols = x.shape.at(-1)!;
  return { rows: x.size / cols, cols, data: Float64Array.from(x.dataSync()) };
};
/** Singular values of a matrix by those of A = X, Δ = 1: AᵀΔ is its transpose. */
const sigmaOf = (x: Dense): Float64Array => {
  const eye = Float64Array.from({ length: x.rows ** 2 }, (_, i) => (i % (x.rows + 1) === 0 ? 1 : 0));
  return singularValues(x, { rows: x.rows, cols: x.rows, data: eye });
};
const close = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  assert.equal(a.length, b.length);
  const scale = Math.max(1e-300, ...Array.from(b));
  for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i]! - b[i]!) < 1e-12 * scale, `${i}: ${a[i]} and ${b[i]}`); // prettier-ignore
};
const loss = (w: Tensor, x: Tensor) => x.matmul(w).tanh().mul(x.matmul(w)).sum();
const only = (products: readonly TapeProduct[], weight: number) => products.filter((each) => each.weight === weight); // prettier-ignore

describe("products with weights, inspected", () => {
  it("have the singular values of A, Δ and of the gradient that was found", () => {
    const [w, x] = [wave([5, 3], 1), wave([7, 5], 2)];
    const f = (weight: Tensor) => x.matmul(weight).tanh().sum();
    const [product, ...others] = inspect(f as never, w as never).trace.products;
    assert.deepEqual(others, []);
    const { rows, inputs, outputs, isTransposed, spectra, why } = product!;
    assert.deepEqual([rows, inputs, outputs, isTransposed, why], [7, 5, 3, false, ""]);
    assert.equal(rankCeiling(product!), 3);
    const gradient = (grad(f as never) as (w: Tensor) => Tensor)(w);
    close(spectra!.gradient, sigmaOf(denseOf(gradient)));
    close(spectra!.input, sigmaOf(denseOf(x)));
    // Δ = 1 − tanh².
    const y = x.matmul(w).tanh();
    close(spectra!.delta, sigmaOf(denseOf(y.mul(y).mul(-1).add(1))));
  });

  it("have the effective ranks that dAD's functions give for the same factors", () => {
    const [w, x] = [wave([6, 4], 3), wave([9, 6], 4)];
    const f = (weight: Tensor) => x.matmul(weight).tanh().sum();
    const told: { input: Dense; delta: Dense }[] = [];
    const factors = ({ input, delta }: OuterProduct) => void told.push({ input: denseOf(input), delta: denseOf(delta) }); // prettier-ignore
    (grad(f as never, { factors }) as (w: Tensor) => Tensor)(w);
    const { spectra } = inspect(f as never, w as never).trace.products[0]!;
    for (const theta of [0, 1e-3, 0.1, 0.3, 0.7]) {
      const ranks = ranksOf(spectra!, theta);
      assert.equal(ranks.gradient, effectiveRank(singularValues(told[0]!.input, told[0]!.delta), theta));
      assert.equal(ranks.input, effectiveRank(sigmaOf(told[0]!.input), theta));
      assert.equal(ranks.delta, effectiveRank(sigmaOf(told[0]!.delta), theta));
    }
  });

  it("are of rank 1 for one sample, and have equal values for an orthogonal A and a Δ of ones on its diagonal", () => {
    const w = wave([4, 3], 5);
    const single = wave([1, 4], 6);
    const one = inspect(((v: Tensor) => single.matmul(v).tanh().sum()) as never, w as never).trace
      .products[0]!;
    assert.equal(rankCeiling(one), 1);
    const norm = Math.hypot(...denseOf(single).data);
    close(one.spectra!.input, [norm]);
    close(one.spectra!.gradient, [norm * one.spectra!.delta[0]!]);
    // x = 2Q: its singular values are 2, 2, 2; Δ is the identity, because y is weighted by it.
    const turn = tensor([[0, 2, 0], [0, 0, 2], [2, 0, 0]], { dtype: "float64" }); // prettier-ignore
    const eye = tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1]], { dtype: "float64" }); // prettier-ignore
    const f = (v: Tensor) => turn.matmul(v).mul(eye).sum();
    const { spectra } = inspect(f as never, wave([3, 3], 7) as never).trace.products[0]!;
    close(spectra!.input, [2, 2, 2]);
    close(spectra!.delta, [1, 1, 1]);
    close(spectra!.gradient, [2, 2, 2]);
  });

  it("count rows of all batches, and stand for each use of a weight", () => {
    const [w, x] = [wave([3, 3], 8), wave([2, 5, 3], 9)];
    const { trace } = inspect(((v: Tensor) => x.matmul(v).tanh().matmul(v).sum()) as never, w as never);
    assert.deepEqual(trace.products.map(({ rows, weight }) => [rows, weight]), [[10, 0], [10, 0]]); // prettier-ignore
    // The last product is the first of the sweep.
    assert.ok(trace.products[0]!.node > trace.products[1]!.node);
    for (const { node } of trace.products)
      assert.equal(trace.operations[trace.nodes.operation[node]!], "matmul");
  });

  it("are told of a weight on the left, used as its transpose", () => {
    const [w, x] = [wave([3, 4], 10), wave([4, 6], 11)];
    const f = (v: Tensor) => v.matmul(x).tanh().sum();
    const [product] = inspect(f as never, w as never).trace.products;
    assert.deepEqual(
      [product!.isTransposed, product!.rows, product!.inputs, product!.outputs],
      [true, 6, 4, 3],
    );
    close(product!.spectra!.gradient, sigmaOf(denseOf((grad(f as never) as (w: Tensor) => Tensor)(w))));
  });

  it("are found at the weight, at the product and at its result", () => {
    const { trace } = inspect(loss as never, wave([3, 2], 12) as never, wave([4, 3], 13) as never);
    const byNode = productsByNode(trace);
    const weight = trace.inputs.find(({ path }) => path === "w")!.node;
    assert.equal(byNode.get(weight)!.length, 2);
    for (const product of only(trace.products, weight)) {
      assert.ok(byNode.get(product.node)!.includes(product));
      assert.ok(byNode.get(product.node + 1)!.includes(product));
      assert.ok(trace.nodes.flags[product.node + 1]! & TapeFlag.part);
    }
  });

  it("are of the output that is asked for", () => {
    const [w, x] = [wave([3, 2], 14), wave([4, 3], 15)];
    const f = (v: Tensor) => [x.matmul(v).sum(), x.matmul(v).tanh().sum()];
    const seen = inspect(f as never, w as never);
    assert.equal(ranksOf(seen.trace.products[0]!.spectra!, DEFAULT_THETA).delta, 1);
    assert.equal(ranksOf(seen.of(1).trace.products[0]!.spectra!, DEFAULT_THETA).delta, 2);
  });

  it("are none where the weights are numbers", () => {
    assert.deepEqual(inspect((x: number) => ops.mul(x, x), 3).trace.products, []);
  });
});

describe("the bounds of products with weights", () => {
  it("leave out the singular values of large factors, and say why, with the sizes", () => {
    const [w, x] = [wave([300, 2], 1), wave([400, 300], 2)];
    const { trace } = inspect(((v: Tensor) => x.matmul(v).sum()) as never, w as never);
    const [product] = trace.products;
    assert.equal(product!.spectra, null);
    assert.match(product!.why, /a factor has 300 singular values; at most 256 are computed/);
    assert.deepEqual([product!.rows, rankCeiling(product!)], [400, 2]);
  });

  it("keep 64 of them, the last of the function, and say how many there were", () => {
    const [w, x] = [wave([2, 2], 1), wave([2, 2], 2)];
    const f = (v: Tensor) => {
      let y = x;
      for (let i = 0; i < 70; i++) y = y.matmul(v).tanh();
      return y.sum();
    };
    const { products, omissions } = inspect(f as never, w as never).trace;
    assert.equal(products.length, 64);
    assert.deepEqual(omissions.map(({ what, kept, of }) => [what, kept, of]), [["products with weights", 64, 70]]); // prettier-ignore
  });

  it("leave out a weight that is many matrices, and say so", () => {
    const [w, x] = [wave([2, 3, 3], 1), wave([2, 4, 3], 2)];
    const { products, omissions } = inspect(((v: Tensor) => x.matmul(v).sum()) as never, w as never).trace;
    assert.deepEqual(products, []);
    assert.match(omissions[0]!.reason, /axes of a batch/);
  });

  it("say where a factor is not finite", () => {
    const x = tensor([[NaN, 1]], { dtype: "float64" });
    const [product] = inspect(((v: Tensor) => x.matmul(v).sum()) as never, wave([2, 2], 1) as never).trace.products; // prettier-ignore
    assert.equal(product!.why, "A has numbers that are not finite");
  });

  it("let a saved trace lose nodes first; a product whose node is gone is still that of its weight", () => {
    const [w, x] = [wave([3, 3], 8), wave([5, 3], 9)];
    const f = (v: Tensor) => {
      let y = x.matmul(v);
      for (let i = 0; i < 40; i++) y = y.tanh();
      return y.sum();
    };
    const { trace } = inspect(f as never, w as never);
    const bounded = boundTapeTrace(trace, Math.floor(0.6 * tapeEncodedSize(trace)));
    assert.deepEqual(bounded.products.map(({ node, weight }) => [node, weight]), [[-1, 0]]); // prettier-ignore
    const json = JSON.parse(JSON.stringify(encodeTapeTrace(bounded).data)) as unknown;
    assert.deepEqual(decodeTapeTrace(json), bounded);
  });
});

describe("the words of an inspection", () => {
  it("tell of every weight's gradient and its rank", () => {
    const text = String(inspect(loss as never, wave([3, 2], 12) as never, wave([1, 3], 13) as never));
    assert.match(text, /∂\/∂w +W̄ = AᵀΔ: effective rank 1 of at most 1 at θ = 0\.001; A \[1 × 3\] has 1, Δ \[1 × 2\] has 1/); // prettier-ignore
  });
});
