/** Fused statements: expressions that are recorded as one node, with the value and the derivatives that they have without. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { grad, hessian, jvp, record, tensor, type Tensor, valueAndGrad, vjp } from "cotangent";
import { instrument } from "cotangent/transform";

import { scalarRules } from "../../../lib/src/rules/scalar-rules.js";

let count = 0;
function compiled<T>(expression: string): T {
  const name = `__fused${count++}`;
  const made = instrument(`globalThis.${name} = (${expression})`, {
    name: "cotangent-cell:9",
    suffix: name,
    sourceType: "script",
  });
  new Function(made!.code)();
  return (globalThis as unknown as Record<string, T>)[name]!;
}

type Scalars = (p: number[]) => number;

/** The gradient operation by operation: of a tape that is made to be looked at. */
const inDetail = (f: Scalars, x: number[]): number[] => record(f, x).pullback(1)[0];

function same(expression: string, x: number[], tolerance = 1e-12): void {
  const plain = new Function(`return (p) => ${expression}`)() as Scalars;
  const f = compiled<Scalars>(`(p) => { "use ad"; return ${expression}; }`);
  const [value, fused] = valueAndGrad(f)(x);
  assert.ok(Object.is(value, plain(x)), `${expression}: ${value} is not ${plain(x)}`);
  inDetail(f, x).forEach((want, i) => {
    const got = fused[i]!;
    const close =
      Object.is(got, want) || got === want || Math.abs(got - want) <= tolerance * (1 + Math.abs(want));
    assert.ok(
      close || (Number.isNaN(got) && Number.isNaN(want)),
      `${expression} at ${x} [${i}]: ${got} is not ${want}`,
    );
  });
}

