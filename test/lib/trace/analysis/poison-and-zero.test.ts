import assert from "node:assert/strict";
import { grad, inspect, ops, record, stopGradient, tensor, type Tensor } from "cotangent";
import { explainZero, findPoison, TapeFlag, type TapeTrace } from "cotangent/trace";
import { compiled } from "../../../support/compiled.js";

const traceOf = (expression: string, ...args: number[]): TapeTrace =>
  record(compiled<(...args: number[]) => number>(expression), ...args).toTrace();
const nameAt = (trace: TapeTrace, node: number) => trace.operations[trace.nodes.operation[node]!];

describe("the poison tracer", () => {
  it("finds nothing where all numbers are finite", () => {
    assert.equal(findPoison(traceOf(`(x) => { "use ad"; return Math.sqrt(x) }`, 2)), null);
  });

  it("names the first in the order of computation, not of the sweep", () => {
    const trace = traceOf(
      `(x) => { "use ad"; const a = Math.log(x); const b = a * 2; return Math.sqrt(b) }`,
      -1,
    );
    const found = findPoison(trace)!;
    assert.deepEqual([nameAt(trace, found.node), found.born], ["log", "value"]);
    assert.equal(found.what, "log gives NaN: log has no finite value at 0 and none below.");
    assert.match(found.remedy, /max\(x, ε\)/);
  });

  it("tells an input that is NaN", () => {
    const found = findPoison(traceOf(`(x, y) => { "use ad"; return x * y }`, 1, NaN))!;
    assert.deepEqual([found.born, found.what], ["input", "The input argument1 is NaN."]);
  });

  it("tells a division by 0", () => {
    const found = findPoison(traceOf(`(x) => { "use ad"; return 1 / x }`, 0))!;
    assert.match(found.what, /div gives ∞: div divides by 0/);
  });

  it("finds the adjoint that is born of finite values: √x at 0, times 0", () => {
    const trace = traceOf(`(x) => { "use ad"; return Math.sqrt(x) * 0 + x }`, 0);
    const found = findPoison(trace)!;
    assert.deepEqual([nameAt(trace, found.node), found.born], ["sqrt", "adjoint"]);
    assert.match(found.what, /Every value is finite, but the adjoint behind sqrt is NaN: 0 · ∞ = NaN/);
    assert.match(found.remedy, /sqrt\(x \+ ε\)/);
  });
});

describe("the zero explainer", () => {
  const reasonOf = (expression: string, ...args: number[]) => {
    const trace = traceOf(expression, ...args);
    const zero = explainZero(trace, 0);
    return zero && [zero.reason, zero.at < 0 ? null : nameAt(trace, zero.at)];
  };

  it("has nothing to say of an adjoint that is not 0", () => {
    assert.equal(reasonOf(`(x) => { "use ad"; return 2 * x }`, 3), null);
  });

  for (const [what, expression, args, expected] of [
    ["an input that nothing uses", `(x, y) => { "use ad"; return 2 * y }`, [1, 2], ["unused", null]],
    ["one whose uses do not lead to the output", `(x, y) => { "use ad"; const a = Math.sin(x); return 2 * y }`, [1, 2], ["not reached", null]], // prettier-ignore
    ["a step", `(x) => { "use ad"; return Math.floor(x) * 2 }`, [1.5], ["step", "floor"]],
    ["max on its other side", `(x) => { "use ad"; return Math.max(x - 3, 0) * 2 }`, [1], ["branch", "max"]],
    ["tanh that is saturated", `(x) => { "use ad"; return Math.tanh(x) * 2 }`, [50], ["saturated", "tanh"]],
    ["contributions that cancel", `(x) => { "use ad"; return Math.sin(x) - Math.sin(x) }`, [1], ["cancellation", "input"]], // prettier-ignore
    ["a step behind other operations", `(x) => { "use ad"; return Math.ceil(Math.sin(2 * x)) * 3 }`, [0.3], ["step", "ceil"]], // prettier-ignore
  ] as const)
    it(`tells ${what}`, () => assert.deepEqual(reasonOf(expression, ...args), expected));
});

describe("the zero explainer behind stopGradient", () => {
  const reasonOf = (f: (...args: number[]) => number, ...args: number[]) => {
    const { trace } = inspect(f, ...args);
    const zero = explainZero(trace, 0);
    return zero && [zero.reason, zero.at < 0 ? null : nameAt(trace, zero.at)];
  };
  const sin = (x: number): number => ops.sin(x as never) as never;
  const mul = (x: number, y: number): number => ops.mul(x as never, y as never) as never;

  it("tells what is cut from what is not reached and from what is not used", () => {
    assert.deepEqual(
      reasonOf((x, y) => mul(stopGradient(x) as number, y), 1, 2),
      ["stopped", null],
    );
    assert.deepEqual(
      reasonOf((x, y) => mul(stopGradient(sin(x)) as number, y), 1, 2),
      ["stopped", "sin"],
    );
    assert.deepEqual(
      reasonOf((x, y) => (sin(x), mul(2, y)), 1, 2),
      ["not reached", null],
    );
    assert.deepEqual(
      reasonOf((_x, y) => mul(2, y), 1, 2),
      ["unused", null],
    );
  });

  it("says so where nothing of the result depends on the inputs any more", () => {
    assert.deepEqual(
      reasonOf((x) => stopGradient(mul(x, x)) as number, 3),
      ["stopped", "mul"],
    );
  });

  it("is silent where another way leads to the output, and tells another reason there", () => {
    assert.equal(
      reasonOf((x) => mul(stopGradient(x) as number, x), 3),
      null,
    );
    const steps = (x: number) => mul(stopGradient(x) as number, ops.floor(x as never) as never);
    assert.deepEqual(reasonOf(steps, 1.5), ["step", "floor"]);
  });

  it("marks a tensor that is cut, and every number of a list", () => {
    const f = (x: Tensor, y: Tensor) => (stopGradient(x) as Tensor).mul(y).sum();
    const { trace } = inspect(f as never, tensor([1, 2]) as never, tensor([3, 4]) as never);
    assert.equal(trace.nodes.flags[0]! & TapeFlag.stopped, TapeFlag.stopped);
    assert.equal(trace.nodes.flags[1]! & TapeFlag.stopped, 0);
    const list = inspect((x: number[]) => mul((stopGradient(x) as number[])[1]!, x[0]!), [1, 2]).trace;
    assert.deepEqual([0, 1].map((node) => list.nodes.flags[node]! & TapeFlag.stopped), [256, 256]); // prettier-ignore
  });

  it("changes no derivative, and notes nothing where nobody looks at the nodes", () => {
    assert.equal(grad((x: number) => mul(stopGradient(x) as number, x))(3), 3);
    const outer = grad(
      (x: number) => grad((y: number) => mul(stopGradient(y) as number, mul(y, x)))(x) as number,
    );
    // A constant at every level: of x · x with the first x constant.
    assert.equal(outer(2), 2);
  });
});
