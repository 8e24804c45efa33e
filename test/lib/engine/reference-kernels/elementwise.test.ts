/** map, zip, where and copy of the reference engine, against naive loops. */
import assert from "node:assert/strict";
import { referenceEngine, type Dtype } from "cotangent";
import { mapNames, zipNames, type MapName, type ZipName } from "../../../../lib/src/engine/engine.js";
import { arrayOf, at, between, indices, layouts, listed, oddShapes, sample, viewOf } from "./samples.js";

const { kernels } = referenceEngine;

/** What each name means, written a second time. */
const maps: Record<MapName, (x: number) => number> = {
  neg: (x) => 0 - x,
  abs: (x) => (x < 0 ? -x : x),
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : x),
  floor: Math.floor,
  ceil: Math.ceil,
  round: (x) => Math.floor(x + 0.5),
  square: (x) => x ** 2,
  reciprocal: (x) => x ** -1,
  sqrt: (x) => x ** 0.5,
  rsqrt: (x) => x ** -0.5,
  exp: (x) => Math.E ** x,
  expm1: (x) => Math.exp(x) - 1,
  log: (x) => Math.log2(x) / Math.LOG2E,
  log1p: (x) => Math.log(1 + x),
  sin: Math.sin,
  cos: (x) => Math.sin(x + Math.PI / 2),
  tan: (x) => Math.sin(x) / Math.cos(x),
  tanh: (x) => (Math.exp(2 * x) - 1) / (Math.exp(2 * x) + 1),
  sinh: (x) => (Math.exp(x) - Math.exp(-x)) / 2,
  cosh: (x) => (Math.exp(x) + Math.exp(-x)) / 2,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log(1 + Math.exp(x)),
  asin: (x) => Math.atan(x / Math.sqrt(1 - x * x)),
  acos: (x) => Math.PI / 2 - Math.asin(x),
  atan: (x) => Math.atan2(x, 1),
  relu: (x) => (x > 0 ? x : 0),
  step: (x) => Number(x > 0),
  erf: (x) => integrate((t) => (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t), x),
  gelu: (x) => x * (0.5 + integrate((t) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI), x)),
  silu: (x) => x / (1 + Math.exp(-x)),
  trunc: (x) => (x < 0 ? Math.ceil(x) : Math.floor(x)),
  fround: (x) => new Float32Array([x])[0]!,
  cbrt: (x) => Math.sign(x) * Math.abs(x) ** (1 / 3),
  log2: (x) => Math.log(x) / Math.LN2,
  log10: (x) => Math.log(x) / Math.LN10,
  asinh: (x) => Math.sign(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1)),
  acosh: (x) => Math.log(x + Math.sqrt(x * x - 1)),
  atanh: (x) => 0.5 * Math.log((1 + x) / (1 - x)),
  erfc: (x) => 1 - integrate((t) => (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t), x),
  normalCdf: (x) => 0.5 + integrate((t) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI), x),
};

/** From 0 to x, by Simpson's rule. */
function integrate(f: (t: number) => number, x: number): number {
  const n = 4000;
  let sum = f(0) + f(x);
  for (let i = 1; i < n; i++) sum += (i % 2 ? 4 : 2) * f((i * x) / n);
  return (sum * x) / (3 * n);
}

const zips: Record<ZipName, (a: number, b: number) => number> = {
  add: (a, b) => b + a,
  sub: (a, b) => -(b - a),
  mul: (a, b) => b * a,
  div: (a, b) => a / b,
  pow: (a, b) => Math.exp(b * Math.log(a)),
  max: (a, b) => (a > b ? a : b),
  min: (a, b) => (a < b ? a : b),
  mod: (a, b) => a - b * Math.trunc(a / b),
  hypot: (a, b) => Math.sqrt(a * a + b * b),
  atan2: (a, b) => 2 * Math.atan(a / (Math.hypot(a, b) + b)),
  lt: (a, b) => Number(a < b),
  le: (a, b) => Number(!(a > b)),
  gt: (a, b) => Number(b < a),
  ge: (a, b) => Number(!(b > a)),
  eq: (a, b) => Number(!(a < b || a > b)),
  ne: (a, b) => Number(a < b || a > b),
};

