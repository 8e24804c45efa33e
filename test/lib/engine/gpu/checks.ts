/** Every kernel of the GPU engine against the reference engine, in layouts that go wrong: run in Node and in a browser. */
import { type Engine, type View } from "cotangent";

import { mapNames, reduceNames, zipNames } from "../../../../lib/src/engine/engine.js";
import { float32Tolerance } from "../../../../lib/src/engine/tolerances.js";
import { agrees } from "../against-reference.js";
import { between, layouts, sample, viewOf } from "../reference-kernels/samples.js";

export interface Outcome {
  readonly name: string;
  /** What the engine left to the reference engine, of what it was asked. */
  readonly refused: readonly string[];
  readonly error: string | null;
}

const shapes = [[], [0], [1], [7], [3, 5], [2, 3, 4]] as const;
const float32 = { dtype: "float32" } as const;

/** Inside the domain of what has one, and of what a device does exactly enough. */
const domain: Readonly<Record<string, [number, number]>> = {
  sqrt: [0, 9], rsqrt: [0.1, 9], log: [0.01, 9], log2: [0.01, 9], log10: [0.01, 9], log1p: [-0.9, 9],
  reciprocal: [0.1, 9], asin: [-1, 1], acos: [-1, 1], acosh: [1, 9], atanh: [-0.9, 0.9], tan: [-1.2, 1.2],
}; // prettier-ignore

type Ask = (
  kernel: Parameters<typeof agrees>[1],
  args: readonly unknown[],
  limit: number,
  what: string,
) => Promise<void>;

/** GPUs round functions less well than a CPU; the standards allow some units in the last place. */
export const DEVICE = 4;

