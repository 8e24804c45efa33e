/** checkGrad on trees, tensors and several results; its complex step; what it says where there is no number. */
import assert from "node:assert/strict";

import { checkGrad, customVjp, ops, record, tensor, type Tensor } from "cotangent";

import { complexRules } from "../../../lib/src/check/complex-rules.js";
import { complexStep, notAnalytic } from "../../../lib/src/check/complex-step.js";
import { slope } from "../../../lib/src/check/slope.js";
import { partials } from "../../../lib/src/rules/generated/partials.js";
import { opNames } from "../../../lib/src/rules/generated/opcodes.js";
import { scalarRules, type ScalarOpName } from "../../../lib/src/rules/scalar-rules.js";
import { compiled as compiledIn } from "../../support/compiled.js";

const compiled = <T>(expression: string): T => compiledIn<T>(expression, 2);

const doubles = { dtype: "float64" } as const;
/** Without the errors, which are another ones on another machine. */
const printed = (report: { toString(): string }) => String(report).replace(/error [\d.e+-]+/g, "error …");

describe("checkGrad", () => {
  it("takes several results, and prints as a table", () => {
    const f = compiled<(p: { x: number; y: number }) => unknown>(
      '(p) => { "use ad"; const r = Math.exp(p.x) * p.y; return { r, more: [Math.sin(r), p.y ** 3 / p.x] }; }',
    );
    const report = checkGrad(f, { x: 0.7, y: -1.2 });
    assert.ok(report.ok, String(report));
    assert.equal(
      printed(report),
      `✓ reverse against forward mode             error …
✓ first derivative against differences     error …
✓ first derivative against a complex step  error …
✓ second derivative against differences    error …`,
    );
  });

  it("takes trees of tensors and numbers, with tensors as results", () => {
    const f = ({ w, x, s }: { w: Tensor; x: Tensor; s: number }) => ({
      y: ops.tanh(x.matmul(w)).mul(s as never),
      z: ops.softmax(w),
    });
    const at = { w: tensor([[0.2, -0.3], [0.5, 0.1], [0.4, 0.9]], doubles), x: tensor([[1, -1, 0.5]], doubles), s: 1.5 }; // prettier-ignore
    const report = checkGrad(f as never, at as never);
    assert.ok(report.ok, String(report));
    assert.equal(report.complexStep, "tensors");
    assert.equal(report.checks.length, 3);
    const single = { w: tensor([[0.2, -0.3], [0.5, 0.1], [0.4, 0.9]]), x: tensor([[1, -1, 0.5]]), s: 1.5 }; // prettier-ignore
    assert.ok(checkGrad(f as never, single as never).ok);
  });

  it("names the operation on tensors whose adjoint is wrong", () => {
    const wrong = customVjp(
      function doubled(x: Tensor): Tensor {
        return x.mul(2) as Tensor;
      },
      {
        forward: (x) => [x.mul(2) as Tensor, null],
        backward: (_, bar) => [bar.mul(2.1) as Tensor] as [Tensor],
      },
    );
    const report = checkGrad((x: Tensor) => ops.sin(wrong(x)).sum(), tensor([0.3, 0.9], doubles) as never);
    assert.equal(report.ok, false);
    assert.match(report.culprit!, /^doubled/);
  });

  it("says why no complex step was taken, and names what stopped it", () => {
    const f = compiled<(x: number) => number>('(x) => { "use ad"; return Math.abs(x) * x; }');
    assert.equal(
      printed(checkGrad(f, 0.7)).split("\n")[3],
      "· no complex step: abs, `Math.abs(x)` at Cell 2, line 1",
    );
  });

  it("makes a step smaller that leads out of the domain", () => {
    const f = compiled<(x: number) => number>('(x) => { "use ad"; return Math.sqrt(x) + Math.log(x); }');
    const report = checkGrad(f, 1e-4, { tolerance: 1e-5 });
    assert.ok(report.ok, String(report));
  });

  it("moves a small number by little beside a large one, whatever the seed", () => {
    const f = compiled<(p: { x: number; y: number }) => number>(
      '(p) => { "use ad"; return p.x * p.x + Math.log(p.y); }',
    );
    for (const seed of [1, 2, 3, 4, 5])
      assert.ok(checkGrad(f, { x: 1, y: 1e-4 }, { seed, tolerance: 1e-6 }).ok, String(seed));
  });

  it("says where a step led out of the domain, and that smaller ones were taken", () => {
    const f = compiled<(x: number) => number>('(x) => { "use ad"; return Math.sqrt(x - 1) * x; }');
    const report = checkGrad(f, 1.001, { tolerance: 1e-5 });
    assert.ok(report.ok, String(report));
    assert.match(report.shortened!, /^f is NaN at a step of -?[\d.]+: x = 0\.9/);
    assert.match(String(report), /^· smaller steps were taken, because f is NaN/m);
  });

  it("names what is no number, and the step at which it was met", () => {
    const f = compiled<(p: { x: number; y: number }) => number>(
      '(p) => { "use ad"; return Math.sqrt(p.x) * p.y + p.y; }',
    );
    const report = checkGrad(f, { x: 0, y: 2 });
    assert.equal(report.ok, false);
    assert.match(report.nonFinite!, /^f is NaN at a step of -?[\d.e-]+: x\.x = -[\d.e-]+, x\.y = 2/);
    assert.match(String(report), /^✗ f is NaN at a step/m);
    const itself = checkGrad(f, { x: -1, y: 2 });
    assert.equal(itself.nonFinite, "f(x) itself is NaN");
    assert.equal(itself.ok, false);
    const infinite = checkGrad(
      compiled<(x: number) => number>('(x) => { "use ad"; return 1 / x + x * 0; }'),
      0,
    );
    assert.equal(infinite.nonFinite, "f(x) itself is Infinity");
  });

  it("is for functions of numbers that return some", () => {
    assert.throws(() => checkGrad(() => 1, [] as never), {
      name: "TreeError",
      message: /at least one number/,
    });
    assert.throws(() => checkGrad((() => []) as never, 1 as never), {
      name: "TreeError",
      message: /returns numbers/,
    });
    assert.throws(() => checkGrad((x: number) => x, 1, { tolerence: 1 } as never), {
      name: "UnknownOptionError",
    });
  });
});

