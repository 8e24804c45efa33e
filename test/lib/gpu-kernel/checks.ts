/** Kernels of users against the same in operations: values, adjoints and tangents, in Node and in a browser. */
import {
  type Dtype,
  grad,
  gpuKernel,
  type GpuEngine,
  jvp,
  ops,
  referenceEngine,
  tensor,
  type Tensor,
} from "cotangent";

import { deviceFunctions } from "../../../lib/src/gpu-kernel/functions.js";
import { assertClose } from "../engine/against-reference.js";

const LIMIT = 2e-5;

/** Seeded numbers between two others. */
const numbers = (n: number, seed: number, low = -1.5, high = 1.5) =>
  Float32Array.from(
    { length: n },
    (_, i) => low + (high - low) * (((i + 1) * 0.618034 + seed * 0.31831) % 1),
  );

const domain: Readonly<Record<string, [number, number]>> = {
  acos: [-0.9, 0.9], asin: [-0.9, 0.9], acosh: [1.2, 4], atanh: [-0.8, 0.8], log: [0.2, 4], log2: [0.2, 4], log10: [0.2, 4],
  log1p: [-0.5, 3], sqrt: [0.2, 4], pow: [0.3, 2], tan: [-1, 1], cbrt: [0.3, 2],
}; // prettier-ignore

/** The standards allow a device so much for these. */
const rough: Readonly<Record<string, number>> = { acos: 1e-4, asin: 1e-4 };

type Numeric = (...x: number[]) => number;

/** Every function of Math that a kernel may call, with its derivative. */
async function functions(engine: GpuEngine): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, { arity }] of deviceFunctions) {
    const parameters = ["a", "b"].slice(0, arity);
    const elements = parameters.map((parameter) => `${parameter}[this.thread.x]`).join(", ");
    const kernel = await gpuKernel(
      `function k(${parameters.join(", ")}) { return Math.${name}(${elements}); }`,
      { engine },
    );
    const x = parameters.map((_, i) => numbers(7, i + 1, ...(domain[name] ?? [-1.5, 1.5])));
    const f = ops[name as "exp"] as unknown as Numeric;
    const tensors = x.map((array) => tensor(array));
    const limit = rough[name] ?? LIMIT;
    const at = (i: number) => x.map((array) => array[i]!);
    try {
      assertClose(
        await kernel(...tensors).data(),
        Float32Array.from({ length: 7 }, (_, i) => f(...at(i))),
        limit,
        name,
      );
      for (const [k] of parameters.entries()) {
        const g = grad((...t: Tensor[]) => kernel(...t).sum(), { argnum: k })(
          ...tensors,
        ) as unknown as Tensor;
        const want = Float32Array.from({ length: 7 }, (_, i) =>
          (grad(f as never, { argnum: k }) as unknown as Numeric)(...at(i)),
        );
        assertClose(await g.data(), want, limit, `derivative of ${name} in ${parameters[k]!}`);
      }
    } catch (error) {
      wrong.push((error as Error).message);
    }
  }
  return wrong;
}

type Trees = Readonly<Record<string, Tensor>>;

