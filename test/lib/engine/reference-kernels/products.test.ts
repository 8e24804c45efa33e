/** matmul, attention, gather and scatterAdd of the reference engine, against naive loops. */
import assert from "node:assert/strict";
import { referenceEngine } from "cotangent";
import { at, indices, layouts, sample, viewOf } from "./samples.js";

const { kernels } = referenceEngine;

function close(got: ArrayLike<number>, want: readonly number[], what: string) {
  assert.equal(got.length, want.length, what);
  want.forEach((value, i) =>
    assert.ok(Math.abs(got[i]! - value) < 1e-12, `${what} [${i}]: ${got[i]}, ${value}`),
  );
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const batches = [[], [3], [2, 1], [0]];

describe("the reference engine's matmul", () => {
  it("is the sum of products, for odd shapes, batches and layouts", () => {
    for (const batch of batches)
      for (const [m, k, n] of [
        [1, 1, 1],
        [3, 7, 1],
        [7, 1, 3],
        [3, 0, 7],
        [0, 3, 7],
        [7, 3, 0],
      ] as const)
        // prettier-ignore
        for (const left of layouts)
          for (const right of layouts) {
            const a = sample(1, [...batch, m, k], { layout: left });
            const b = sample(2, [...batch, k, n], { layout: right });
            const want = [...indices([...batch, m, n])].map((index) => {
              const [i, j] = index.slice(-2);
              const outer = index.slice(0, -2);
              return sum(range(k).map((l) => at(a, [...outer, i!, l]) * at(b, [...outer, l, j!])));
            });
            close(kernels.matmul(a, b).read(), want, `${left} × ${right}, [${batch}], ${m} ${k} ${n}`);
          }
  });

  it("repeats a matrix over the batch", () => {
    const a = sample(3, [3, 2, 5]);
    const one = sample(4, [5, 2]);
    const b = { ...one, shape: [3, 5, 2], strides: [0, ...one.strides] };
    const copied = viewOf("float64", [3, 5, 2], kernels.copy(b).read());
    assert.deepEqual(kernels.matmul(a, b).read(), kernels.matmul(a, copied).read());
  });

  it("accumulates in double precision, rounds once, and skips no zero", () => {
    const a = viewOf("float32", [1, 3], [2 ** 24, 1, 1]);
    const ones = viewOf("float32", [3, 1], [1, 1, 1]);
    assert.deepEqual(kernels.matmul(a, ones).read(), Float32Array.of(2 ** 24 + 2));
    const zero = viewOf("float64", [1, 1], [0]);
    const infinite = viewOf("float64", [1, 1], [Infinity]);
    assert.ok(Number.isNaN(kernels.matmul(zero, infinite).read()[0]));
  });
});

describe("the reference engine's attention", () => {
  it("is softmax(scale · q kᵀ) v", () => {
    for (const batch of batches)
      for (const [m, n, d, e] of [
        [1, 1, 1, 1],
        [3, 7, 2, 5],
        [7, 3, 5, 1],
        [0, 3, 2, 2],
      ] as const)
        // prettier-ignore
        for (const layout of layouts) {
          const q = sample(5, [...batch, m, d], { layout });
          const k = sample(6, [...batch, n, d], { layout });
          const v = sample(7, [...batch, n, e], { layout });
          const want = [...indices([...batch, m, e])].map((index) => {
            const [i, j] = index.slice(-2);
            const outer = index.slice(0, -2);
            const weights = range(n).map((key) =>
              Math.exp(0.7 * sum(range(d).map((l) => at(q, [...outer, i!, l]) * at(k, [...outer, key, l])))),
            );
            return sum(range(n).map((key) => weights[key]! * at(v, [...outer, key, j!]))) / sum(weights);
          });
          close(kernels.attention(q, k, v, 0.7).read(), want, `${layout}, [${batch}], ${m} ${n} ${d} ${e}`);
        }
  });

  it("without keys is 0", () => {
    const q = sample(8, [2, 3]);
    const none = viewOf("float64", [0, 3], []);
    assert.deepEqual([...kernels.attention(q, none, none, 1).read()], [0, 0, 0, 0, 0, 0]);
  });
});

describe("the reference engine's gather", () => {
  for (const [rows, rest] of [
    [7, []],
    [3, [5]],
    [1, [2, 3]],
    [3, [0]],
  ] as [number, number[]][])
    // prettier-ignore
    for (const shape of [[], [0], [7], [3, 2]])
      it(`takes [${shape}] rows of [${[rows, ...rest]}], and scatterAdd brings them back`, () => {
        const draw = (uniform: () => number) => Math.floor(rows * uniform());
        for (const layout of layouts) {
          const table = sample(9, [rows, ...rest], { layout });
          const index = sample(10, shape, { layout, dtype: "int32", draw });
          const taken = [...indices([...shape, ...rest])].map((where) =>
            at(table, [at(index, where.slice(0, shape.length)), ...where.slice(shape.length)]),
          );
          assert.deepEqual([...kernels.gather(table, index).read()], taken);

          const updates = sample(11, [...shape, ...rest], { layout });
          const added = [...indices([rows, ...rest])].map(([row, ...inner]) =>
            sum([...indices(shape)].filter((i) => at(index, i) === row).map((i) => at(updates, [...i, ...inner]))),
          );
          close(kernels.scatterAdd(index, updates, rows).read(), added, layout);
        }
      });
});