describe("a complex step", () => {
  const rows = Object.keys(complexRules) as ScalarOpName[];
  const domain: Partial<Record<ScalarOpName, readonly number[]>> = { acosh: [1.5, 3], atanh: [-0.6, 0.4], log: [0.2, 7], log2: [0.2, 7], log10: [0.2, 7], sqrt: [0.3, 5], log1p: [-0.5, 2] }; // prettier-ignore
  const local = new Float64Array(2);
  for (const name of rows)
    it(`gives every digit of the derivative of ${name}`, () => {
      const op = opNames.indexOf(name);
      const rule = complexRules[name]!;
      const isBinary = scalarRules[name].partials.length === 2;
      for (const a of domain[name] ?? [-1.3, -0.2, 0.4, 2.1])
        for (const b of name === "pow" ? (a < 0 ? [-2, 3] : [-2, 0.7, 3]) : [1.7, -0.6]) {
          const h = 1e-30;
          const value = rule([a, 0], [b, 0])[0];
          partials(op, a, b, value, local);
          const [da] = local;
          assert.ok(
            Math.abs(rule([a, h], [b, 0])[1] / h - da!) <= 1e-13 * (1 + Math.abs(da!)),
            `${name} ${a} ${b}`,
          );
          if (isBinary && !(name === "pow" && a < 0)) assert.ok(Math.abs(rule([a, 0], [b, h])[1] / h - local[1]!) <= 1e-13 * (1 + Math.abs(local[1]!)), `${name} ${a} ${b}, b`); // prettier-ignore
        }
    });

  it("goes through a whole tape", () => {
    const f = compiled<(p: number[]) => number>(
      '(p) => { "use ad"; let s = p[0]; for (let i = 0; i < 5; i++) s = s * p[1] + Math.tanh(s) / (1 + s ** 2); return s; }',
    );
    const { tape } = record(f, [0.4, 1.1]);
    assert.equal(notAnalytic(tape), null);
    const at = complexStep(tape, [1, -2]);
    const difference = slope((h) => f([0.4 + h, 1.1 - 2 * h]), 0.01);
    assert.ok(Math.abs(at(tape.length - 1) - difference) < 1e-9);
  });
});
