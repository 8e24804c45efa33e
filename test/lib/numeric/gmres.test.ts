/** GMRES against matrices that are known. */
import assert from "node:assert/strict";

import { mulberry32, normal } from "cotangent";

import { gmres } from "../../../lib/src/numeric/gmres.js";

/** n × n, the identity times `shift` and noise. */
function system(n: number, shift: number, seed: number) {
  const uniform = mulberry32(seed);
  const a = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) => normal(uniform) / Math.sqrt(n) + (i === j ? shift : 0)),
  );
  const apply = (x: Float64Array) =>
    Float64Array.from(a, (row) => row.reduce((sum, y, j) => sum + y * x[j]!, 0));
  const wanted = Float64Array.from({ length: n }, () => normal(uniform));
  return { apply, wanted, b: apply(wanted) };
}
const error = (x: Float64Array, y: Float64Array) => Math.max(...x.map((value, i) => Math.abs(value - y[i]!)));

describe("gmres", () => {
  it("solves systems of every size, in no more products than there are unknowns", () => {
    for (const n of [1, 2, 7, 40]) {
      const { apply, wanted, b } = system(n, 2, n);
      const { x, converged, residual, iterations } = gmres(apply, b);
      assert.ok(converged && residual <= 1e-12);
      assert.ok(error(x, wanted) < 1e-10, `${n}: ${error(x, wanted)}`);
      assert.ok(iterations <= n);
    }
  });

  it("begins anew with few vectors, and gets there", () => {
    const { apply, wanted, b } = system(60, 3, 5);
    const { x, converged, iterations } = gmres(apply, b, { restart: 8 });
    assert.ok(converged && iterations > 8);
    assert.ok(error(x, wanted) < 1e-10);
  });

  it("says when it did not: too few products, a singular matrix", () => {
    const { apply, b } = system(60, 1, 5);
    const early = gmres(apply, b, { maxIterations: 5 });
    assert.ok(!early.converged && early.residual < 1 && early.iterations === 5);
    const flat = gmres((x) => Float64Array.of(x[0]!, 0), Float64Array.of(1, 1));
    assert.ok(!flat.converged && Math.abs(flat.residual - Math.SQRT1_2) < 1e-12);
    assert.ok(!gmres(() => Float64Array.of(NaN), Float64Array.of(1)).converged);
  });

  it("solves for right sides of any size", () => {
    for (const size of [1e-200, 1e200]) {
      const { x, converged } = gmres((v) => v.map((y) => 2 * y), Float64Array.of(size, 2 * size));
      assert.ok(converged);
      assert.ok(Math.abs(x[0]! / size - 0.5) < 1e-12 && Math.abs(x[1]! / size - 1) < 1e-12);
    }
  });

  it("takes 0 for 0, and knows its options", () => {
    assert.deepEqual(gmres((x) => x, new Float64Array(3)), { x: new Float64Array(3), residual: 0, iterations: 0, converged: true }); // prettier-ignore
    assert.throws(() => gmres((x) => x, new Float64Array(3), { restarts: 3 } as never), {
      name: "UnknownOptionError",
      message: /restart/,
    });
  });
});