describe("a fused statement", () => {
  it("is one function, with the chain rule applied", () => {
    const { code } = instrument(`const f = (s, d, z) => { "use ad"; return s * Math.exp(d + 2 * z); };`, {
      name: "a.js",
    })!;
    assert.equal(
      /\$f1 = (.*?), \$s = /.exec(code)![1],
      "(a0, a1, a2) => { const t = $ad.fused; fast: if (t) { " +
        'let x0 = 0, i0 = -1; if (typeof a0 === "number") x0 = a0; else { if (a0?.tape !== t) break fast; i0 = a0.id; x0 = t.values[i0]; } ' +
        'let x1 = 0, i1 = -1; if (typeof a1 === "number") x1 = a1; else { if (a1?.tape !== t) break fast; i1 = a1.id; x1 = t.values[i1]; } ' +
        'let x2 = 0, i2 = -1; if (typeof a2 === "number") x2 = a2; else { if (a2?.tape !== t) break fast; i2 = a2.id; x2 = t.values[i2]; } ' +
        "const v0 = 2 * x2, v1 = x1 + v0, v2 = Math.exp(v1), v3 = x0 * v2; if ((i0 & i1 & i2) < 0) return v3; " +
        "const g2 = x0, g1 = g2 * v2, g0 = g1; let n = t.begin(3); const A = t.args, W = t.weights; " +
        "if (i0 >= 0) { A[n] = i0; W[n++] = v2; } if (i1 >= 0) { A[n] = i1; W[n++] = g1; } if (i2 >= 0) { A[n] = i2; W[n++] = g0 * 2; } " +
        "return t.end(v3, n, $s + 3); } " +
        "return $ad.ops.mul(a0, $ad.ops.exp($ad.ops.add(a1, $ad.ops.mul(2, a2, $s), $s + 1), $s + 2), $s + 3); }",
    );
  });

  const twice = Object.entries(scalarRules).filter(
    ([name]) => name in Math || ["add", "sub", "mul", "div", "mod", "neg"].includes(name),
  );
  for (const [name, rule] of twice)
    if (/^Math|^a [-+*/%]|^-a|\*\*/.test(rule.value) && name !== "square")
      it(`has the value and the derivatives of ${name}, inside and outside`, () => {
        const text = (a: string, b: string) => `(${rule.value.replace(/\ba\b/g, a).replace(/\bb\b/g, b)})`;
        for (const x of [[0.3, 0.7], [1.4, 2.2], [-0.6, 1.3], [1, 1], [0, 2]]) {
          same(`${text("p[0]", "p[1]")} * p[1] + 1`, x);
          same(text("(p[0] * p[1])", "(p[1] + p[0])"), x);
        } // prettier-ignore
      });

  it("of random expressions agrees with the operations one by one", () => {
    const leaf = fc.constantFrom("p[0]", "p[1]", "p[2]", "2", "0.5", "q", "x");
    const expression = fc.letrec((tie) => ({
      e: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc
          .tuple(tie("e"), fc.constantFrom("+", "-", "*", "/"), tie("e"))
          .map(([a, op, b]) => `(${a} ${op} ${b})`),
        tie("e").map((a) => `(-${a})`),
        fc
          .tuple(fc.constantFrom("sin", "exp", "tanh", "abs", "cos", "atan"), tie("e"))
          .map(([f, a]) => `Math.${f}(${a})`),
        fc
          .tuple(fc.constantFrom("max", "min", "hypot"), tie("e"), tie("e"))
          .map(([f, a, b]) => `Math.${f}(${a}, ${b})`),
        tie("e").map((a) => `((${a}) ** 2)`),
      ),
    })).e as fc.Arbitrary<string>;
    const numbers = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -2, max: 2, noNaN: true })));
    fc.assert(
      fc.property(expression, expression, numbers, (first, second, at) => {
        const source = (mark: string) =>
          `(p) => { ${mark} const q = 1.5; let x = p[0]; x = ${first}; x += ${second}; x *= p[1] - ${first}; return x; }`;
        const f = compiled<Scalars>(source('"use ad";'));
        const plain = new Function(`return ${source("")}`)() as Scalars;
        const [value, fused] = valueAndGrad(f)(at);
        assert.ok(Object.is(value, plain(at)));
        inDetail(f, at).forEach((want, i) => {
          const got = fused[i]!;
          // A product of large and small partials is another one in another order.
          const scale = 1 + Math.abs(want) + (Number.isFinite(value) ? Math.abs(value) : 0);
          const close = got === want || Math.abs(got - want) <= 1e-8 * scale;
          assert.ok(
            close || !Number.isFinite(want) || Math.abs(want) > 1e12,
            `${first} | ${second} at ${at}: ${got} is not ${want}`,
          );
        });
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it("takes a number for a number: constants are not recorded", () => {
    same("p[0] * 3 + Math.exp(2) * 4", [1.5]);
    const f = compiled<(a: number, b: number) => number>(`(a, b) => { "use ad"; return a * b + a; }`);
    assert.equal(grad(f)(2, 5), 6);
    assert.equal(grad(f, { argnum: 1 })(2, 5), 2);
  });

  it("lets 0 · ∞ be NaN where it is reached, and nothing where it is not", () => {
    const f = compiled<Scalars>(
      `(p) => { "use ad"; const y = Math.sqrt(p[0] * p[1]) * 2; return p[1] > 0.5 ? y + p[0] : p[0] * 1; }`,
    );
    assert.deepEqual(valueAndGrad(f)([0, 0]), [0, [1, 0]]);
    assert.ok(Number.isNaN(valueAndGrad(f)([0, 1])[1][1]));
  });

  it("does with strings, dates and bigints what JavaScript does", () => {
    const text = compiled<(x: number) => { n: number; s: string; b: bigint }>(
      `(x) => { "use ad"; const s = "a" + x * 1 + ("b" + 2); const b = 2n * 3n + 1n; return { n: x * 2 + 1, s, b }; }`,
    );
    const seen: unknown[] = [];
    grad((x: number) => {
      const { n, s, b } = text(x);
      seen.push(s, b);
      return n;
    })(3);
    assert.deepEqual(seen, ["a3b2", 7n]);
  });

  it("of tensors is their operations", () => {
    const f = compiled<(x: Tensor, y: number) => Tensor>(
      `(x, y) => { "use ad"; return Math.exp(x * 2) + y * 3; }`,
    );
    const x = tensor([0.5, 1], { dtype: "float64" });
    const g = grad((t: Tensor) => f(t, 1).sum())(x);
    assert.ok(Math.abs(g.dataSync()[0]! - 2 * Math.exp(1)) < 1e-12);
    assert.ok(Math.abs(grad((y: number) => f(x, y).sum().item())(1) - 6) < 1e-12);
  });

  it("is operations again inside another derivative, and in forward mode", () => {
    const f = compiled<(x: number) => number>(`(x) => { "use ad"; return x * x * Math.exp(x) + 2 * x; }`);
    const d2 = (x: number) => (x * x + 4 * x + 2) * Math.exp(x);
    assert.ok(Math.abs(grad(grad(f))(0.7) - d2(0.7)) < 1e-12);
    assert.ok(Math.abs((hessian(f)(0.7) as number) - d2(0.7)) < 1e-12);
    assert.ok(Math.abs(jvp(f, [0.7], [1])[1] - grad(f)(0.7)) < 1e-12);
    const outer = compiled<(x: number) => number>(
      `(x) => { "use ad"; return globalThis.__inner(x) * x + x * 3; }`,
    );
    (globalThis as unknown as { __inner: unknown }).__inner = (x: number) =>
      grad((y: number) => f(y))(stop(x));
    const stop = (x: number) => x;
    assert.ok(Math.abs(grad(outer)(0.7) - (grad(f)(0.7) + 0.7 * d2(0.7) + 3)) < 1e-11);
  });

  it("keeps its adjoint when that depends on an enclosing derivative", () => {
    const f = compiled<(x: number) => number>(`(x) => { "use ad"; return x * x * 3 + x; }`);
    // d/dc of c · f′(2).
    const through = compiled<(c: number) => number>(
      `(c) => { "use ad"; return globalThis.__pull(c) * 1 + 0 * c; }`,
    );
    const [, pullback] = vjp(f, 2);
    (globalThis as unknown as { __pull: unknown }).__pull = (c: number) => pullback(c)[0];
    assert.equal(grad(through)(5), 13);
  });

  it("names the expression where a value escapes, and refuses ended ones", () => {
    const f = compiled<(x: number) => number>(
      `(x) => { "use ad"; const y = x * 2 + 1; return Math.round((() => y)()) + Number(JSON.parse("1")) + globalThis.__out(y); }`,
    );
    (globalThis as unknown as { __out: unknown }).__out = new Function("y", "return y * 2");
    assert.throws(() => grad(f)(1), {
      name: "EscapedValueError",
      message: /`x \* 2 \+ 1` at Cell 9, line 1/,
    });
    let kept = 0;
    const keep = compiled<(x: number) => number>(
      `(x) => { "use ad"; const y = x * 2 + 1; globalThis.__keep(y); return y * y + 1; }`,
    );
    (globalThis as unknown as { __keep: unknown }).__keep = (y: number) => void (kept = y);
    grad(keep)(1);
    const again = compiled<(x: number) => number>(
      `(x) => { "use ad"; return x * 2 + globalThis.__kept() * 3; }`,
    );
    (globalThis as unknown as { __kept: unknown }).__kept = () => kept;
    assert.throws(() => grad(again)(1), { name: "EscapedValueError", message: /ended/ });
  });

  it("is not what a tape shows that is made to be looked at", () => {
    const f = compiled<Scalars>(`(p) => { "use ad"; return p[0] * p[1] + Math.sin(p[0]); }`);
    assert.deepEqual(Object.keys(record(f, [1, 2]).statistics().operations).sort(), [
      "add",
      "input",
      "mul",
      "sin",
    ]);
  });
});
