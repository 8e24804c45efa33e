/** The WebAssembly engine's kernels, against the reference engine's, in every layout, for odd shapes. */
import assert from "node:assert/strict";

import { createWasmEngine, type Dtype, type View } from "cotangent";

import { mapNames, reduceNames, zipNames } from "../../../../lib/src/engine/engine.js";
import { FLOAT64_TOLERANCE, float32Tolerance } from "../../../../lib/src/engine/tolerances.js";
import { agrees } from "../against-reference.js";
import { between, layouts, oddShapes, sample, viewOf } from "../reference-kernels/samples.js";

const engine = createWasmEngine();
const dtypes: readonly Dtype[] = ["float32", "float64"];
const tolerance = (dtype: Dtype, name: string) =>
  dtype === "float32" ? float32Tolerance(name) : FLOAT64_TOLERANCE;
const shapes = [...oddShapes, [33], [5, 17], [2, 3, 9], [130]];

/** Inside the domain of what has one. */
const domain: Readonly<Record<string, [number, number]>> = {
  sqrt: [0, 9], rsqrt: [0.1, 9], log: [0.01, 9], log2: [0.01, 9], log10: [0.01, 9], log1p: [-0.9, 9],
  reciprocal: [0.1, 9], asin: [-1, 1], acos: [-1, 1], acosh: [1, 9], atanh: [-0.9, 0.9],
}; // prettier-ignore

