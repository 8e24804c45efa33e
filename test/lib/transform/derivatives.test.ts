/** The same programs with the library's own runtime: the value is the program's, the gradient that of differences. */
import assert from "node:assert/strict";

import { valueAndGrad } from "cotangent";
import { instrument } from "cotangent/transform";

import { programs } from "./programs.js";

type F = (x: number[]) => number;

/** Whatever a program gives, as one number. */
const SCALAR = `
function total(r) {
  "use ad";
  if (r === undefined || r === null) return 0;
  if (typeof r === "number") return r;
  if (typeof r === "boolean") return r ? 1 : 0;
  if (typeof r === "string") return r.length;
  const parts = Array.isArray(r) ? r : Object.values(r);
  return parts.reduce((s, part, i) => s + (i + 1) * total(part), 0);
}
const scalar = (x) => { "use ad"; return total(main(x[0], x[1], x[2])); };`;

const load = (code: string): F => new Function(`"use strict"; ${code}\nreturn scalar;`)() as F;
const x = [2, 3.5, 0.75];
const h = 1e-5;
const moved = (i: number, by: number) => x.map((value, k) => (k === i ? value + by : value));

/** These jump where they are evaluated. */
const JUMPS = new Set(["labelled loops", "bits"]);

describe("the gradient of an instrumented program", () => {
  for (const [title, body] of Object.entries(programs))
    it(`is that of its differences: ${title}`, () => {
      const source = `function main(a, b, c) { "use ad"\n${body}\n}${SCALAR}`;
      const plain = load(source);
      const instrumented = load(instrument(source, { name: "program.js" })!.code);
      const expected = plain(x);
      assert.ok(Object.is(instrumented(x), expected), "plain");
      const [value, gradient] = valueAndGrad(instrumented)(x) as [number, number[]];
      assert.ok(Math.abs(value - expected) <= 1e-14 * Math.abs(expected), `${value} ≠ ${expected}`);
      if (JUMPS.has(title)) return;
      for (const i of x.keys()) {
        const slope = (plain(moved(i, h)) - plain(moved(i, -h))) / (2 * h);
        assert.ok(Math.abs(gradient[i]! - slope) <= 1e-5 * Math.max(1, Math.abs(slope)), `${gradient[i]} ≠ ${slope}`); // prettier-ignore
      }
    });
});
