/** Unboxed bodies: recorded numbers as two variables each, with the values and the derivatives that they have as objects. */
import assert from "node:assert/strict";

import fc from "fast-check";

import {
  checkpoint,
  grad,
  hessian,
  jacobian,
  jvp,
  record,
  tensor,
  type Tensor,
  valueAndGrad,
  vjp,
} from "cotangent";
import { instrument } from "cotangent/transform";

let count = 0;
function compiled<T>(expression: string): T {
  const name = `__unboxed${count++}`;
  const made = instrument(`globalThis.${name} = (${expression})`, {
    name: "cell",
    suffix: name,
    sourceType: "script",
  });
  new Function(made!.code)();
  return (globalThis as unknown as Record<string, T>)[name]!;
}
const body = (source: string): string | undefined =>
  /const \$ut = .*? \} (?=const \$ = )/.exec(instrument(source, { name: "a.js" })!.code)?.[0];
const has = (statements: string): boolean =>
  body(`function f(p, q) { "use ad"; ${statements} }`) !== undefined;

type F = (p: number[]) => number;

/** The gradient operation by operation: of a tape that is made to be looked at. */
const inDetail = (f: F, x: number[]): number[] => record(f, x).pullback(1)[0];

function same(source: string, x: number[], tolerance = 1e-12): void {
  const plain = new Function(`return ${source.replace('"use ad";', "")}`)() as F;
  const f = compiled<F>(source);
  const [value, gradient] = valueAndGrad(f)(x);
  assert.ok(Object.is(value, plain(x)), `${source}: ${value} is not ${plain(x)}`);
  inDetail(f, x).forEach((want, i) => {
    const got = gradient[i]!;
    const isClose = got === want || Math.abs(got - want) <= tolerance * (1 + Math.abs(want));
    assert.ok(
      isClose || (Number.isNaN(got) && Number.isNaN(want)),
      `${source} at ${x.join()} [${i}]: ${got} is not ${want}`,
    );
  });
}

