import assert from "node:assert/strict";
import fc from "fast-check";
import { layoutFigure } from "../../../extensions/views/src/attention/layout.js";
import { nearest } from "../../../extensions/views/src/common/nearest.js";
import { cellAt } from "../../../extensions/views/src/attention/crosshair.js";

const layout = (width: number, tokens: number, label = 40, pixelRatio = 1) =>
  layoutFigure({ width, pixelRatio, labels: Array.from({ length: tokens }, () => label) });

describe("the layout", () => {
  it("has two columns where there is room, one where there is not", () => {
    assert.equal(layout(900, 16).stacked, false);
    assert.equal(layout(360, 16).stacked, true);
  });
  it("writes labels as they are, leaning or upright, as the cells allow", () => {
    assert.deepEqual(
      [6, 16, 128].map((tokens) => layout(900, tokens, 36).angle),
      [0, 45, 90],
    );
  });
  it("thins labels out when they would touch", () => {
    assert.equal(layout(900, 16).rowStride, 1);
    assert.ok(layout(900, 128).rowStride > 1);
  });
  it("gives every cell the same whole number of device pixels, and fits, whatever is asked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 320, max: 2000 }),
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 0, max: 2000 }),
        fc.constantFrom(1, 1.25, 1.5, 2, 3),
        (width, tokens, label, ratio) => {
          const { side, cell, gutter, overhang, total, stacked } = layout(width, tokens, label, ratio);
          assert.ok(total <= width);
          assert.ok(gutter + side + overhang + (stacked ? 0 : 264) <= total + 1e-6);
          assert.ok(side > 0);
          const pixels = cell * ratio;
          assert.ok(pixels < 1 || Math.abs(pixels - Math.round(pixels)) < 1e-6);
        },
      ),
    );
  });
  it("finds the cell under a point, and none beside the matrix", () => {
    assert.deepEqual(cellAt(55, 0, 100, 10), { query: 0, key: 5 });
    assert.equal(cellAt(100, 5, 100, 10), undefined);
    assert.equal(cellAt(-1, 5, 100, 10), undefined);
  });
  it("finds the stored iteration nearest to another, however far away", () => {
    const stored = Int32Array.of(0, 1, 4, 20);
    assert.deepEqual(
      [0, 3, 2.4, 19, 1e12].map((k) => nearest(stored, k)),
      [0, 2, 1, 3, 3],
    );
  });
});
