/** Results as text: as Node shows them while they are small, bounded when they are not. */
import assert from "node:assert/strict";
import { inspect } from "node:util";

import { inspectValue } from "../../../kernel/src/node/host/inspect-value.js";

const BOUND = 20_100;

describe("a result as text", () => {
  it("is what Node shows, while it is small", () => {
    for (const value of [
      1n,
      -0,
      "a",
      [1, [2]],
      { a: new Map([[1, { b: 2 }]]) },
      new Float64Array(3),
      Symbol("s"),
    ])
      assert.equal(inspectValue(value), inspect(value));
  });

  it("shows less of a large value, and says how much it leaves out", () => {
    const matrix = Array.from({ length: 100 }, (_, i) =>
      Array.from({ length: 100 }, (_, j) => Math.sin(i * 100 + j)),
    );
    const strings = Array.from({ length: 100 }, () => "x".repeat(9000));
    for (const value of [matrix, strings]) {
      const text = inspectValue(value);
      assert.ok(text.length < BOUND, String(text.length));
      assert.match(text, /more (items|characters)/);
    }
  });

  it("of many keys is cut at a line, and says so", () => {
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i]));
    const text = inspectValue(keys);
    assert.ok(text.length < BOUND);
    assert.match(text, /key\d+: \d+,\n… \d+ more characters$/);
  });
});
