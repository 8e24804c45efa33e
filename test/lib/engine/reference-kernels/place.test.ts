/** place and the batched factors of the reference engine. */
import assert from "node:assert/strict";

import { referenceEngine } from "cotangent";

import { at, indices, layouts, listed, rowMajor, sample, viewOf } from "./samples.js";

const { kernels } = referenceEngine;

describe("the reference engine's place", () => {
  it("is the adjoint of a view: ⟨view of x, y⟩ = ⟨x, place of y⟩, overlaps and repeats included", () => {
    for (const [seed, layout] of layouts.entries())
      for (const strides of [
        [8, 1],
        [1, 1],
        [0, 2],
        [3, 0],
        [-2, 1],
      ]) {
        const x = sample(seed, [40]);
        const y = sample(seed + 50, [4, 5], { layout });
        const offset = strides[0]! < 0 ? 8 : 2;
        const window = { storage: x.storage, shape: [4, 5], strides, offset };
        const seen = listed(window).reduce((sum, a, i) => sum + a * listed(y)[i]!, 0);
        const placed = kernels.place([{ x: y, strides, offset }], 40).read();
        const other = listed(x).reduce((sum, a, i) => sum + a * placed[i]!, 0);
        assert.ok(Math.abs(seen - other) < 1e-12, `${layout} ${strides.join()}`);
      }
  });

  it("joins parts, and leaves zeros between them", () => {
    const [a, b] = [viewOf("float32", [2], [1, 2]), viewOf("float32", [2], [3, 4])];
    const joined = kernels.place(
      [
        { x: a, strides: [1], offset: 0 },
        { x: b, strides: [2], offset: 3 },
      ],
      6,
    );
    assert.deepEqual(joined.read(), Float32Array.of(1, 2, 0, 3, 0, 4));
  });
});

describe("the reference engine's factors", () => {
  it("are those of every matrix of a batch, in every layout", () => {
    for (const [seed, layout] of layouts.entries()) {
      const a = sample(seed, [2, 4, 3], { layout });
      const [q, r] = kernels.qr(a);
      const [u, s, vt] = kernels.svd(a);
      for (const [b, i, j] of indices([2, 4, 3]) as Iterable<[number, number, number]>) {
        let [byQr, bySvd] = [0, 0];
        for (let k = 0; k < 3; k++) {
          byQr += q.read()[b * 12 + i * 3 + k]! * r.read()[b * 9 + k * 3 + j]!;
          bySvd += u.read()[b * 12 + i * 3 + k]! * s.read()[b * 3 + k]! * vt.read()[b * 9 + k * 3 + j]!;
        }
        const want = at(a, [b, i, j]);
        assert.ok(Math.abs(byQr - want) < 1e-12 && Math.abs(bySvd - want) < 1e-12, layout);
      }
    }
  });

  it("solve with the factor of a positive definite matrix", () => {
    const a = viewOf("float64", [1, 2, 2], [4, 2, 2, 3]);
    const l = kernels.cholesky(a);
    const view = { storage: l, shape: [1, 2, 2], strides: rowMajor([1, 2, 2]), offset: 0 };
    const b = viewOf("float64", [1, 2, 1], [2, 5]);
    const half = kernels.triangularSolve(view, b, {});
    const halfView = { storage: half, shape: [1, 2, 1], strides: [2, 1, 1], offset: 0 };
    const x = kernels.triangularSolve(view, halfView, { transpose: true }).read();
    assert.ok(Math.abs(4 * x[0]! + 2 * x[1]! - 2) < 1e-12 && Math.abs(2 * x[0]! + 3 * x[1]! - 5) < 1e-12);
  });
});