describe("the WebAssembly engine", () => {
  for (const name of mapNames)
    it(`computes ${name} as the reference engine does`, async () => {
      for (const dtype of dtypes)
        for (const shape of shapes)
          for (const [seed, layout] of layouts.entries()) {
            const x = sample(seed, shape, { layout, dtype, draw: between(...(domain[name] ?? [-5, 5])) });
            await agrees(
              engine,
              "map",
              [name, x],
              tolerance(dtype, name),
              `${name} ${dtype} ${layout} [${shape}]`,
            );
          }
    });

  it("has all of the functions that networks need, in single precision", async () => {
    const x = sample(1, [5], { dtype: "float32" });
    const missing: string[] = [];
    for (const name of mapNames) if (!(await agrees(engine, "map", [name, x], 1, name))) missing.push(name);
    assert.deepEqual(missing, ["tan", "asin", "acos", "atan", "cbrt", "asinh", "acosh", "atanh"]);
  });

  it("treats NaN, infinities, zeros and tiny numbers as the reference engine does", async () => {
    const special = [
      NaN,
      Infinity,
      -Infinity,
      0,
      -0,
      1e-40,
      -1e-40,
      88.9,
      -103,
      1000,
      -1000,
      0.49999997,
      -0.5,
      2.5,
      1e-8,
    ];
    for (const dtype of dtypes) {
      const x = viewOf(dtype, [special.length], special);
      for (const name of mapNames) {
        // Beyond the reach of the reduction of their argument.
        if (name === "sin" || name === "cos") continue;
        await agrees(engine, "map", [name, x], tolerance(dtype, name) * 2, `${name} ${dtype}`);
      }
      const a = viewOf(
        dtype,
        [special.length, special.length],
        special.flatMap((y) => special.map(() => y)),
      );
      const b = viewOf(
        dtype,
        [special.length, special.length],
        special.flatMap(() => special),
      );
      for (const name of zipNames)
        await agrees(engine, "zip", [name, a, b], tolerance(dtype, name), `${name} ${dtype}`);
    }
  });

  for (const name of zipNames)
    it(`computes ${name} as the reference engine does, also broadcast`, async () => {
      for (const dtype of dtypes)
        for (const shape of shapes)
          for (const [seed, layout] of layouts.entries()) {
            const a = sample(seed, shape, { layout, dtype });
            const b = sample(seed + 99, shape, { layout: layouts[(seed + 1) % layouts.length]!, dtype });
            const zeros = { ...b, strides: b.strides.map(() => 0) };
            for (const [left, right] of [
              [a, b],
              [a, zeros],
              [zeros, a],
              [zeros, zeros],
            ] as const)
              // prettier-ignore
              await agrees(engine, "zip", [name, left, right], tolerance(dtype, name), `${name} ${dtype} ${layout} [${shape}]`);
          }
    });

  it("chooses as the reference engine does", async () => {
    for (const dtype of dtypes)
      for (const shape of shapes)
        for (const [seed, layout] of layouts.entries()) {
          const condition = sample(seed, shape, { layout, dtype, draw: (u) => Math.floor(2 * u()) });
          const [a, b] = [sample(seed + 1, shape, { dtype }), sample(seed + 2, shape, { layout, dtype })];
          const one = { ...b, strides: b.strides.map(() => 0) };
          for (const right of [b, one])
            assert.ok(
              await agrees(engine, "where", [condition, a, right], 0, `where ${dtype} ${layout} [${shape}]`),
            );
        }
  });

  for (const name of reduceNames)
    it(`reduces by ${name} as the reference engine does`, async () => {
      for (const dtype of dtypes)
        for (const shape of [...shapes, [3, 700], [700, 3]])
          for (const [seed, layout] of layouts.entries())
            for (let keep = 0; keep <= shape.length; keep++) {
              const x = sample(seed, shape, { layout, dtype, draw: between(-1, 1) });
              const limit = name === "sum" || name === "prod" ? tolerance(dtype, "reduce") : 0;
              await agrees(
                engine,
                "reduce",
                [name, x, keep],
                limit,
                `${name} ${dtype} ${layout} [${shape}] ${keep}`,
              );
            }
    });

  it("takes the place of the first NaN", async () => {
    const x = viewOf("float32", [2, 5], [1, NaN, 3, NaN, 0, 2, 2, 1, 2, 0]);
    for (const name of reduceNames) assert.ok(await agrees(engine, "reduce", [name, x, 1], 1e-6, name));
  });

  it("copies every layout", async () => {
    for (const dtype of ["float32", "float64", "int32"] as const)
      for (const shape of [...shapes, [3, 4, 5, 2, 3], [9, 6]])
        for (const [seed, layout] of layouts.entries())
          assert.ok(
            await agrees(
              engine,
              "copy",
              [sample(seed, shape, { layout, dtype })],
              0,
              `${dtype} ${layout} [${shape}]`,
            ),
          );
  });

  it("gathers rows and adds them back", async () => {
    for (const dtype of dtypes)
      for (const [seed, layout] of layouts.entries()) {
        const index = sample(seed, [2, 3], { dtype: "int32", draw: (u) => Math.floor(4 * u()) });
        await agrees(engine, "gather", [sample(seed, [4, 5], { layout, dtype }), index], 0, layout);
        const updates = sample(seed, [2, 3, 5], { layout, dtype });
        await agrees(engine, "scatterAdd", [index, updates, 4], tolerance(dtype, "scatterAdd"), layout);
      }
  });

  it("places windows that overlap and that do not", async () => {
    for (const dtype of dtypes)
      for (const [seed, layout] of layouts.entries())
        for (const strides of [
          [8, 1],
          [1, 1],
          [0, 2],
          [3, 0],
          [-2, 1],
        ]) {
          const parts = [0, 1].map((i) => ({
            x: sample(seed + i, [4, 5], { layout, dtype }),
            strides,
            offset: 8 + i,
          }));
          await agrees(engine, "place", [parts, 50], tolerance(dtype, "place"), `${layout} ${strides}`);
        }
  });

  it("multiplies matrices of every size, layout and batch", async () => {
    const sizes = [
      [1, 1, 1],
      [3, 5, 7],
      [4, 8, 8],
      [5, 3, 17],
      [33, 2, 9],
      [2, 0, 3],
      [0, 3, 2],
      [7, 600, 9],
      [13, 31, 1],
    ] as const;
    for (const dtype of dtypes)
      for (const [m, k, n] of sizes)
        for (const [seed, layout] of layouts.entries())
          for (const batch of [[], [2], [2, 3]]) {
            const a = sample(seed, [...batch, m, k], { layout, dtype, draw: between(-1, 1) });
            const b = sample(seed + 9, [...batch, k, n], {
              layout: layouts[(seed + 2) % layouts.length]!,
              dtype,
              draw: between(-1, 1),
            });
            const limit = tolerance(dtype, "matmul") * (k > 100 ? 4 : 1);
            assert.ok(
              await agrees(engine, "matmul", [a, b], limit, `${dtype} ${layout} ${batch} ${m}×${k}×${n}`),
            );
          }
  }).timeout(30_000);

  it("lets NaN and infinities through a product as the reference engine does", async () => {
    const a = viewOf("float32", [2, 3], [0, NaN, 1, Infinity, 0, 2]);
    const b = viewOf("float32", [3, 2], [1, 2, 0, 1, NaN, 3]);
    assert.ok(await agrees(engine, "matmul", [a, b], 1e-6, "matmul"));
  });

  it("attends as the reference engine does", async () => {
    for (const [m, n, d, e] of [
      [1, 1, 1, 1],
      [3, 5, 4, 2],
      [70, 9, 7, 8],
      [65, 130, 16, 5],
    ] as const)
      for (const [seed, layout] of layouts.entries())
        for (const batch of [[], [2]]) {
          const views = [
            [m, d],
            [n, d],
            [n, e],
          ].map((shape, i): View =>
            sample(seed + i, [...batch, ...shape], { layout, dtype: "float32", draw: between(-1, 1) }),
          );
          assert.ok(
            await agrees(
              engine,
              "attention",
              [...views, 0.5],
              float32Tolerance("attention"),
              `${layout} ${m} ${n}`,
            ),
          );
        }
  });

  for (const name of ["softmax", "softmaxVjp", "layerNorm", "layerNormVjp"] as const)
    it(`computes ${name} as the reference engine does`, async () => {
      for (const shape of [
        [3, 7],
        [2, 3, 8],
        [4, 1],
        [1, 130],
        [0, 3],
      ])
        for (const [seed, layout] of layouts.entries()) {
          const x = sample(seed, shape, { layout, dtype: "float32" });
          const bar = sample(seed + 1, shape, { dtype: "float32" });
          const args = {
            softmax: [x],
            softmaxVjp: [x, bar],
            layerNorm: [x, 1e-3],
            layerNormVjp: [x, bar, 1e-3],
          }[name];
          assert.ok(await agrees(engine, name, args, float32Tolerance(name), `${layout} [${shape}]`));
        }
    });

  it("masks with −∞, and is NaN only in the row of a NaN", async () => {
    const x = viewOf(
      "float32",
      [3, 5],
      [-Infinity, 0, 1, -Infinity, 2, NaN, 0, 0, 0, 0, 1000, 1000, 0, 0, -1000],
    );
    assert.ok(await agrees(engine, "softmax", [x], 1e-6, "softmax"));
  });
});
