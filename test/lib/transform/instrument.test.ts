/** "use ad": what the pass prints, and that what it prints does what the source does. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { grad, jvp, vjp } from "cotangent";
import { instrument } from "cotangent/transform";
import { withoutUnboxed } from "./run.js";

/** Where what the pass puts before a text ends. */
const startOf = (code: string) => {
  const [last] = [...code.matchAll(/sites \+= \d+\) - \d+\); (?:let [^;]*; )?/g)].slice(-1);
  return last!.index + last![0].length;
};
const flat = (text: string) => text.replace(/\s+/g, " ");
/** What the pass prints, without what it puts before it. */
const printed = (source: string) => {
  const made = instrument(source, { name: "test" });
  return made && withoutUnboxed(flat(made.code.slice(startOf(made.code))));
};

let count = 0;
/** The value of an expression, instrumented. */
function compiled<T>(expression: string): T {
  const source = `(${expression})`;
  const made = instrument(source, { name: "cotangent-cell:7", suffix: `$${count++}`, sourceType: "script" });
  assert.ok(made, "something was instrumented");
  const at = startOf(made.code);
  return new Function(`${made.code.slice(0, at)} return ${made.code.slice(at)}`)() as T;
}
const plain = <T>(expression: string): T => new Function(`return (${expression})`)() as T;
const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} ≠ ${expected}`,
  );

describe("the pass behind use ad", () => {
  it("leaves a text alone that does not ask for it", () => {
    assert.equal(instrument("const f = (x) => x * x;", { name: "t" }), null);
    assert.equal(instrument('const s = "use ad"; const f = (x) => x * x;', { name: "t" }), null);
  });

  it("gives a function two bodies, and chooses by whether something records", () => {
    assert.equal(
      printed('function f(a, b) { "use ad"; return a * b + 1; }'),
      'function f(a, b) { "use ad"; if ($ad.recording !== 0) { return ((a, b) => { const $ = $ad.ops; return $f1(a, b); })(a, b); } return a * b + 1; }',
    );
  });

  it("leaves arithmetic alone that is certainly plain", () => {
    const text = printed(
      'function f(x) { "use ad"; let s = 0; for (let i = 0; i < x.length; i++) s += x[i] * 2; return s; }',
    )!;
    const recorded = text.slice(text.indexOf("{ const $"));
    assert.match(recorded, /for \(let i = 0; i < x\.length; i\+\+\)/);
    assert.match(recorded, /s = \$f1\(s, x\[i\]\)/);
  });

  it("leaves imports and exports as they are", () => {
    const around =
      'import a, { b, c as d } from "m";\nimport * as e from "n";\nexport { a, b as f };\nexport * from "o";\n';
    const { code } = instrument(`${around}export function g(x) { "use ad"; return x * 2 }`, { name: "t" })!;
    assert.ok(code.includes(around), code);
  });

  it("keeps a place in the source for every token", () => {
    const source = 'const f = (x) => {\n  "use ad";\n  return x * x;\n};\nthrow new Error();';
    const made = instrument(source, { name: "t" })!;
    const line = made.code.split("\n").findIndex((text) => text.startsWith("throw new"));
    const column = 0;
    assert.deepEqual(
      made.mappings[line]!.find(([at]) => at === column),
      [column, 0, 4, 0],
    );
  });

  it("treats every function of a text alike whose first statement says it", () => {
    const text = printed('"use ad";\nconst f = (x) => x * 2;\nfunction g(x) { return -x; }')!;
    assert.equal(text.match(/recording !== 0/g)!.length, 2);
  });
});

/** Programs of a number, and the point at which they are differentiated. */
const programs: Record<string, readonly [source: string, x: number]> = {
  "a product and a power": ["function (x) { 'use ad'; return 3 * x ** 2 + x ** 3 - x / 2 }", 1.3],
  "an arrow with an expression": ["(x) => { 'use ad'; const f = (y) => y * y * x; return f(x + 1) }", 0.7],
  "compound assignment": [
    "function (x) { 'use ad'; let s = x; s += x * x; s *= 2; s -= 1 / x; s /= 3; s **= 2; s %= 100; return s }",
    1.7,
  ],
  increments: ["function (x) { 'use ad'; let s = x; const old = s++; ++s; return old * s-- + s }", 2.5],
  "members and their increments": [
    "function (x) { 'use ad'; const o = { p: x, q: [x, 1] }; o.p *= x; o.q[0] += o.p; o.q[1]++; return o.q[0] * o.q[1] }",
    1.1,
  ],
  "a place that is evaluated once": [
    "function (x) { 'use ad'; let calls = 0; const a = [1, x, 3]; const at = () => { calls++; return 1 }; a[at()] *= x; a[at()]++; return a[1] + calls }",
    1.5,
  ],
  "functions of Math": [
    "function (x) { 'use ad'; return Math.sin(x) * Math.exp(-x) + Math.max(x, 1, 0.5) + Math.hypot(x, 3, 4) + Math.pow(x, 2) + Math.abs(-x) }",
    1.6,
  ],
  "functions of Math by another name": [
    "function (x) { 'use ad'; const { exp, sqrt: root } = Math; const m = Math.max; return exp(x) + root(x) + m(x, 2, x * x) }",
    1.9,
  ],
  branches: [
    "function (x) { 'use ad'; let s = 0; if (x > 1 && !(x > 5)) s = x * 2; else s = x * 3; return x < 2 ? s * x : s }",
    1.5,
  ],
  "truth of a number": [
    "function (x) { 'use ad'; const zero = x - x; return (zero || x) * (x && 2) * (zero ? 5 : 7) * (!zero ? 1 : 2) }",
    1.5,
  ],
  "loops of every kind": [
    "function (x) { 'use ad'; let s = 0; for (let i = 1; i <= 3; i++) s += x / i; for (const y of [x, 2]) s *= y; let n = 0; while (s < 40) { s *= 2; n++ } do { s -= x } while (s > 30); outer: for (;;) { for (;;) break outer } return s + n }",
    1.2,
  ],
  "destructuring with defaults": [
    "function (x) { 'use ad'; const [a, b = a * 2] = [x]; const { c = b + a, ...rest } = { d: x * x }; let e; [e, , ] = [c]; return a * b * c * rest.d + e }",
    1.4,
  ],
  "defaults of parameters": [
    "function (x) { 'use ad'; const f = (a, b = a * x) => a + b; return f(x) + f(x, 2) }",
    1.4,
  ],
  "methods of arrays": [
    "function (x) { 'use ad'; const a = [x, 2 * x, 3]; return a.map((v) => v * v).reduce((s, v) => s + v, 0) + [3 * x, x].sort((p, q) => p - q)[0] + a.filter((v) => v > 1.5).length }",
    1.4,
  ],
  closures: [
    "function (x) { 'use ad'; const make = (k) => { let n = k; return () => (n = n * x) }; const f = make(2); f(); return f() }",
    1.4,
  ],
  recursion: [
    "function (x) { 'use ad'; const fac = (n) => (n <= 0 ? 1 : x * n * fac(n - 1)); return fac(4) }",
    1.4,
  ],
  "mutual recursion": [
    "function (x) { 'use ad'; function even(n) { return n === 0 ? x : odd(n - 1) * x } function odd(n) { return even(n - 1) + x } return even(4) }",
    1.2,
  ],
  generators: [
    "function (x) { 'use ad'; function* terms() { let t = x; for (let i = 0; i < 3; i++) { yield t; t *= x } } let s = 0; for (const t of terms()) s += t; return s }",
    1.2,
  ],
  classes: [
    "function (x) { 'use ad'; class Acc { #s = 1; k = x * 2; get s() { return this.#s * this.k } add(y) { this.#s += y * x; return this } static of(y) { return new Acc().add(y) } } return Acc.of(x).add(1).s }",
    1.2,
  ],
  "optional chaining and nullish": [
    "function (x) { 'use ad'; const o = { f: (y) => y * x, n: null }; return (o.f?.(x) ?? 1) * (o.n ?? x) + (o.g?.(x) ?? 2) }",
    1.2,
  ],
  "logical assignment": [
    "function (x) { 'use ad'; let a = 0, b = x; a ||= x * 2; b &&= b * x; let c = null; c ??= x; return a * b * c }",
    1.2,
  ],
  "spread and rest": [
    "function (x) { 'use ad'; const sum = (...v) => v.reduce((a, b) => a + b); return sum(...[x, x * 2], 3) * Math.min(...[x, 5]) }",
    1.2,
  ],
  "a switch": [
    "function (x) { 'use ad'; switch (Math.floor(x)) { case 1: return x * 10; case 2: return x } return 0 }",
    1.2,
  ],
  "a recorded index": ["function (x) { 'use ad'; return [1, 10, 100][Math.round(x)] * x }", 1.2],
  "the comma and nested ternaries": [
    "function (x) { 'use ad'; let a; return (a = x * 2, a > 3 ? a : a > 2 ? a * x : (a, 7)) }",
    1.2,
  ],
  predicates: ["function (x) { 'use ad'; return Number.isFinite(x) && !isNaN(x) ? Number(x) * 2 : 0 }", 1.2],
  strings: ["function (x) { 'use ad'; const s = 'a' + 1 + `b${2}`; return x * s.length }", 1.2],
  "bit operations": ["function (x) { 'use ad'; return x * ((5 & 3) | 8) + (x | 0) * x }", 2.2],
  arguments: [
    "function (x) { 'use ad'; function f() { return arguments[0] * arguments.length } return f(x, 1) }",
    2.2,
  ],
  exceptions: [
    "function (x) { 'use ad'; try { throw { y: x * x } } catch ({ y }) { return y * x } finally { x = 0 } }",
    2.2,
  ],
};

describe("an instrumented function with", () => {
  for (const [what, [source, x]] of Object.entries(programs))
    it(`${what} gives the same value, and the derivative of it`, () => {
      const original = plain<(x: number) => number>(source);
      const instrumented = compiled<(x: number) => number>(source);
      const value = original(x);
      assert.ok(Object.is(instrumented(x), value), "plain, nothing records");
      let inside = NaN;
      grad((y: number) => {
        inside = instrumented(x);
        return y;
      })(1);
      assert.ok(Object.is(inside, value), "plain, while something else records");
      const h = 1e-5;
      const central = (step: number) => (original(x + step) - original(x - step)) / (2 * step);
      const slope = (4 * central(h / 2) - central(h)) / 3;
      const [recorded, pullback] = vjp(instrumented, x);
      near(recorded, value, 1e-14);
      near(pullback(1)[0], slope, 1e-8);
      near(jvp(instrumented, [x], [1])[1], slope, 1e-8);
    });
});

describe("seeded programs", () => {
  it("compute bit for bit what they did, and their derivatives in both modes agree", () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom("x", "s", "a[0]", "o.v", "i", "2", "0.5"),
        fc
          .tuple(tie("expression"), fc.constantFrom("+", "-", "*"), tie("expression"))
          .map(([l, op, r]) => `(${l} ${op} ${r})`),
        fc
          .tuple(fc.constantFrom("sin", "tanh", "abs", "atan"), tie("expression"))
          .map(([f, e]) => `Math.${f}(${e})`),
        fc
          .tuple(tie("expression"), tie("expression"), tie("expression"))
          .map(([c, l, r]) => `(${c} > 0.1 ? ${l} : ${r})`),
        tie("expression").map((e) => `((k) => k * ${e})(x)`),
      ),
    }));
    const statement = fc.oneof(
      expression.map((e) => `s += ${e};`),
      expression.map((e) => `s = Math.tanh(s) * ${e};`),
      expression.map((e) => `a[0] -= Math.sin(${e});`),
      expression.map((e) => `o.v = ${e};`),
      fc.tuple(expression, expression).map(([c, e]) => `if (${c} < s) { s = ${e} } else s--;`),
      expression.map((e) => `for (let i = 0; i < 2; i++) { s = Math.atan(s + ${e}); }`),
    );
    fc.assert(
      fc.property(
        fc.array(statement, { minLength: 1, maxLength: 5 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (body, x) => {
          const source = `function (x) { "use ad"; const i = 1; let s = x; const a = [x]; const o = { v: 1 }; ${body.join(" ")} return s + a[0] * o.v }`;
          const original = plain<(x: number) => number>(source);
          const instrumented = compiled<(x: number) => number>(source);
          assert.ok(Object.is(instrumented(x), original(x)));
          const [value, pullback] = vjp(instrumented, x);
          assert.ok(Object.is(value, original(x)), "the recorded value is the same, too");
          const [, tangent] = jvp(instrumented, [x], [1]);
          const [adjoint] = pullback(1);
          if (Number.isFinite(tangent)) near(adjoint, tangent, 1e-9);
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });
});

describe("a recorded value that leaves instrumented code", () => {
  it("says which expression it is, and where", () => {
    const f = compiled<(x: number, g: (y: number) => number) => number>(
      "function (x, g) {\n  'use ad';\n  const y = x * 3;\n  return g(y);\n}",
    );
    assert.throws(() => grad((x: number) => f(x, (y) => y + 1))(2), {
      name: "EscapedValueError",
      message: /A recorded value \(6, from `x \* 3` at Cell 7, line 3\) reached arithmetic/,
    });
  });
});
