import assert from "node:assert/strict";
import { lab, rgb } from "d3";
import {
  colourTable,
  css,
  NOT_A_NUMBER,
  pack,
  type Scheme,
  sequential,
} from "../../../extensions/views/src/common/colour.js";
import { poolMax } from "../../../extensions/views/src/common/pool.js";
import { rasterise, stencil } from "../../../extensions/views/src/common/raster.js";
import { schemeOf } from "../../../extensions/views/src/common/theme.js";

const steps = Array.from({ length: 65 }, (_, i) => i / 64);
const lightness = (scheme: Scheme) => steps.map((t) => lab(css(sequential(scheme, t))).l);

for (const scheme of ["light", "dark"] as const) {
  describe(`the ${scheme} colour scale`, () => {
    it("changes lightness in one direction, in even steps", () => {
      const changes = lightness(scheme)
        .map((l, i, all) => l - (all[i - 1] ?? NaN))
        .slice(1);
      const sign = scheme === "light" ? -1 : 1;
      for (const change of changes) assert.ok(change * sign > 0.6 && change * sign < 2.2, String(change));
    });
    it("sinks into the page at its low end", () => {
      const page = scheme === "light" ? "#ffffff" : "#111111";
      const low = lab(css(sequential(scheme, 0)));
      assert.ok(Math.abs(low.l - lab(page).l) < 5);
      assert.ok(Math.hypot(low.a, low.b) < 4, "the low end is grey");
    });
    it("has no warm colour, so that what is not a number looks like no value", () => {
      for (const t of steps) {
        const [r, g, b] = sequential(scheme, t);
        assert.ok(r <= Math.max(g, b) + 1);
      }
      const { ground, line } = NOT_A_NUMBER[scheme];
      for (const [r, , b] of [ground, line]) assert.ok(r > b + 15);
    });
  });
}

describe("rasterising", () => {
  const table = Uint32Array.of(10, 20, 30, 40, 50);
  const image = (from: number[], to = from, blend = 0) => ({
    from: Float32Array.from(from),
    to: Float32Array.from(to),
    blend,
    max: 1,
    table,
    bad: 99,
  });
  const run = (...args: Parameters<typeof image>) => {
    const pixels = new Uint32Array(args[0].length);
    return { bad: rasterise(pixels, image(...args)), pixels: [...pixels] };
  };

  it("gives 0 the first colour, the maximum the last, and the nearest in between", () => {
    assert.deepEqual(run([0, 0.24, 0.26, 0.5, 1]).pixels, [10, 20, 20, 30, 50]);
  });
  it("keeps values outside the scale at its ends", () => {
    assert.deepEqual(run([-3, 7]).pixels, [10, 50]);
  });
  it("counts what is not finite and gives it the colour beside the scale", () => {
    assert.deepEqual(run([NaN, Infinity, -Infinity, 1]), { bad: 3, pixels: [99, 99, 99, 50] });
  });
  it("blends, but never with what is not finite", () => {
    assert.deepEqual(run([0, 0, 1], [1, NaN, 0], 0.5).pixels, [30, 10, 30]);
  });
  it("makes a stencil of what is not finite", () => {
    const mask = new Uint32Array(3);
    stencil(mask, Float32Array.of(0, NaN, Infinity));
    assert.deepEqual([...mask], [0, 0xff000000, 0xff000000]);
  });
  it("packs a colour as ImageData holds it", () => assert.equal(pack([1, 2, 3]), 0xff030201));
  it("has tables that agree with the scale", () => {
    const last = colourTable("dark").at(-1)!;
    const [r, g, b] = sequential("dark", 1);
    assert.equal(last, pack([r, g, b]));
    assert.equal(rgb(r, g, b).formatHex(), css([r, g, b]) && rgb(css([r, g, b])).formatHex());
  });
});

describe("fewer pixels than cells", () => {
  const pool = (values: number[], m: number) => {
    const out = new Float32Array(m * m);
    poolMax(Float32Array.from(values), Math.sqrt(values.length), m, out);
    return [...out];
  };
  it("shows the strongest cell of a block", () => {
    assert.deepEqual(pool([1, 2, 0, 0, 3, 4, 0, 9, 0, 0, 5, 5, 0, 0, 5, 6], 2), [4, 9, 0, 6]);
  });
  it("lets one that is not finite win, whatever comes after it", () => {
    assert.deepEqual(pool([1, NaN, 5, 6], 1), [NaN]);
    assert.deepEqual(pool([Infinity, 0, 5, 6], 1), [NaN]);
  });
});

describe("the theme", () => {
  it("is dark when the page is", () => {
    assert.equal(schemeOf("#111"), "dark");
    assert.equal(schemeOf("rgb(253, 246, 227)"), "light");
    assert.equal(schemeOf("#002b36"), "dark");
  });
});
