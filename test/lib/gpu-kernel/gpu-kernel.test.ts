/** Kernels that users write: differentiated, refused where that cannot be, and what becomes of their text. */
import assert from "node:assert/strict";

import {
  createGpuEngine,
  createWasmEngine,
  type GpuEngine,
  gpuKernel,
  grad,
  hessian,
  ops,
  tensor,
  type Tensor,
} from "cotangent";

import { kernelText } from "../../../lib/src/gpu-kernel/program.js";
import { readKernel } from "../../../lib/src/gpu-kernel/syntax.js";
import { type GpuPage, openGpuPage } from "../../support/gpu-page.js";
import { kernelChecks } from "./checks.js";

const text = async (source: string, shapes: readonly (readonly number[])[], output: readonly number[]) =>
  kernelText({
    syntax: await readKernel(source),
    constants: {},
    views: shapes.map((shape) => ({
      shape,
      strides: shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1)),
      offset: 0,
    })),
    output,
  });

describe("kernels of users", () => {
  for (const mode of ["cpu", "webasm"] as const)
    it(`have the values, adjoints, tangents and fixed points of the same operations, on ${mode}`, async () => {
      const engine = await createGpuEngine({ mode });
      assert.deepEqual(await kernelChecks(engine), []);
      await engine.destroy();
    }).timeout(20_000);

  describe("in Chromium, on an emulated GPU", function () {
    this.timeout(120_000);
    let gpu: GpuPage;
    before(async () => {
      gpu = await openGpuPage();
    });
    after(() => gpu.close());
    for (const mode of ["webgl2", "webgpu"] as const)
      it(`have them on ${mode}, too`, async () => {
        assert.deepEqual(await gpu.page.evaluate((mode) => window.gpuPage.runKernelChecks(mode), mode), []);
      });
  });

  describe("on gpu.js's WebAssembly", () => {
    let engine: GpuEngine;
    before(async () => {
      engine = await createGpuEngine({ mode: "webasm" });
    });
    after(() => engine.destroy());

    it("take functions, arrows and methods as they are written", async () => {
      const x = tensor([1, 2]);
      const methods = { twice(this: { thread: { x: number } }, a: number[]) { return 2 * a[this.thread.x]!; } }; // prettier-ignore
      for (const f of [
        function twice(this: { thread: { x: number } }, a: number[]) {
          return 2 * a[this.thread.x]!;
        },
        "(a) => 2 * a[this.thread.x]",
        methods.twice,
      ])
        // prettier-ignore
        assert.deepEqual([...(await (await gpuKernel(f as never, { engine }))(x).data())], [2, 4]);
    });

    it("are not caught by what gpu.js gets wrong: a shadowed variable, a power of a negative number", async () => {
      const shadow = await gpuKernel(
        "function k(a) { let t = a[this.thread.x]; if (t > 0) { let t = 100; t = t + 1; } return t; }",
        { engine },
      );
      assert.deepEqual([...(await shadow(tensor([5])).data())], [5]);
      const cube = await gpuKernel("function k(a) { return Math.pow(a[this.thread.x], 3); }", { engine });
      assert.deepEqual([...(await cube(tensor([-1.5])).data())], [-3.375]);
    });

    it("take tensors of any engine, and numbers that are differentiated, too", async () => {
      const k = await gpuKernel("function k(x, s) { return s * s * x[this.thread.x]; }", { engine });
      const x = tensor([1, 2], { engine: createWasmEngine() });
      assert.deepEqual([...(await k(x, 3).data())], [9, 18]);
      const slope = grad((p: { s: Tensor }) => k(x, p.s as never).sum())({ s: tensor(3) } as never) as {
        s: Tensor;
      };
      assert.deepEqual([...(await slope.s.data())], [18]);
    });

    it("take the adjoint that is given, which has derivatives of its own", async () => {
      const cube = await gpuKernel("function cube(x) { return x[this.thread.x] ** 3; }", {
        engine,
        vjp: (yBar, _y, x) => [ops.mul(yBar, ops.mul(3, ops.square(x!)))],
      });
      const g = (x: Tensor) => grad((x: Tensor) => cube(x).sum())(x as never) as unknown as Tensor;
      assert.deepEqual([...(await g(tensor([1, 2])).data())], [3, 12]);
      const second = grad((x: Tensor) => g(x).sum())(tensor([1, 2]) as never) as unknown as Tensor;
      assert.deepEqual([...(await second.data())], [6, 12]);
    });

    it("say why a derivative cannot be derived, and what to do", async () => {
      const shifted = await gpuKernel("function shifted(x) { return x[this.thread.x + 1]; }", {
        engine,
        output: [2],
      });
      assert.deepEqual([...(await shifted(tensor([1, 2, 3])).data())], [2, 3]);
      const refused = (f: (x: Tensor) => Tensor, x: Tensor, message: RegExp) =>
        assert.throws(() => grad((x: Tensor) => f(x).sum())(x as never), { name: "GpuKernelError", message });
      refused(shifted, tensor([1, 2, 3]), /shifted: the adjoint of "x".*neither this\.thread\.x.*vjp/);
      const first = await gpuKernel("function first(x) { return x[this.thread.x]; }", {
        engine,
        output: [2],
      });
      refused(first, tensor([1, 2, 3]), /its shape is \[3\], of which the threads read \[2\]/);
      const diagonal = await gpuKernel("function diagonal(x) { return x[this.thread.x][this.thread.x]; }", {
        engine,
        output: [2],
      });
      refused(diagonal, tensor([[1, 2], [3, 4]]), /two of its indices are the same/); // prettier-ignore
      const product = await gpuKernel(
        "function product(x) { let p = 1; for (let i = 0; i < 3; i++) { p *= x[i]; } return p; }",
        { engine, output: [1] },
      );
      refused(product, tensor([1, 2, 3]), /not a sum/);
    });

    it("have derived adjoints of first order, and say so", async () => {
      const k = await gpuKernel("function k(x) { return Math.sin(x[this.thread.x]); }", { engine });
      assert.throws(() => hessian((x: Tensor) => k(x).sum())(tensor([1, 2]) as never), {
        name: "GpuKernelError",
        message: /first order.*vjp/,
      });
    });

    it("refuse what is not in their language, with the place", async () => {
      const refused = async (source: string, message: RegExp, args: Tensor[] = [tensor([1])]) =>
        assert.rejects(async () => (await gpuKernel(source, { engine }))(...args), {
          name: "GpuKernelError",
          message,
        });
      await refused(
        "function k(a) { return outside * a[this.thread.x]; }",
        /"outside" is neither a parameter nor a variable.*: outside\./,
      );
      await refused(
        "function k(a) { return Math.random(); }",
        /functions of Math that have a derivative.*Math\.random\(\)/,
      );
      await refused("function k(a) { return a[0][1]; }", /"a" has 1 axes \[1\] and is read by 2 indices/);
      await refused("function k(a) { while (true) {} }", /no WhileStatement/);
      await refused("function k(a) { return this.constants.n; }", /no such property of a kernel/);
      await refused("function k({ a }) { return a; }", /parameters of a gpuKernel are names/);
      await refused("3 + 4", /is a function, or its text; this is not one: 3 \+ 4/);
      await refused("function k(a, b) { return a[0]; }", /takes 2 arguments \(a, b\) and was given 1/);
    });

    it("say how a fixed point ended", async () => {
      const grow = await gpuKernel("function grow(z) { return 3 * z[this.thread.x] + 1; }", { engine });
      const ended = await grow.fixedPoint([tensor([1])], { maxIterations: 16 });
      assert.deepEqual(
        [ended.reason, ended.converged, ended.iterations, ended.residuals.length],
        ["maxIterations", false, 16, 2],
      );
      assert.equal(ended.residual, ended.residuals[0]);
      assert.equal((await grow.fixedPoint([tensor([1])], { maxIterations: 512 })).reason, "diverged");
      assert.equal(ended.executor, "fused-sync");
      const wide = await gpuKernel("function wide(z) { return z[0]; }", { engine, output: [5] });
      await assert.rejects(wide.fixedPoint([tensor([1])]), {
        name: "GpuKernelError",
        message: /makes \[5\] of z \[1\]/,
      });
      await assert.rejects(grow.fixedPoint([tensor([1])], { steps: 3 } as never), {
        name: "UnknownOptionError",
      });
    });
  });

  it("become flat text with names of its own", async () => {
    assert.equal(
      await text("function k(a, b) { let t = a[this.thread.y][this.thread.x]; if (t > 0) { const t = b ** 2; return t; } return t; }", [[2, 3], []], [2, 3]),
      `function kernel(p0, p1) {
  const t = this.thread.x;
  const row = t;
  let q0 = Math.floor((row + 0.5) / 3);
  let tx = row - q0 * 3;
  if (tx < 0) { q0 = q0 - 1; tx = tx + 3; }
  if (tx >= 3) { q0 = q0 + 1; tx = tx - 3; }
  const ty = q0;
  let u0 = p0[0 + (ty) * 3 + (tx) * 1];
  let u0_d = (0.5 - 0.5);
  if (u0 > 0) {
  const v1 = p1[0] * p1[0];
  const u2 = v1;
  return u2;
  }
  return u0;
}`,
    ); // prettier-ignore
  });
});
