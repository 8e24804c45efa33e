/** What tensor code under "use ad" is told of: where each method call stands; and every product with a parameter. */
import assert from "node:assert/strict";

import { type OuterProduct, record, tensor, Tensor, valueAndGrad } from "cotangent";

import { TENSOR_METHODS } from "../../../lib/src/transform/tensor-methods.js";
import { compiled as compiledIn } from "../../support/compiled.js";

const compiled = <T>(expression: string): T => compiledIn<T>(expression, 6);

const doubles = { dtype: "float64" } as const;

describe("a method call on a tensor", () => {
  it("has its place on the tape, as an operator has", () => {
    const f = compiled<(w: Tensor, x: Tensor) => Tensor>(
      '(w, x) => { "use ad"; const y = x.matmul(w).tanh() * 2; return y.sum(); }',
    );
    const trace = record(f as never, tensor([[1, 2]], doubles) as never, tensor([[3], [4]], doubles) as never).toTrace(); // prettier-ignore
    const texts = trace.operations.map((operation, at) => {
      const node = trace.nodes.operation.indexOf(at);
      const [source, start, end] = trace.nodes.span.subarray(5 * node, 5 * node + 3);
      return [operation, source! < 0 ? "" : trace.sources[source!]!.text.slice(start, end)];
    });
    assert.deepEqual(Object.fromEntries(texts), {
      input: "",
      matmul: "x.matmul(w)",
      part: "x.matmul(w)",
      tanh: "x.matmul(w).tanh()",
      mul: "x.matmul(w).tanh() * 2",
      sum: "y.sum()",
    });
  });

  it("is known by its name, and leaves others' methods of that name alone", () => {
    const own = Object.getOwnPropertyNames(Tensor.prototype);
    for (const name of TENSOR_METHODS) assert.ok(own.includes(name), name);
    for (const name of ["matmul", "sum", "softmax", "reshape", "item"])
      assert.ok(TENSOR_METHODS.has(name), name);
    const f = compiled<(x: number) => number>(
      '(x) => { "use ad"; const box = { k: 3, sum(y) { return this.k * y; }, mean: null }; return box.sum(x * 2) + (box.mean?.(x) ?? 0) + [x].concat([x]).length; }',
    );
    const [value, slope] = valueAndGrad(f)(5);
    assert.deepEqual([value, slope], [32, 6]);
  });
});

describe("the factors of a weight's gradient", () => {
  const told = (f: (p: { w: Tensor }) => Tensor, w: Tensor) => {
    const found: OuterProduct[] = [];
    const [, gradient] = valueAndGrad(f as never, {
      factors: (factors) =>
        found.push({ ...factors, input: factors.input.keep(), delta: factors.delta.keep() }),
    })({ w } as never) as unknown as [unknown, { w: Tensor }];
    return { found, gradient: gradient.w };
  };
  const w = tensor([[0.1, 0.2, -0.3], [0.4, 0.5, 0.6]], doubles); // prettier-ignore
  const x = tensor([[1, 2], [-1, 0.5], [0, 3]], doubles); // prettier-ignore

  it("are told where the weight stands on the left: W x is used as its transpose", () => {
    const { found, gradient } = told(({ w }) => w.matmul(x).tanh().sum() as Tensor, w);
    assert.equal(found.length, 1);
    const [{ parameter, input, delta, isTransposed }] = found as [OuterProduct];
    assert.deepEqual([parameter, isTransposed], ["argument.w", true]);
    assert.deepEqual([input.shape, delta.shape], [[2, 3], [2, 2]]); // prettier-ignore
    assert.deepEqual([...delta.T.matmul(input).dataSync()], [...gradient.dataSync()]);
  });

  it("are told where it stands on the right, as before, and for a view of it", () => {
    const right = told(({ w }) => x.matmul(w).tanh().sum() as Tensor, w);
    assert.deepEqual(right.found.map(({ isTransposed }) => isTransposed), [false]); // prettier-ignore
    assert.deepEqual(
      [...right.found[0]!.input.T.matmul(right.found[0]!.delta).dataSync()],
      [...right.gradient.dataSync()],
    );
    const transposed = told(({ w }) => w.T.matmul(x.T).sum() as Tensor, w);
    assert.deepEqual(transposed.found.map(({ isTransposed }) => isTransposed), [false]); // prettier-ignore
    const [{ input, delta }] = transposed.found as [OuterProduct];
    assert.deepEqual([...input.T.matmul(delta).dataSync()], [...transposed.gradient.dataSync()]);
  });
});
