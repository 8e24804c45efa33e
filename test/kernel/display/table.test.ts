/** Tables: what counts as rows, how they are aligned, what is left out and said. */
import assert from "node:assert/strict";

import { tableBundle } from "../../../kernel/src/node/host/rich/table.js";

const plain = (data: unknown, options = {}): string => tableBundle(data, options)["text/plain"] as string;
const html = (data: unknown, options = {}): string => tableBundle(data, options)["text/html"] as string;

describe("a table", () => {
  it("of records has a column a key, numbers to the right", () => {
    const rows = [
      { name: "Mercury", moons: 0, distance: 0.387 },
      { name: "Mars", moons: 2, distance: 1.524, note: "red" },
    ];
    assert.equal(
      plain(rows),
      [
        "name     moons  distance  note",
        "───────  ─────  ────────  ────",
        "Mercury      0     0.387",
        "Mars         2     1.524  red",
      ].join("\n"),
    );
    assert.match(html(rows), /<td style="text-align: right">1\.524<\/td>/);
  });

  it("is made of arrays, maps, iterables, columns and typed arrays, too", () => {
    const lines = (data: unknown) => plain(data).split("\n").slice(2);
    assert.deepEqual(lines([[1, 2]]), ["1  2"]);
    assert.deepEqual(lines(new Map([["a", 1]])), ["a        1"]);
    assert.deepEqual(lines(new Set(["x"])), ["x"]);
    assert.deepEqual(lines({ t: new Float64Array([0, 0.5]), v: [1, 2] }), ["  0  1", "0.5  2"]);
    assert.deepEqual(lines(new Float32Array([0.1])), ["  0.1"]);
    assert.deepEqual(lines({ alpha: 1, beta: "two" }), ["alpha  1", "beta   two"]);
  });

  it("says how many rows and columns it leaves out", () => {
    const many = Array.from({ length: 12345 }, (_, i) => ({ i }));
    assert.match(plain(many), /\n50 of 12,345 rows$/);
    assert.match(html(many, { limit: 3 }), /<em>3 of 12,345 rows<\/em>/);
    const wide = [Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i}`, i]))];
    assert.match(plain(wide), /60 more columns$/);
  });

  it("of an endless iterable stops at its limit", () => {
    const endless = (function* () {
      for (let i = 0; ; i++) yield { i };
    })();
    assert.match(plain(endless, { limit: 2 }), /the first 2 rows; there are more$/);
  });

  it("takes no text for markup, and survives hostile values", () => {
    const hostile = [
      {
        "<b>": "<script>alert(1)</script>",
        get bad() {
          throw new Error("no");
        },
      },
      { "<b>": "x".repeat(10_000), bad: { [Symbol.toStringTag]: "odd" } },
    ];
    assert.doesNotMatch(html(hostile), /<script|<b>/);
    assert.match(html(hostile), /\[Error: no\]/);
    assert.ok(html(hostile).length < 2000);
  });

  it("shows what is missing as nothing, and null, NaN and dates as what they are", () => {
    const row = { a: undefined, b: null, c: NaN, d: new Date(0), e: 10n };
    assert.equal(plain([row]).split("\n")[2]!.trim(), "null  NaN  1970-01-01T00:00:00.000Z  10");
  });

  it("needs rows", () => {
    assert.throws(() => tableBundle(5), /takes rows/);
    assert.equal(plain([]), "(no rows)");
  });
});
