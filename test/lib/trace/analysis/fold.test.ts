import assert from "node:assert/strict";
import { record } from "cotangent";
import { expressionsOf, foldRepeats, importanceOf, TapeFlag } from "cotangent/trace";
import { compiled } from "../../../support/compiled.js";
import { sampleTape } from "../tape/sample.js";

const euler = compiled<(spot: number, vol: number) => number>(`(spot, vol) => { "use ad";
  let s = spot;
  for (let i = 0; i < 50; i++) {
    const shock = vol * 0.1;
    s = s + s * shock;
  }
  return Math.max(s - 100, 0);
}`);

describe("folding repeated blocks", () => {
  it("folds the body of a loop of 50 steps into one block × 50", () => {
    assert.deepEqual(foldRepeats(record(euler, 100, 0.2).toTrace()), [{ start: 2, length: 3, count: 50 }]);
  });

  it("folds two loops one after the other, and what one function does at two calls", () => {
    const twice = compiled<(x: number) => number>(`(x) => { "use ad";
      let a = x;
      for (let i = 0; i < 5; i++) a = Math.sin(a) * 2;
      for (let i = 0; i < 7; i++) a = Math.cos(a) + 1;
      return a;
    }`);
    assert.deepEqual(foldRepeats(record(twice, 1).toTrace()), [
      { start: 1, length: 2, count: 5 },
      { start: 11, length: 2, count: 7 },
    ]);
  });

  it("leaves straight code alone", () => {
    const straight = compiled<(x: number) => number>(
      `(x) => { "use ad"; return Math.sin(x) * Math.cos(x) + x; }`,
    );
    assert.deepEqual(foldRepeats(record(straight, 1).toTrace()), []);
  });

  it("is disjoint, ascending and inside the tape for any likenesses, also where nothing but part of a block returns", () => {
    const trace = sampleTape({ nodes: 4000 });
    // Long runs that never make two repetitions, between nodes of their own.
    trace.nodes.operation.forEach((_, n) => (trace.nodes.operation[n] = n % 2));
    trace.nodes.span.fill(-1);
    for (let n = 0; n < 4000; n++) trace.nodes.span[5 * n + 1] = n % 1000 < 700 ? n % 1000 : n;
    let end = 0;
    for (const { start, length, count } of foldRepeats(trace)) {
      assert.ok(start >= end && length > 0 && count > 1);
      end = start + length * count;
    }
    assert.ok(end <= 4000);
  });
});

describe("importance", () => {
  it("is |v · v̄|, and no number where a number is missing is 0", () => {
    const trace = record(euler, 100, 0.2).toTrace();
    trace.nodes.adjoint[1] = NaN;
    const importance = importanceOf(trace);
    assert.equal(importance[0], Math.abs(trace.nodes.value[0]! * trace.nodes.adjoint[0]!));
    assert.equal(importance[1], 0);
  });

  it("is gathered by expression, the outer before the inner, the largest with the share 1", () => {
    const trace = record(euler, 100, 0.2).toTrace();
    const expressions = expressionsOf(trace);
    const text = trace.sources[0]!.text;
    assert.deepEqual(
      expressions.map(({ start, end, nodes }) => [text.slice(start, end), nodes.length]),
      [
        ["vol * 0.1", 50],
        ["s + s * shock", 50],
        ["s * shock", 50],
        ["Math.max(s - 100, 0)", 1],
        ["s - 100", 1],
      ],
    );
    assert.equal(Math.max(...expressions.map(({ share }) => share)), 1);
    assert.ok(trace.nodes.flags[0]! & TapeFlag.input);
  });
});
