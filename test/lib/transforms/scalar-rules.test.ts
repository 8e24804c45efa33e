/** Every row of the table of scalar operations, against differences of it: forward, reverse, nested. */
import assert from "node:assert/strict";

import { evaluate } from "../../../lib/src/rules/generated/evaluate.js";
import { derivatives } from "../../../lib/src/rules/generated/derivatives.js";
import { opNames } from "../../../lib/src/rules/generated/opcodes.js";
import { partials } from "../../../lib/src/rules/generated/partials.js";
import { recorders } from "../../../lib/src/rules/generated/record.js";
import { scalarRules, type ScalarRule } from "../../../lib/src/rules/scalar-rules.js";
import { grad, jvp, mulberry32, vjp } from "../../../lib/src/index.js";

/** Where an operation is smooth; (0.2, 0.9) elsewhere. */
const domains: Partial<Record<string, readonly [number, number]>> = {
  acosh: [1.2, 3],
  mod: [0.3, 0.55],
};

/** The derivative by Richardson's extrapolation of central differences: error O(h⁶). */
function slope(f: (x: number) => number, x: number): number {
  const central = (h: number) => (f(x + h) - f(x - h)) / (2 * h);
  const [d1, d2, d3] = [central(4e-3), central(2e-3), central(1e-3)];
  const [e1, e2] = [(4 * d2 - d1) / 3, (4 * d3 - d2) / 3];
  return (16 * e2 - e1) / 15;
}

const close = (actual: number, expected: number, tolerance: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what}: ${actual} should be ${expected}`,
  );

describe("the scalar operation", () => {
  const uniform = mulberry32(5);
  opNames.forEach((name, op) => {
    const rule: ScalarRule = scalarRules[name];
    const isBinary = rule.partials.length === 2;
    const [low, high] = domains[name] ?? [0.2, 0.9];
    const draw = () => low + (high - low) * uniform();
    const record = recorders[op]!;

    it(`${name} has the partials of its value, in every mode`, () => {
      for (let round = 0; round < 5; round++) {
        const a = draw();
        const b = name === "mod" ? 0.2 : draw();
        const y = evaluate(op, a, b);
        const out = new Float64Array(2);
        partials(op, a, b, y, out);
        const generic = derivatives[op]!(a, b, y);
        const f = (x: number, z: number) => record(x, z) as number;
        const [value, pullback] = vjp(f as (x: number, z: number) => number, a, b);
        assert.equal(value, y, "the value is JavaScript's own, bit for bit");
        const adjoints = pullback(1);
        for (let i = 0; i < (isBinary ? 2 : 1); i++) {
          const along = (x: number) => (i === 0 ? evaluate(op, x, b) : evaluate(op, a, x));
          const jumps = rule.partials[i] === "0";
          const expected = jumps
            ? 0
            : name === "mod" && i === 1
              ? -Math.trunc(a / b)
              : name === "fround"
                ? 1
                : slope(along, i === 0 ? a : b);
          close(out[i]!, expected, 1e-9, `∂${name}/∂${"ab"[i]} at (${a}, ${b})`);
          assert.equal(generic[i], out[i], "the two forms of the rule agree");
          assert.equal(adjoints[i], out[i] === 0 ? 0 : out[i], "reverse mode");
          const [, tangent] = jvp(f, [a, b], [i === 0 ? 1 : 0, i === 1 ? 1 : 0]);
          close(tangent, out[i]!, 1e-15, "forward mode");
          if (jumps || name === "fround") continue;
          // Reverse over reverse, against a difference of the rule.
          const partialAlong = (x: number) => {
            const [p, q] = i === 0 ? [x, b] : [a, x];
            const spare = new Float64Array(2);
            partials(op, p, q, evaluate(op, p, q), spare);
            return spare[i]!;
          };
          const first = grad(f, { argnum: i }) as unknown as (x: number, z: number) => number;
          const second = grad(first, { argnum: i }) as unknown as (x: number, z: number) => number;
          close(second(a, b), slope(partialAlong, i === 0 ? a : b), 1e-7, `second derivative of ${name}`);
        }
      }
    });
  });
});
