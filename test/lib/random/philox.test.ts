/** Philox: the published numbers, streams that can be entered anywhere, and their moments. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { philox } from "cotangent";
import { philox4x32 } from "../../../lib/src/random/philox4x32.js";

/** Counter, key and block, as published with the algorithm. */
const known: [[number, number, number, number], [number, number], string][] = [
  [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    "408f276d 41c83b0e a20bc7c6 6d5451fd",
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    "d16cfe09 94fdcceb 5001e420 24126ea1",
  ],
];

const mean = (numbers: Float64Array) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const correlation = (a: Float64Array, b: Float64Array) => mean(a.map((x, i) => x * b[i]!));

describe("Philox4x32-10", () => {
  for (const [counter, key, block] of known)
    it(`gives the published block ${block}`, () => {
      const out = new Uint32Array(6);
      philox4x32(counter, key, out, 1);
      const words = Array.from(out.subarray(1, 5), (word) => word.toString(16).padStart(8, "0"));
      assert.equal(words.join(" "), block);
      assert.deepEqual([out[0], out[5]], [0, 0]);
    });
});

describe("a stream of random numbers", () => {
  it("begins with the published block for seed 0", () => {
    const words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
    assert.deepEqual(
      [...philox(0).uniforms(4)],
      words.map((word) => word / 2 ** 32),
    );
  });

  it("is the same however it is cut, skipped through and entered", () => {
    const whole = philox(7, 3).uniforms(200);
    const cut = fc.array(fc.tuple(fc.boolean(), fc.nat(17)), { maxLength: 10 });
    fc.assert(
      fc.property(cut, (parts) => {
        const stream = philox(7, 3);
        for (const [skip, n] of parts) {
          const from = stream.position;
          if (skip) stream.skip(n);
          else assert.deepEqual(stream.uniforms(n), whole.slice(from, from + n));
          assert.equal(stream.position, from + n);
        }
        assert.deepEqual(stream.at(13).uniforms(9), whole.slice(13, 22));
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it("can be entered beyond 2³² blocks", () => {
    const far = 2 ** 34 + 2;
    const numbers = philox(1).skip(far).uniforms(8);
    assert.deepEqual(
      philox(1)
        .at(far + 4)
        .uniforms(4),
      numbers.slice(4),
    );
    assert.notDeepEqual(numbers, philox(1).at(2).uniforms(8));
  });

  it("gives normals that depend on the position alone", () => {
    const whole = philox(9).normals(64);
    assert.deepEqual(philox(9).skip(10).normals(20), whole.slice(10, 30));
    const odd = philox(9);
    assert.deepEqual(odd.normals(5), whole.slice(0, 5));
    assert.equal(odd.position, 6);
  });

  it("has the moments of its distributions", () => {
    const n = 2 ** 18;
    const uniforms = philox(1234).uniforms(n);
    assert.ok(uniforms.every((u) => u >= 0 && u < 1));
    // Five standard deviations of each estimate.
    assert.ok(Math.abs(mean(uniforms) - 1 / 2) < 5 * Math.sqrt(1 / 12 / n));
    assert.ok(Math.abs(mean(uniforms.map((u) => (u - 0.5) ** 2)) - 1 / 12) < 5 * Math.sqrt(1 / 180 / n));
    const normals = philox(1234).normals(n);
    for (const [power, want, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ] as const)
      // prettier-ignore
      assert.ok(
        Math.abs(mean(normals.map((x) => x ** power)) - want) < 5 * Math.sqrt(variance / n),
        `moment ${power}`,
      );
  });

  it("is independent of other streams, seeds and splits", () => {
    const n = 2 ** 14;
    const root = philox(42);
    const streams = [
      root,
      philox(43),
      philox(42, 1),
      philox(42 + 2 ** 32),
      root.split(0),
      root.split(1),
      root.split(0).split(0),
      root.split(0).split(1),
      root.split(1).split(0),
      philox(42, 1).split(0),
    ].map((stream) => stream.at(0).normals(n));
    streams.forEach((a, i) =>
      streams.slice(0, i).forEach((b, j) => {
        assert.ok(Math.abs(correlation(a, b)) < 5 / Math.sqrt(n), `streams ${i} and ${j}`);
        const squares = (x: Float64Array) => x.map((value) => (value * value - 1) / Math.SQRT2);
        assert.ok(Math.abs(correlation(squares(a), squares(b))) < 8 / Math.sqrt(n), `squares ${i}, ${j}`);
      }),
    );
  });

  it("is split by what it is, not by where it is", () => {
    const stream = philox(5);
    const before = stream.split(3).uniforms(5);
    stream.skip(1000);
    assert.deepEqual(stream.split(3).uniforms(5), before);
    assert.equal(stream.position, 1000);
  });

  it("refuses what is no whole number from 0 to 2⁵³ − 1", () => {
    for (const wrong of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
      assert.throws(() => philox(wrong), { name: "OptionError", message: /^seed should be a whole number/ });
      assert.throws(() => philox(0, wrong), { name: "OptionError", message: /^stream/ });
      assert.throws(() => philox(0).skip(wrong), { name: "OptionError", message: /^n should/ });
      assert.throws(() => philox(0).uniforms(wrong), { name: "OptionError" });
      assert.throws(() => philox(0).normals(wrong), { name: "OptionError" });
      assert.throws(() => philox(0).split(wrong), { name: "OptionError", message: /^i should/ });
    }
  });
});