interface Program {
  readonly kernel: string;
  readonly constants?: Readonly<Record<string, number>>;
  readonly output?: (...shapes: readonly (readonly number[])[]) => readonly number[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** The same, in operations. */
  readonly same: (x: Trees) => Tensor;
}

export const programs: Readonly<Record<string, Program>> = {
  "elementwise, with branches, assignments and a ternary": {
    kernel: `function k(a, b) {
      const x = a[this.thread.x], y = b[this.thread.x];
      let r = x * y - x / (2 + y * y);
      if (x > y) { r += x ** 3; } else { let r2 = 2 * y; r -= r2; }
      return x > 0 ? r : -r;
    }`,
    shapes: { a: [9], b: [9] },
    same({ a, b }) {
      const base = ops.sub(ops.mul(a!, b!), ops.div(a!, ops.add(2, ops.square(b!))));
      const larger = ops.gt(a!, b!);
      const r = ops.add(base, ops.where(larger, ops.mul(ops.square(a!), a!), ops.mul(-2, b!)));
      return ops.where(ops.gt(a!, 0), r, ops.neg(r));
    },
  },
  "broadcasting a row, a column and a number": {
    kernel: `function k(a, row, column, s) {
      return Math.sin(a[this.thread.y][this.thread.x]) * row[this.thread.x] + s * column[this.thread.y];
    }`,
    shapes: { a: [3, 4], row: [4], column: [3], s: [] },
    same: ({ a, row, column, s }) =>
      ops.add(ops.mul(ops.sin(a!), row!), ops.mul(s!, column!.reshape([3, 1]))),
  },
  "reading a transposed argument": {
    kernel: "function k(a, b) { return a[this.thread.x][this.thread.y] * b[this.thread.y][this.thread.x]; }",
    output: (_a, b) => b,
    shapes: { a: [4, 3], b: [3, 4] },
    same: ({ a, b }) => ops.mul(a!.transpose(), b!),
  },
  "three axes": {
    kernel:
      "function k(a, b) { return Math.exp(a[this.thread.z][this.thread.y][this.thread.x]) * b[this.thread.z][this.thread.x]; }",
    shapes: { a: [2, 3, 4], b: [2, 4] },
    same: ({ a, b }) => ops.mul(ops.exp(a!), b!.reshape([2, 1, 4])),
  },
  "a product of matrices": {
    kernel: `function k(a, b) {
      let sum = 0;
      for (let i = 0; i < this.constants.n; i++) sum += a[this.thread.y][i] * b[i][this.thread.x];
      return sum;
    }`,
    constants: { n: 5 },
    output: (a, b) => [a[0]!, b[1]!],
    shapes: { a: [3, 5], b: [5, 4] },
    same: ({ a, b }) => a!.matmul(b!),
  },
  "a function of a sum, with factors before and in the loop": {
    kernel: `function k(a, b, c) {
      const scale = c[this.thread.x];
      let s = 0;
      for (let i = 0; i < 4; i++) {
        const w = a[this.thread.x][i] * scale;
        s = s + w * w * Math.cos(b[i]);
      }
      return Math.sqrt(1 + s * s) * scale;
    }`,
    output: (a) => [a[0]!],
    shapes: { a: [3, 4], b: [4], c: [3] },
    same({ a, b, c }) {
      const s = ops.mul(ops.square(ops.mul(a!, c!.reshape([3, 1]))), ops.cos(b!)).sum(1);
      return ops.mul(ops.sqrt(ops.add(1, ops.square(s))), c!);
    },
  },
};

/** Programs: the value, the adjoint of every argument, and the tangent. */
async function whole(engine: GpuEngine): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, { kernel, constants = {}, output, shapes, same }] of Object.entries(programs))
    try {
      const run = await gpuKernel(kernel, { engine, constants, ...(output && { output }) });
      const make = (dtype: Dtype, shift: number): Trees =>
        Object.fromEntries(
          Object.entries(shapes).map(([key, shape], i) => {
            const data = numbers(
              shape.reduce((size, extent) => size * extent, 1),
              i + shift,
            );
            return [
              key,
              tensor(Array.from(data), shape, {
                dtype,
                engine: dtype === "float64" ? referenceEngine : engine,
              }),
            ];
          }),
        );
      const own = (x: Trees) => run(...Object.values(x));
      const [x, exact, dots, exactDots] = [
        make("float32", 1),
        make("float64", 1),
        make("float32", 5),
        make("float64", 5),
      ];
      assertClose(await own(x).data(), same(exact).dataSync(), LIMIT, `${name}: value`);
      const got = grad((x: Trees) => own(x).sin().sum())(x as never) as unknown as Trees;
      const want = grad((x: Trees) => same(x).sin().sum())(exact as never) as unknown as Trees;
      for (const key of Object.keys(shapes))
        assertClose(await got[key]!.data(), want[key]!.dataSync(), LIMIT, `${name}: adjoint of ${key}`);
      const [, tangent] = jvp(own as never, [x] as never, [dots] as never) as unknown as [Tensor, Tensor];
      const [, exactTangent] = jvp(same as never, [exact] as never, [exactDots] as never) as unknown as [
        Tensor,
        Tensor,
      ];
      assertClose(await tangent.data(), exactTangent.dataSync(), LIMIT, `${name}: tangent`);
    } catch (error) {
      wrong.push(`${name}: ${(error as Error).message}`);
    }
  return wrong;
}

/** tanh(W z + b), in blocks of 4. */
async function solved(engine: GpuEngine): Promise<string[]> {
  const step = await gpuKernel(
    `function step(z, w, b) {
      let s = b[this.thread.x];
      for (let j = 0; j < this.output.x; j++) s += w[this.thread.x][j] * z[j];
      return Math.tanh(s);
    }`,
    { engine, output: (z) => z },
  );
  const [w, b] = [tensor(numbers(36, 1, -0.3, 0.3), [6, 6]), tensor(numbers(6, 2))];
  const { z, converged, iterations } = await step.fixedPoint([tensor(new Float32Array(6)), w, b], {
    block: 4,
    tolerance: 1e-6,
  });
  try {
    const again = await step(z, w, b).data();
    assertClose(again, await z.data(), 1e-5, "fixed point");
    if (!converged || iterations % 4 !== 0) return [`it should converge in whole blocks; ${iterations}`];
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** @returns every disagreement */
export const kernelChecks = async (engine: GpuEngine): Promise<string[]> => [
  ...(await functions(engine)),
  ...(await whole(engine)),
  ...(await solved(engine)),
];
