/** A recorded function: printed, drawn, replayed, swept in every direction. */
import assert from "node:assert/strict";

import { checkGrad, customVjp, ops, record } from "cotangent";
import { instrument } from "cotangent/transform";

/** A function of a text, instrumented under the name of a cell. */
function cell<F>(source: string, cellName = "cotangent-cell:4"): F {
  const made = instrument(`globalThis.__made = (${source})`, { name: cellName, sourceType: "script" })!;
  new Function(made.code)();
  return (globalThis as unknown as { __made: F }).__made;
}

const payoff = cell<(p: { s: number; k: number }) => number>(`function payoff(p) {
  "use ad";
  const gain = p.s * 2 - p.k;
  return gain > 0 ? Math.exp(-0.5) * gain : 0;
}`);

describe("a recorded function", () => {
  it("prints every node with its value and its place in the source", () => {
    assert.equal(
      String(record(payoff, { s: 3, k: 5 })),
      [
        "%0 = input argument.s         3",
        "%1 = input argument.k         5",
        "%2 = mul %0 2                 6  p.s * 2 (Cell 4, line 3)",
        "%3 = sub %2 %1                1  p.s * 2 - p.k (Cell 4, line 3)",
        "    guard %3 > 0: true",
        "%4 = mul 0.606531 %3          0.606531  Math.exp(-0.5) * gain (Cell 4, line 4)",
      ].join("\n"),
    );
  });

  it("draws itself for Graphviz", () => {
    const dot = record(payoff, { s: 3, k: 5 }).toDot();
    assert.match(dot, /^digraph tape \{/);
    assert.match(dot, /n2 -> n3;/);
    assert.match(dot, /n0 \[label="argument\.s\\n3", shape=box\];/);
  });

  it("counts what is on it", () => {
    assert.deepEqual(record(payoff, { s: 3, k: 5 }).statistics(), {
      nodes: 5,
      inputs: 2,
      guards: 1,
      operations: { input: 2, mul: 2, sub: 1 },
      bytes: 145,
      depth: 3,
    });
  });

  it("computes again for other arguments, while every branch goes the same way", () => {
    const recorded = record(payoff, { s: 3, k: 5 });
    assert.equal(recorded.replay({ s: 4, k: 1 }), payoff({ s: 4, k: 1 }));
    assert.deepEqual(recorded.pullback(1 as never), [{ s: 2 * Math.exp(-0.5), k: -Math.exp(-0.5) }]);
    assert.throws(() => recorded.replay({ s: 1, k: 9 }), {
      name: "GuardError",
      message: /`gain > 0` \(Cell 4, line 4\) comes out otherwise/,
    });
  });

  it("has the same Jacobian by adjoints, by tangents and by vector mode", () => {
    const f = (x: number, y: number) => [ops.sin(ops.mul(x, y)), ops.div(x, y), ops.add(x, 1)];
    const recorded = record(f, 0.7, 1.9);
    const [alongX, alongY] = [recorded.tangents(1, 0), recorded.tangents(0, 1)];
    const vector = recorded.vectorAdjoints();
    for (let j = 0; j < 3; j++) {
      const seed = [0, 1, 2].map((i) => (i === j ? 1 : 0));
      const [x, y] = recorded.pullback(seed);
      assert.ok(Math.abs(vector[j]! - x) < 1e-15 && Math.abs(vector[3 + j]! - y) < 1e-15);
      const node = recorded.tape.length - [2, 1, 0][j]! - 1;
      assert.ok(node > 0);
      const adjoints = recorded.adjoints(seed);
      assert.equal(adjoints[0], x);
    }
    const last = recorded.tape.length - 1;
    assert.equal(alongX[last], 1);
    assert.equal(alongY[last], 0);
  });

  it("is swept in parts: to a position, and on from there", () => {
    const f = (x: number) => ops.sin(ops.mul(ops.exp(x), 2));
    const recorded = record(f, 0.3);
    const last = recorded.tape.length - 1;
    const whole = recorded.adjoints(1);
    const upper = recorded.sweep(new Map([[last, 1]]), { to: 3 });
    assert.equal(upper[0], 0, "the part ends before the input");
    const lower = recorded.sweep(new Map([[2, upper[2]!]]), { from: 3 });
    assert.equal(lower[0], whole[0]);
  });

  it("forgets what was recorded after a position", () => {
    const { tape } = record(payoff, { s: 3, k: 5 });
    tape.reset(3);
    assert.equal(tape.length, 3);
    assert.equal(tape.guards.length, 0);
    assert.throws(() => tape.reset(1), /its inputs are recorded after that/);
  });

  it("does not record what does not depend on the arguments", () => {
    const f = cell<(x: number) => number>(
      'function (x) { "use ad"; let c = 1; for (let i = 0; i < 100; i++) c = c * 1.01 + Math.sin(c); return x * c }',
    );
    assert.equal(record(f, 2).statistics().nodes, 2);
  });
});

describe("checkGrad", () => {
  const smooth = cell<(p: { x: number; y: number }) => number>(
    'function (p) { "use ad"; return Math.sin(p.x * p.y) * Math.exp(p.x) / (1 + p.y ** 2) }',
  );

  it("passes what is right", () => {
    const report = checkGrad(smooth, { x: 0.4, y: 1.3 });
    assert.ok(report.ok, String(report));
    assert.equal(report.checks.length, 4);
    assert.match(String(report), /^✓ reverse against forward mode/);
  });

  it("names the operation whose derivative is wrong", () => {
    const wrong = customVjp(
      function cubed(x: number) {
        return ops.mul(ops.mul(x, x), x);
      },
      {
        forward: (x) => [ops.mul(ops.mul(x, x), x), x],
        backward: (x, bar) => [ops.mul(bar, ops.mul(2, ops.mul(x, x)))] as [number],
      },
    );
    const report = checkGrad((x: number) => ops.sin(wrong(x)), 0.8, { secondOrder: false });
    assert.equal(report.ok, false);
    assert.match(report.culprit!, /^cubed/);
    assert.match(String(report), /The first operation that disagrees: cubed/);
  });

  it("names kinks nearby", () => {
    const kinked = cell<(x: number) => number>('function (x) { "use ad"; return Math.max(x, 1) * 2 }');
    assert.match(checkGrad(kinked, 1).kinks[0]!, /^max, `Math\.max\(x, 1\)` at Cell 4, line 1/);
  });
});
