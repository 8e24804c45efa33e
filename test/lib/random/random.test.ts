/** Seeded random numbers. */
import assert from "node:assert/strict";
import { mulberry32, normalMatrix } from "cotangent";

describe("mulberry32", () => {
  it("gives the published numbers for a seed", () => {
    const uniform = mulberry32(777);
    const again = mulberry32(777);
    const numbers = Array.from({ length: 1000 }, uniform);
    assert.deepEqual(numbers, Array.from({ length: 1000 }, again));
    assert.ok(numbers.every((number) => number >= 0 && number < 1));
    // The generator's own well-known first outputs for seed 0, as 32-bit integers.
    const zero = mulberry32(0);
    assert.deepEqual([zero() * 2 ** 32, zero() * 2 ** 32], [1144304738, 1416247]);
  });
});

describe("normal numbers", () => {
  it("have mean 0 and the deviation asked for", () => {
    const { data } = normalMatrix(mulberry32(1), 100, 100, 3);
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
    assert.ok(Math.abs(mean) < 0.1);
    assert.ok(Math.abs(deviation - 3) < 0.1);
  });
});