const checks: Readonly<Record<string, (ask: Ask) => Promise<void>>> = {
  async map(ask) {
    for (const name of mapNames)
      for (const [seed, layout] of layouts.entries()) {
        const shape = shapes[seed % shapes.length]!;
        for (const of of [shape, [3, 5]]) {
          const x = sample(seed, of, { layout, ...float32, draw: between(...(domain[name] ?? [-5, 5])) });
          await ask("map", [name, x], DEVICE * float32Tolerance(name), `${name} ${layout} [${of.join()}]`);
        }
      }
  },
  async zip(ask) {
    for (const name of zipNames)
      for (const [seed, layout] of layouts.entries()) {
        const a = sample(seed, [3, 5], { layout, ...float32 });
        const b = sample(seed + 99, [3, 5], { layout: layouts[(seed + 1) % layouts.length]!, ...float32 });
        const zeros = { ...b, strides: [0, 0] };
        for (const [left, right] of [[a, b], [a, zeros], [zeros, a]] as const)
          await ask("zip", [name, left, right], DEVICE * float32Tolerance(name), `${name} ${layout}`); // prettier-ignore
      }
  },
  async where(ask) {
    for (const [seed, layout] of layouts.entries()) {
      const condition = sample(seed, [2, 3, 4], { layout, ...float32, draw: (u) => Math.floor(2 * u()) });
      const [a, b] = [
        sample(seed + 1, [2, 3, 4], float32),
        sample(seed + 2, [2, 3, 4], { layout, ...float32 }),
      ];
      await ask("where", [condition, a, b], 0, layout);
    }
  },
  async reduce(ask) {
    for (const name of reduceNames)
      for (const [seed, layout] of layouts.entries())
        for (const shape of [[7], [3, 5], [2, 3, 4], [2, 700], [40, 40]])
          for (let keep = 0; keep <= shape.length; keep += shape.length > 1 ? 1 : 1) {
            const x = sample(seed, shape, { layout, ...float32, draw: between(-1, 1) });
            const limit = name === "sum" || name === "prod" ? DEVICE * float32Tolerance("reduce") : 0;
            await ask("reduce", [name, x, keep], limit, `${name} ${layout} [${shape.join()}] ${keep}`);
          }
  },
  async copy(ask) {
    for (const [seed, layout] of layouts.entries())
      for (const shape of [...shapes, [3, 4, 5, 2, 3], [130, 77]])
        await ask("copy", [sample(seed, shape, { layout, ...float32 })], 0, `${layout} [${shape.join()}]`);
  },
  async indexing(ask) {
    for (const [seed, layout] of layouts.entries()) {
      const index = sample(seed, [2, 3], { dtype: "int32", draw: (u) => Math.floor(4 * u()) });
      await ask("gather", [sample(seed, [4, 5], { layout, ...float32 }), index], 0, layout);
      const updates = sample(seed, [2, 3, 5], { layout, ...float32 });
      await ask("scatterAdd", [index, updates, 4], float32Tolerance("scatterAdd"), layout);
    }
  },
  async place(ask) {
    for (const [seed, layout] of layouts.entries())
      for (const strides of [[8, 1], [1, 1], [0, 2], [3, 0], [-5, 1], [1, 6]]) {
        const parts = [0, 1].map((i) => ({ x: sample(seed + i, [4, 5], { layout, ...float32 }), strides, offset: 18 + i }));
        await ask("place", [parts, 60], float32Tolerance("place"), `${layout} ${strides.join()}`);
      } // prettier-ignore
  },
  async matmul(ask) {
    for (const [m, k, n] of [[1, 1, 1], [3, 5, 7], [4, 8, 8], [7, 600, 9], [13, 31, 1], [2, 0, 3]] as const)
      for (const [seed, layout] of layouts.entries()) {
        const batch = [[], [2], [2, 3]][seed % 3]!;
        const a = sample(seed, [...batch, m, k], { layout, ...float32, draw: between(-1, 1) });
        const b = sample(seed + 9, [...batch, k, n], { layout: layouts[(seed + 2) % layouts.length]!, ...float32, draw: between(-1, 1) });
        await ask("matmul", [a, b], float32Tolerance("matmul") * (k > 100 ? 8 : 1), `${layout} ${batch.join()} ${m}×${k}×${n}`);
      } // prettier-ignore
  },
  async attention(ask) {
    for (const [m, n, d, e] of [[1, 1, 1, 1], [3, 5, 4, 2], [65, 130, 16, 5]] as const)
      for (const [seed, layout] of layouts.entries()) {
        const views = [[m, d], [n, d], [n, e]].map((shape, i): View => sample(seed + i, [2, ...shape], { layout, ...float32, draw: between(-1, 1) }));
        await ask("attention", [...views, 0.5], DEVICE * float32Tolerance("attention"), `${layout} ${m} ${n}`);
      } // prettier-ignore
  },
  async rows(ask) {
    for (const name of ["softmax", "softmaxVjp", "layerNorm", "layerNormVjp"] as const)
      for (const shape of [[3, 7], [2, 3, 8], [4, 1], [1, 130]])
        for (const [seed, layout] of layouts.entries()) {
          const x = sample(seed, shape, { layout, ...float32 });
          const bar = sample(seed + 1, shape, float32);
          const args = { softmax: [x], softmaxVjp: [x, bar], layerNorm: [x, 1e-3], layerNormVjp: [x, bar, 1e-3] }[name];
          await ask(name, args, DEVICE * float32Tolerance(name), `${name} ${layout} [${shape.join()}]`);
        } // prettier-ignore
  },
  async "not a number"(ask) {
    const special = viewOf("float32", [8], [NaN, Infinity, -Infinity, 0, 1, -1, 50, -50]);
    for (const name of [
      "neg",
      "abs",
      "exp",
      "relu",
      "square",
      "tanh",
      "sigmoid",
      "softplus",
      "sign",
      "erf",
    ] as const)
      await ask("map", [name, special], DEVICE * 1e-6, name);
    const pairs = viewOf("float32", [2, 5], [1, NaN, 3, NaN, 0, 2, 2, 1, 2, 0]);
    for (const name of reduceNames) await ask("reduce", [name, pairs, 1], 1e-6, name);
    const a = { ...special, shape: [8, 8], strides: [1, 0] };
    const b = { ...special, shape: [8, 8], strides: [0, 1] };
    for (const name of zipNames) await ask("zip", [name, a, b], 1e-6, name);
    const masked = viewOf(
      "float32",
      [3, 5],
      [-Infinity, 0, 1, -Infinity, 2, NaN, 0, 0, 0, 0, 1000, 1000, 0, 0, -1000],
    );
    await ask("softmax", [masked], 1e-6, "softmax");
  },
};

export const checkNames = Object.keys(checks);

/** One group of checks; all its disagreements in one text. */
export async function check(engine: Engine, name: string): Promise<Outcome> {
  const refused = new Set<string>();
  const errors: string[] = [];
  const ask: Ask = async (kernel, args, limit, what) => {
    try {
      const done = await agrees(engine, kernel, args, limit, what);
      if (!done && !what.includes("[0]"))
        refused.add(kernel === "map" || kernel === "zip" ? `${kernel} ${String(args[0])}` : kernel);
    } catch (error) {
      errors.push((error as Error).message);
    }
  };
  await checks[name]!(ask);
  return {
    name,
    refused: [...refused],
    error: errors.length > 0 ? `${errors.length}: ${errors.slice(0, 12).join("\n")}` : null,
  };
}