function close(got: ArrayLike<number>, want: readonly number[], tolerance: number, what: string) {
  assert.equal(got.length, want.length, what);
  want.forEach((value, i) => {
    const same = Number.isNaN(value) ? Number.isNaN(got[i]) : got[i] === value;
    const off = Math.abs(got[i]! - value) / Math.max(1, Math.abs(value));
    assert.ok(same || off <= tolerance, `${what} [${i}]: ${got[i]} is not ${value}`);
  });
}

const domain: Partial<Record<MapName, [number, number]>> = {
  sqrt: [0, 9],
  rsqrt: [0.1, 9],
  log: [0.01, 9],
  log1p: [-0.9, 9],
  reciprocal: [0.1, 9],
  asin: [-0.99, 0.99],
  acos: [-0.99, 0.99],
  tan: [-1.4, 1.4],
  log2: [0.01, 9],
  log10: [0.01, 9],
  acosh: [1.01, 9],
  atanh: [-0.9, 0.9],
};

describe("the reference engine's map", () => {
  for (const name of mapNames)
    it(`computes ${name} in every layout, for odd shapes`, () => {
      const draw = between(...(domain[name] ?? [-3, 3]));
      for (const shape of oddShapes)
        for (const [seed, layout] of layouts.entries()) {
          const x = sample(seed, shape, { layout, draw });
          const result = kernels.map(name, x);
          assert.equal(result.dtype, "float64");
          close(result.read(), listed(x).map(maps[name]), 1e-12, `${name} of ${layout} [${shape}]`);
        }
    });

  it("rounds once, to the dtype of its argument", () => {
    const x = sample(1, [7, 3], { dtype: "float32" });
    const result = kernels.map("exp", x).read();
    assert.deepEqual(result, Float32Array.from(listed(x).map(Math.exp)));
    const whole = sample(1, [7], { dtype: "int32", draw: between(-9, 9) });
    assert.deepEqual(kernels.map("square", whole).read(), Int32Array.from(listed(whole).map((i) => i * i)));
  });

  it("does not overflow where the value does not", () => {
    const x = viewOf("float64", [4], [-1e4, -800, 800, 1e4]);
    const of = (name: MapName) => [...kernels.map(name, x).read()];
    assert.deepEqual(of("sigmoid"), [0, 0, 1, 1]);
    assert.deepEqual(of("softplus"), [0, 0, 800, 1e4]);
    assert.deepEqual(of("silu"), [-0, -0, 800, 1e4]);
    assert.deepEqual(of("gelu"), [-0, -0, 800, 1e4]);
    assert.deepEqual(of("tanh"), [-1, -1, 1, 1]);
  });

  it("lets NaN through, but for step", () => {
    for (const name of mapNames) {
      const [value] = kernels.map(name, viewOf("float64", [1], [NaN])).read();
      assert.deepEqual(value, name === "step" ? 0 : NaN, name);
    }
  });

  it("keeps the signs of zeros, rounds halves up, and knows the poles", () => {
    const of = (name: MapName, x: number) => kernels.map(name, viewOf("float64", [], [x])).read()[0];
    assert.equal(of("sign", -0), -0);
    assert.equal(of("sign", 0), 0);
    assert.equal(of("neg", 0), -0);
    assert.equal(of("round", 2.5), 3);
    assert.equal(of("round", -2.5), -2);
    assert.equal(of("reciprocal", -0), -Infinity);
    assert.equal(of("rsqrt", 0), Infinity);
    assert.equal(of("log", 0), -Infinity);
    assert.ok(Number.isNaN(of("sqrt", -1)));
    assert.ok(Number.isNaN(of("gelu", -Infinity)));
  });

  it("has the error function of the tables", () => {
    // To 40 digits by mpmath, then rounded.
    const table: [number, number][] = [
      [1e-10, 1.1283791670955126e-10],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [2.2, 0.9981371537020182],
      [3.5, 0.9999992569016276],
    ];
    for (const [x, want] of table) {
      const [plus, minus] = kernels.map("erf", viewOf("float64", [2], [x, -x])).read();
      assert.ok(Math.abs(plus! - want) <= 1e-15 * want, `erf(${x}) = ${plus}`);
      assert.equal(minus, -plus!);
    }
  });
});

