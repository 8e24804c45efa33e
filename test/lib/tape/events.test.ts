/** Events of tapes: what is recorded and swept, told as it happens; and nothing else is changed by it. */
import assert from "node:assert/strict";

import { grad, hessian, observeTapes, ops, tensor, type Tensor } from "cotangent";
import { compiled as compiledIn } from "../../support/compiled.js";

const compiled = <T>(expression: string): T => compiledIn<T>(expression, 8);

describe("observeTapes", () => {
  const f = compiled<(p: { a: number; b: number }) => number>(
    '(p) => { "use ad"; const y = p.a * p.b; if (y > 1) return Math.sin(y) + p.a; return y; }',
  );
  const log = (run: () => unknown): string[] => {
    const lines: string[] = [];
    observeTapes(
      {
        node: ({ id, op, operands, span }, tape) =>
          lines.push(`${tape}: %${id} = ${op} ${operands.join(" ")} ${span?.text ?? ""}`.trim()),
        guard: ({ outcome }, tape) => lines.push(`${tape}: guard ${outcome}`),
        adjoint: ({ id }, adjoint, tape) => lines.push(`${tape}: adjoint of %${id} ${adjoint.toFixed(3)}`),
      },
      run,
    );
    return lines;
  };

  it("tells of nodes and guards as they are recorded, then of adjoints from the last to the first", () => {
    let gradient: unknown;
    assert.deepEqual(
      log(() => (gradient = grad(f)({ a: 2, b: 3 }))),
      [
        "0: %0 = input",
        "0: %1 = input",
        "0: %2 = mul %0 %1 p.a * p.b",
        "0: guard true",
        "0: %3 = sin %2 Math.sin(y)",
        "0: %4 = add %3 %0 Math.sin(y) + p.a",
        "0: adjoint of %4 1.000",
        "0: adjoint of %3 1.000",
        "0: adjoint of %2 0.960",
        "0: adjoint of %1 1.920",
        "0: adjoint of %0 3.881",
      ],
    );
    const close = (x: number, y: number) => assert.ok(Math.abs(x - y) < 1e-12);
    const plain = grad(f)({ a: 2, b: 3 });
    close((gradient as { a: number }).a, plain.a);
    close((gradient as { b: number }).b, plain.b);
  });

  it("counts tapes as they begin, and tells of calls on tensors with their names", () => {
    const lines = log(() => grad((x: Tensor) => ops.tanh(x).sum())(tensor([1, 2]) as never));
    assert.deepEqual(lines.filter((line) => line.includes("=")).map((line) => line.replace(/ ·/g, "")), ["0: %0 = input", "0: %1 = tanh %0", "0: %2 = part %1 0", "0: %3 = sum %2", "0: %4 = part %3 0"]); // prettier-ignore
    const two = log(() => (grad(f)({ a: 0.1, b: 1 }), grad(f)({ a: 0.1, b: 1 })));
    assert.deepEqual([...new Set(two.map((line) => line.split(":")[0]))], ["0", "1"]);
    assert.ok(log(() => hessian((x: number) => ops.exp(x))(1)).some((line) => line.includes("exp")));
  });

  it("ends with its body, also when that throws, and knows its events", () => {
    const seen: string[] = [];
    assert.throws(() => observeTapes({ node: ({ op }) => seen.push(op) }, () => { throw new RangeError("out"); }), { message: "out" }); // prettier-ignore
    grad(f)({ a: 2, b: 3 });
    assert.deepEqual(seen, []);
    assert.throws(() => observeTapes({ nodes: () => {} } as never, () => 1), {
      name: "UnknownOptionError",
      message: /node/,
    });
  });
});
