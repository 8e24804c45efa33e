/** Leading eigenvalues from products alone, against matrices whose spectrum is known. */
import assert from "node:assert/strict";
import { mulberry32, normalMatrix } from "cotangent";
import { leadingEigenvalues } from "../../../lib/src/numeric/arnoldi.js";

/** A product with a block-diagonal matrix, seen through reflections, so that no unit vector is an eigenvector. */
function hidden(n: number, leading: readonly (readonly [re: number, im: number])[]) {
  const v = normalMatrix(mulberry32(3), 1, n).data;
  const square = v.reduce((sum, x) => sum + x * x, 0);
  const reflect = (x: Float64Array): Float64Array => {
    const along = x.reduce((sum, entry, i) => sum + entry * v[i]!, 0);
    return x.map((entry, i) => entry - (2 * along * v[i]!) / square);
  };
  const diagonal = (x: Float64Array): Float64Array => {
    const y = x.map((entry, i) => 0.3 * (entry * (i + 1)) / n); // prettier-ignore
    leading.forEach(([re, im], i) => {
      y[2 * i] = re * x[2 * i]! - im * x[2 * i + 1]!;
      y[2 * i + 1] = im * x[2 * i]! + re * x[2 * i + 1]!;
    });
    return y;
  };
  return (x: Float64Array): Float64Array => reflect(diagonal(reflect(x)));
}

describe("leading eigenvalues by Arnoldi's method", () => {
  const leading = [[-1.5, 0], [0.6, 0.8], [0.5, 0.1]] as const; // prettier-ignore
  for (const n of [20, 96, 97, 400, 2000])
    it(`finds complex pairs and multiple ones of a ${n} × ${n} matrix, largest first`, () => {
      const { re, im } = leadingEigenvalues(hidden(n, leading), n)!;
      // The first is double, and a Krylov space sees one of a double eigenvalue.
      const outer = Array.from(re, (x, i) => [x, im[i]!] as const).filter(([x, y]) => Math.hypot(x, y) > 0.7);
      assert.ok(Math.abs(outer[0]![0] + 1.5) < 1e-4 && Math.abs(outer[0]![1]) < 1e-4);
      for (const [x, y] of outer.slice(-2)) assert.ok(Math.hypot(x - 0.6, Math.abs(y) - 0.8) < 1e-4, `${x} ${y}`); // prettier-ignore
      assert.equal(outer.at(-1)![1], -outer.at(-2)![1]);
    });

  it("ends early and exactly where the matrix has a small rank", () => {
    const n = 300;
    let products = 0;
    const found = leadingEigenvalues((x) => {
      products++;
      const y = new Float64Array(n);
      y[0] = 0.5 * x[0]! + x[1]!;
      y[1] = -x[0]!;
      return y;
    }, n)!;
    assert.ok(products <= 4);
    // λ² − 0.5 λ + 1
    assert.ok(Math.abs(found.re[0]! - 0.25) < 1e-12 && Math.abs(found.im[0]! - Math.sqrt(0.9375)) < 1e-12);
  });

  it("says nothing where nothing has settled", () => {
    const { data } = normalMatrix(mulberry32(2), 150, 150);
    const apply = (x: Float64Array) =>
      Float64Array.from(x, (_, i) => x.reduce((sum, entry, j) => sum + entry * data[i * 150 + j]!, 0));
    assert.equal(leadingEigenvalues(apply, 150, { most: 24 }), undefined);
  });
});