describe("the reference engine's zip", () => {
  for (const name of zipNames)
    it(`computes ${name} for every pair of layouts`, () => {
      const draw = name === "pow" || name === "div" || name === "mod" ? between(0.2, 3) : between(-3, 3);
      for (const shape of oddShapes)
        for (const left of layouts)
          for (const right of layouts) {
            const a = sample(2, shape, { layout: left, draw });
            const b = sample(3, shape, { layout: right, draw });
            const want = [...indices(shape)].map((index) => zips[name](at(a, index), at(b, index)));
            close(kernels.zip(name, a, b).read(), want, 1e-12, `${name} of ${left} and ${right} [${shape}]`);
          }
    });

  it("takes equal numbers as equal", () => {
    const a = sample(4, [7]);
    for (const [name, want] of Object.entries({ lt: 0, le: 1, gt: 0, ge: 1, eq: 1, ne: 0 }))
      assert.deepEqual([...kernels.zip(name as ZipName, a, a).read()], Array(7).fill(want), name);
  });

  it("knows NaN: in arithmetic it stays, in comparisons it is no number", () => {
    const a = viewOf("float64", [2], [NaN, 1]);
    const b = viewOf("float64", [2], [1, NaN]);
    const comparisons: readonly ZipName[] = ["lt", "le", "gt", "ge", "eq", "ne"];
    for (const name of zipNames) {
      const want = comparisons.includes(name) ? Number(name === "ne") : NaN;
      assert.deepEqual([...kernels.zip(name, a, b).read()], [want, want], name);
    }
  });

  it("has JavaScript's remainder and powers", () => {
    const of = (name: ZipName, a: number, b: number) =>
      kernels.zip(name, viewOf("float64", [], [a]), viewOf("float64", [], [b])).read()[0];
    assert.equal(of("mod", -7, 3), -1);
    assert.equal(of("mod", 7, -3), 1);
    assert.equal(of("pow", -1.5, 3), -3.375);
    assert.equal(of("pow", NaN, 0), 1);
    assert.equal(of("max", -0, 0), 0);
    assert.equal(of("atan2", 0, -1), Math.PI);
  });

  it("has the dtype of the first floating-point argument", () => {
    const of = (a: Dtype, b: Dtype) => kernels.zip("add", viewOf(a, [1], [1]), viewOf(b, [1], [2])).dtype;
    assert.equal(of("int32", "float32"), "float32");
    assert.equal(of("float64", "int32"), "float64");
    assert.equal(of("int32", "int32"), "int32");
  });
});

describe("the reference engine's where", () => {
  it("chooses element by element, in every layout", () => {
    for (const shape of oddShapes)
      for (const layout of layouts) {
        const draw = (uniform: () => number) => (uniform() < 0.5 ? 0 : 3);
        const condition = sample(5, shape, { layout, dtype: "int32", draw });
        const [a, b] = [sample(6, shape, { layout }), sample(7, shape)];
        const want = [...indices(shape)].map((i) => (at(condition, i) !== 0 ? at(a, i) : at(b, i)));
        assert.deepEqual([...kernels.where(condition, a, b).read()], want);
      }
  });

  it("has the dtype of what is chosen, and takes NaN for not 0", () => {
    const condition = viewOf("float64", [3], [NaN, 0, -0]);
    const [a, b] = [viewOf("float32", [3], [1, 1, 1]), viewOf("float32", [3], [2, 2, 2])];
    assert.deepEqual(kernels.where(condition, a, b).read(), Float32Array.of(1, 2, 2));
  });
});

describe("the reference engine's copy", () => {
  it("is contiguous, and shares nothing", () => {
    for (const shape of oddShapes)
      for (const layout of layouts) {
        const x = sample(8, shape, { layout, dtype: "float32" });
        const copied = kernels.copy(x);
        assert.deepEqual(copied.read(), arrayOf("float32", listed(x)));
        assert.notEqual(copied.read().buffer, (x.storage.read() as Float32Array).buffer);
      }
  });
});
