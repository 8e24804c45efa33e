/** Kernels over rows: reduce, softmax and layerNorm with their adjoints, against naive loops and differences. */
import assert from "node:assert/strict";
import { referenceEngine, type View } from "cotangent";
import { reduceNames, type ReduceName } from "../../../../lib/src/engine/engine.js";
import { layouts, listed, oddShapes, sample, viewOf } from "./samples.js";

const { kernels } = referenceEngine;

const reductions: Record<ReduceName, (row: number[]) => number> = {
  sum: (row) => row.reduce((a, b) => a + b, 0),
  prod: (row) => row.reduce((a, b) => a * b, 1),
  max: (row) => Math.max(...row),
  min: (row) => Math.min(...row),
  argmax: (row) => Math.max(0, row.indexOf(Math.max(...row))),
  argmin: (row) => Math.max(0, row.indexOf(Math.min(...row))),
};

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The elements cut into `count` rows. */
function rows(x: View, count: number): number[][] {
  const all = listed(x);
  const size = count === 0 ? 0 : all.length / count;
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}

const naiveSoftmax = (row: number[]) => {
  const sum = row.reduce((total, x) => total + Math.exp(x), 0);
  return row.map((x) => Math.exp(x) / sum);
};

const naiveNorm = (row: number[], epsilon: number) => {
  const mean = row.reduce((a, b) => a + b, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + x * x, 0) / row.length - mean * mean;
  return row.map((x) => (x - mean) / Math.sqrt(variance + epsilon));
};

function close(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number) {
  assert.equal(got.length, want.length);
  for (let i = 0; i < want.length; i++)
    assert.ok(
      got[i] === want[i] || Math.abs(got[i]! - want[i]!) <= tolerance,
      `[${i}]: ${got[i]} is not ${want[i]}`,
    );
}

const withRows = oddShapes.filter((shape) => shape.length > 0);

/** x̄ by central differences of Σ f(x) ⊙ ȳ. */
function differences(f: (x: View) => ArrayLike<number>, x: View, yBar: View): number[] {
  const [numbers, bar] = [listed(x), listed(yBar)];
  const h = 1e-5;
  const at = (i: number, by: number) => {
    const moved = numbers.map((value, j) => (i === j ? value + by : value));
    return Array.from(f(viewOf("float64", x.shape, moved))).reduce((sum, y, j) => sum + y * bar[j]!, 0);
  };
  return numbers.map((_, i) => (at(i, h) - at(i, -h)) / (2 * h));
}

describe("the reference engine's reduce", () => {
  for (const name of reduceNames)
    it(`computes ${name} over any number of last axes`, () => {
      for (const shape of oddShapes)
        for (const layout of layouts)
          for (let keep = 0; keep <= shape.length; keep++) {
            const x = sample(1, shape, { layout });
            const want = rows(x, product(shape.slice(0, keep))).map(reductions[name]);
            const result = kernels.reduce(name, x, keep);
            assert.equal(result.dtype, name.startsWith("arg") ? "int32" : "float64");
            close(result.read(), want, 1e-12);
          }
    });

  it("gives the neutral element of nothing", () => {
    const of = (name: ReduceName) => [...kernels.reduce(name, viewOf("float64", [2, 0], []), 1).read()];
    assert.deepEqual([of("sum"), of("prod"), of("max"), of("min")], [
      [0, 0], [1, 1], [-Infinity, -Infinity], [Infinity, Infinity],
    ]); // prettier-ignore
  });

  it("takes the first of equals, and the first NaN", () => {
    const of = (name: ReduceName, ...numbers: number[]) =>
      kernels.reduce(name, viewOf("float64", [numbers.length], numbers), 0).read()[0];
    assert.equal(of("argmax", 1, 3, 3), 1);
    assert.equal(of("argmin", 2, 1, 1), 1);
    assert.equal(of("argmax", 1, NaN, 9, NaN), 1);
    assert.equal(of("argmin", 1, NaN, -9), 1);
    assert.equal(of("argmax", -Infinity, -Infinity), 0);
    for (const name of ["sum", "prod", "max", "min"] as const)
      assert.ok(Number.isNaN(of(name, 1, NaN, 2)), name);
  });

  it("sums single precision in double precision", () => {
    const x = viewOf("float32", [3], [2 ** 24, 1, 1]);
    assert.equal(kernels.reduce("sum", x, 0).read()[0], 2 ** 24 + 2);
  });
});

describe("the reference engine's softmax", () => {
  it("is the textbook's, in every layout", () => {
    for (const shape of withRows)
      for (const layout of layouts) {
        const x = sample(2, shape, { layout });
        close(kernels.softmax(x).read(), rows(x, product(shape.slice(0, -1))).flatMap(naiveSoftmax), 1e-14);
      }
  });

  it("does not overflow, masks with −∞, and is NaN only in the row of a NaN or +∞", () => {
    const x = viewOf("float64", [4, 2], [1e4, 1e4, -Infinity, 0, NaN, 0, Infinity, 0]);
    assert.deepEqual([...kernels.softmax(x).read()], [0.5, 0.5, 0, 1, NaN, NaN, NaN, NaN]);
  });

  it("has the adjoint of central differences", () => {
    for (const shape of withRows)
      for (const layout of layouts) {
        const [x, yBar] = [sample(3, shape, { layout }), sample(4, shape, { layout })];
        const y = viewOf("float64", shape, kernels.softmax(x).read());
        const want = differences((moved) => kernels.softmax(moved).read(), x, yBar);
        close(kernels.softmaxVjp(y, yBar).read(), want, 1e-8);
      }
  });
});

describe("the reference engine's layerNorm", () => {
  it("is the textbook's, in every layout", () => {
    for (const shape of withRows)
      for (const layout of layouts) {
        const x = sample(5, shape, { layout });
        const want = rows(x, product(shape.slice(0, -1))).flatMap((row) => naiveNorm(row, 1e-3));
        close(kernels.layerNorm(x, 1e-3).read(), want, 1e-10);
      }
  });

  it("subtracts the mean before it squares", () => {
    const x = viewOf("float64", [2], [1e9 + 1, 1e9 - 1]);
    assert.deepEqual([...kernels.layerNorm(x, 0).read()], [1, -1]);
  });

  it("has the adjoint of central differences", () => {
    for (const shape of withRows)
      for (const layout of layouts) {
        const [x, yBar] = [sample(6, shape, { layout }), sample(7, shape, { layout })];
        const want = differences((moved) => kernels.layerNorm(moved, 0.1).read(), x, yBar);
        close(kernels.layerNormVjp(x, yBar, 0.1).read(), want, 1e-8);
      }
  });
});
