/** The reference engine: products, softmax, eigenvectors. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  columns,
  concatColumns,
  matmul,
  matmulTransposed,
  matrix,
  mulberry32,
  normalMatrix,
  row,
  softmaxRows,
  symmetricEigen,
} from "cotangent";

describe("a matrix product", () => {
  it("is the textbook's", () => {
    const a = matrix([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
    const b = matrix([[7, 8, 9], [10, 11, 12]]); // prettier-ignore
    assert.deepEqual(matmul(a, b), matrix([[27, 30, 33], [61, 68, 75], [95, 106, 117]])); // prettier-ignore
    assert.deepEqual(matmulTransposed(a, a), matrix([[5, 11, 17], [11, 25, 39], [17, 39, 61]])); // prettier-ignore
  });

  it("of shapes that do not fit is an error that names both", () => {
    assert.throws(() => matmul(matrix([[1, 2]]), matrix([[1, 2]])), {
      name: "ShapeError",
      message: "Cannot multiply [1, 2] by [1, 2].",
    });
    assert.throws(() => matrix([[1], [1, 2]]), { name: "ShapeError", message: /^Row 1 has 2 numbers/ });
  });

  it("can be taken apart by columns and put together again", () => {
    const a = normalMatrix(mulberry32(3), 4, 6);
    assert.deepEqual(concatColumns([columns(a, 0, 2), columns(a, 2, 5), columns(a, 5, 6)]), a);
  });
});

describe("softmax", () => {
  it("has rows that sum to 1, whatever finite scores", () => {
    const scores = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(scores, (values) => {
        const { data } = softmaxRows(matrix([values]));
        assert.ok(Math.abs(data.reduce((a, b) => a + b, 0) - 1) < 1e-12);
        assert.ok(data.every((weight) => weight >= 0));
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it("lets NaN through in its own row only, and -Infinity masks", () => {
    const { data } = softmaxRows(matrix([[NaN, 0], [0, 0], [-Infinity, 0]])); // prettier-ignore
    assert.deepEqual([...data], [NaN, NaN, 0.5, 0.5, 0, 1]);
  });
});

describe("the eigenvectors of a symmetric matrix", () => {
  it("are orthonormal and turn it into its eigenvalues, largest first", () => {
    const g = normalMatrix(mulberry32(5), 12, 12);
    const a = matmulTransposed(g, g);
    const { values, vectors } = symmetricEigen(a);
    const turned = matmulTransposed(matmul(vectors, a), vectors);
    const unit = matmulTransposed(vectors, vectors);
    for (let i = 0; i < 12; i++) {
      assert.ok(i === 0 || values[i]! <= values[i - 1]!);
      for (let j = 0; j < 12; j++) {
        assert.ok(Math.abs(row(turned, i)[j]! - (i === j ? values[i]! : 0)) < 1e-11);
        assert.ok(Math.abs(row(unit, i)[j]! - (i === j ? 1 : 0)) < 1e-13);
      }
    }
  });
});