describe("an unboxed body", () => {
  it("has a value and a node for each number, and writes statements on the tape by itself", () => {
    assert.equal(
      body('const f = (m, z) => { "use ad"; let s = m.spot; for (const x of z) s *= x; return s; };'),
      "const $ut = $ad.fused; $u: if ($ut) { " +
        'const $ux0 = m?.spot; let $ul1 = 0, $ui2 = -1; if (typeof $ux0 === "number") $ul1 = $ux0; ' +
        "else { if ($ux0?.tape !== $ut) break $u; $ui2 = $ux0.id; $ul1 = $ut.values[$ui2]; } " +
        "let $uA, $uW, $uO, $uF, $uG, $uC, $uD; $uA = $ut.args; $uW = $ut.weights; $uO = $ut.ops; $uF = $ut.left; $uG = $ut.right; " +
        "$uC = $uO.length; $uD = $uA.length; let $un = $ut.argCount, $uk = $ut.length; const $uz = $uk, $uS = 55; " +
        "let $u_s = $ul1, $ui_s = $ui2; for (const $ue3 of z) { " +
        'let $u_x = 0, $ui_x = -1; if (typeof $ue3 === "number") $u_x = $ue3; ' +
        "else { if ($ue3?.tape !== $ut) break $u; $ui_x = $ue3.id; $u_x = $ut.values[$ui_x]; } " +
        "const $uv4 = $u_s * $u_x; let $ui5 = -1; if (($ui_s & $ui_x) >= 0) {  " +
        "if ($uk === $uC || $un + 2 > $uD) { $ut.room($uk, $un + 2); $uA = $ut.args; $uW = $ut.weights; $uO = $ut.ops; $uF = $ut.left; " +
        "$uG = $ut.right; $uC = $uO.length; $uD = $uA.length; } " +
        "const $ub6 = $un; if ($ui_s >= 0) { $uA[$un] = $ui_s; $uW[$un++] = $u_x; } if ($ui_x >= 0) { $uA[$un] = $ui_x; $uW[$un++] = $u_s; } " +
        "$uO[$uk] = $uS; $uF[$uk] = $ub6; $uG[$uk] = $un; $ui5 = $uk++; } $u_s = $uv4; $ui_s = $ui5; } " +
        "if ($ut.length !== $uz) break $u; $ut.length = $uk; $ut.argCount = $un; " +
        "return $ui_s < 0 ? $u_s : $ut.boxed($ui_s, $u_s, -1); } ",
    );
  });

  it("is for ordinary arithmetic that calls nothing but Math", () => {
    const yes = [
      "let s = p[0]; for (let i = 0; i < 3; i++) { s = s * p[1] + i; } return s;",
      "const a = p.x, b = -p.y; if (a > b && !(a < 0)) return a * b; else return b / a;",
      "let s = 0; while (s < q) s += p; return { s, t: [s * 2, 1] };",
      "if (q === 'call') return p * 2; if (p < 0) throw new Error('negative'); return Math.sqrt(p);",
      "let k = 1; for (const x of p) { if (x > 9) continue; k *= x; } return k > 2 ? k : k ** 2;",
    ];
    const no = [
      "const g = Math.sin; return g(p) * 3;",
      "return other(p * 2);",
      "p.x = p.y * 2; return p.x;",
      "let s = p * 2; return [s].map(Math.abs);",
      "const { x } = p; return x * 2;",
      "outside = p * 2; return 1;",
      "var s = p * 2; return s;",
      "try { return p * 2; } finally { }",
      "return `${p * 2}`;",
      "return arguments[0] * 2;",
      "outer: for (;;) { if (p * 2 > 1) break outer; } return p * 3;",
    ];
    for (const statements of yes) assert.ok(has(statements), statements);
    for (const statements of no) assert.ok(!has(statements), statements);
  });

  it("has the derivatives of the operations one by one", () => {
    const x = [1.3, 0.7, 2.1];
    for (const statements of [
      "let s = p[0]; for (let i = 0; i < 5; i++) s = s * Math.exp(p[1] - 0.1 * s) + i; return s;",
      "const [a] = [1]; return p[0] * 2 + p[1];",
      "let s = p[0], t = p[1]; if (s > t) { s -= t * t; t = s; } else s += 1; return s * t - Math.max(s, t) * Math.min(s, p[2]);",
      "const a = p[0] > 1 ? p[0] * p[1] : p[2]; const b = a > 5 ? 1 : a < 1 ? a * a : -a; return a * b + (p[2] > 2 ? p[2] : 3);",
      "let n = 0, s = 1; while (s < 40) { s *= p[0] + n; n++; if (n > 6) break; } return s + n * p[1];",
      "let s = 0; for (const x of p) { if (x < 1) continue; s += x * x; } s++; s--; return s % 3 + -s + +s;",
      "const scale = 2, same = p[0]; let s = same; s /= scale; s **= 2; s %= 7; return s * same;",
      "let s; for (let i = 0; i < 2; i++) { s = p[i] * 2; } return s * p[1];",
      "return p[0] < p[1] ? p[1] * 2 : Math.hypot(p[0], p[2]) + Math.atan2(p[1], p[2]);",
      "const x = p[0]; { const x = p[1] * 2; if (x > 1) return x * p[2]; } return x;",
    ])
      same(`(p) => { "use ad"; ${statements} }`, x);
    same('(p) => { "use ad"; return Math.sqrt(p[0] * 0) * p[1] + p[0]; }', [0, 1]);
  });

  it("of random programs has the derivatives of the operations one by one", () => {
    const leaf = fc.constantFrom("p[0]", "p[1]", "p[2]", "2", "0.5", "x", "y", "i", "q");
    const { e, c } = fc.letrec((tie) => ({
      e: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc
          .tuple(tie("e"), fc.constantFrom("+", "-", "*", "/"), tie("e"))
          .map(([a, op, b]) => `(${a} ${op} ${b})`),
        tie("e").map((a) => `(-${a})`),
        fc.tuple(fc.constantFrom("sin", "exp", "tanh", "abs"), tie("e")).map(([f, a]) => `Math.${f}(${a})`),
        fc
          .tuple(fc.constantFrom("max", "min"), tie("e"), tie("e"))
          .map(([f, a, b]) => `Math.${f}(${a}, ${b})`),
        fc.tuple(tie("c"), tie("e"), tie("e")).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
      ),
      c: fc
        .tuple(leaf, fc.constantFrom("<", ">=", "===", "!=="), leaf)
        .map(([a, op, b]) => `${a} ${op} ${b}`),
    })) as { e: fc.Arbitrary<string>; c: fc.Arbitrary<string> };
    const statement = fc.letrec((tie) => ({
      s: fc.oneof(
        { depthSize: "small" },
        fc
          .tuple(fc.constantFrom("x", "y"), fc.constantFrom("=", "+=", "-=", "*="), e)
          .map(([v, op, a]) => `${v} ${op} ${a};`),
        fc.tuple(c, tie("s"), tie("s")).map(([c, a, b]) => `if (${c}) { ${a} } else { ${b} }`),
        tie("s").map((a) => `for (let i = 0; i < 3; i++) { ${a} }`),
        fc.tuple(tie("s"), tie("s")).map(([a, b]) => `{ ${a} ${b} }`),
      ),
    })).s as fc.Arbitrary<string>;
    const numbers = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -2, max: 2, noNaN: true })));
    let unboxed = 0;
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 3 }), e, numbers, (statements, last, at) => {
        const source = (mark: string) =>
          `(p) => { ${mark} const q = 1.5, i = 1; let x = p[0], y = 0.25; ${statements.join(" ")} return x * ${last} + y; }`;
        if (body(`const f = ${source('"use ad";')}`) !== undefined) unboxed++;
        const f = compiled<F>(source('"use ad";'));
        const plain = new Function(`return ${source("")}`)() as F;
        const [value, gradient] = valueAndGrad(f)(at);
        assert.ok(Object.is(value, plain(at)));
        inDetail(f, at).forEach((want, i) => {
          const got = gradient[i]!;
          // A product of large and small partials is another one in another order.
          const scale = 1 + Math.abs(want) + (Number.isFinite(value) ? Math.abs(value) : 0);
          const isClose = got === want || Math.abs(got - want) <= 1e-8 * scale;
          assert.ok(
            isClose || !Number.isFinite(want) || Math.abs(want) > 1e10,
            `${source("")} at ${at.join()}: ${got} is not ${want}`,
          );
        });
      }),
      { seed: 23, numRuns: 500 },
    );
    // A variable that is never recorded, and chosen by what is, has no such body.
    assert.ok(unboxed > 480, `${unboxed} had one`);
  });

  it("grows the tape", () => {
    const f = compiled<F>(
      '(p) => { "use ad"; let s = 1; for (let i = 0; i < 2000; i++) s = s * p[0] + p[1] * p[2]; return s; }',
    );
    const [value, gradient] = valueAndGrad(f)([0.999, 0.5, 0.25]);
    const plain = (a: number, b: number, c: number) => { let s = 1; for (let i = 0; i < 2000; i++) s = s * a + b * c; return s; }; // prettier-ignore
    assert.equal(value, plain(0.999, 0.5, 0.25));
    assert.ok(
      Math.abs(gradient[1]! - (plain(0.999, 0.5 + 1e-6, 0.25) - plain(0.999, 0.5 - 1e-6, 0.25)) / 2e-6) <
        1e-5,
    );
  });

  it("gives numbers to others, and takes theirs", () => {
    const inner = compiled<(a: number, b: number) => number>(
      '(a, b) => { "use ad"; const t = a * b; return t > 100 ? a : t + a; }',
    );
    (globalThis as unknown as { __inner: unknown }).__inner = inner;
    const outer = compiled<F>(
      '(p) => { "use ad"; const y = globalThis.__inner(p[0], p[1]) * p[2]; return globalThis.__inner(y, y) + globalThis.__inner(200, p[0]); }',
    );
    const plain = (a: number, b: number, c: number) => { const y = (a * b + a) * c; return (y * y > 100 ? y : y * y + y) + (200 * a > 100 ? 200 : 200 * a + 200); }; // prettier-ignore
    const at = [0.5, 2, 1.5];
    const [value, gradient] = valueAndGrad(outer)(at);
    assert.equal(value, plain(0.5, 2, 1.5));
    inDetail(outer, at).forEach((want, i) => assert.ok(Math.abs(gradient[i]! - want) < 1e-12));
  });

  it("returns arrays and objects of numbers", () => {
    const f = compiled<(p: number[]) => { s: number; more: number[] }>(
      '(p) => { "use ad"; const s = p[0] * p[1]; return { s, more: [s * s, 3, p[0]] }; }',
    );
    const [value, pullback] = vjp(f, [2, 3]);
    assert.deepEqual(value, { s: 6, more: [36, 3, 2] });
    assert.deepEqual(pullback({ s: 1, more: [1, 1, 1] })[0], [3 + 36 + 1, 2 + 24]);
    assert.deepEqual(jacobian((p: number[]) => f(p).more)([2, 3]), [[36, 24], [0, 0], [1, 0]]); // prettier-ignore
  });

  it("gives way to the other body where it meets what is no number of its tape", () => {
    const f = compiled<(x: unknown, y: unknown) => unknown>(
      '(x, y) => { "use ad"; const z = x * 2; return z * y + x; }',
    );
    // Tensors.
    const x = tensor([0.5, 1], { dtype: "float64" });
    const g = grad((t: Tensor) => (f(t, 3) as Tensor).sum())(x as never) as unknown as Tensor;
    assert.deepEqual([...g.dataSync()], [7, 7]);
    // Numbers that an enclosing derivative records, and forward mode.
    const cube = compiled<(x: number) => number>('(x) => { "use ad"; let s = x; s *= x; return s * x; }');
    assert.ok(Math.abs(grad(grad(cube))(2) - 12) < 1e-12);
    assert.ok(Math.abs((hessian(cube)(2) as number) - 12) < 1e-12);
    assert.equal(jvp(cube, [2], [1])[1], 12);
    const product = compiled<(x: number, y: number) => number>(
      '(x, y) => { "use ad"; const s = x * y; return s * y; }',
    );
    const mixed = (x: number) => grad((y: number) => product(x, y))(3);
    assert.equal(grad(mixed)(2), 6);
    // Options that are texts, and properties that are not there.
    const priced = compiled<(m: { s: number; kind: string; extra?: number }) => number>(
      '(m) => { "use ad"; if (m.kind === "call") return m.s * 2 + m.s; return m.extra === undefined ? m.s * 3 : m.s * m.extra; }',
    );
    const of = (kind: string) => grad((s: number) => priced({ s, kind }))(2);
    assert.deepEqual([of("call"), of("put")], [3, 3]);
    // Texts and bigints.
    const text = compiled<(x: number) => string>('(x) => { "use ad"; const word = "n" + x; return word; }');
    assert.equal(text(3), "n3");
    assert.throws(
      () =>
        grad(
          compiled<(x: number) => number>(
            '(x) => { "use ad"; if (x > 1) throw new RangeError("above"); return x; }',
          ),
        )(2),
      { name: "RangeError", message: "above" },
    );
  });

  it("leaves a getter's own recording alone", () => {
    const square = compiled<(x: number) => number>('(x) => { "use ad"; return x * x * 3; }');
    const f = compiled<(m: { a: number }, i: string) => number>(
      '(m, i) => { "use ad"; const b = 2 * m.a + m.a; return b * m[i] + m.a; }',
    );
    const gradient = grad((x: number) => {
      let kept: number | undefined;
      return f({ get a() { return (kept ??= square(x)); }, get b() { return square(x); } } as never, "b"); // prettier-ignore
    })(2);
    // 3·3x²·3x² + 3x²
    assert.equal(gradient, 3 * 9 * 4 * 8 + 12);
  });

  it("serves checkpoints, and pullbacks after the function has returned", () => {
    const step = compiled<F>(
      '(p) => { "use ad"; let s = p[0]; for (let i = 0; i < 4; i++) s = s * p[1] + 1; return s; }',
    );
    assert.deepEqual(grad(checkpoint(step))([2, 3]), grad(step)([2, 3]));
    const [, pullback] = vjp(step, [2, 3]);
    assert.deepEqual(pullback(2)[0], grad(step)([2, 3]).map((x) => 2 * x)); // prettier-ignore
  });

  it("is not what a tape shows that is made to be looked at", () => {
    const f = compiled<F>('(p) => { "use ad"; const y = p[0] * p[1]; return Math.sin(y); }');
    assert.deepEqual(Object.keys(record(f, [1, 2]).statistics().operations).sort(), ["input", "mul", "sin"]);
  });
});
