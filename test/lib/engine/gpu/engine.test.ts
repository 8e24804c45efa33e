/** The engine over gpu.js: its kernels on every back end that there is, and how it behaves where a result is not there yet. */
import assert from "node:assert/strict";

import {
  createGpuEngine,
  createWasmEngine,
  type GpuEngine,
  type GpuMode,
  grad,
  referenceEngine,
  tensor,
  type Tensor,
  valueAndGrad,
} from "cotangent";

import { type GpuPage, openGpuPage } from "../../../support/gpu-page.js";
import { assertClose } from "../against-reference.js";
import { check, checkNames, type Outcome } from "./checks.js";

/** Functions that a device computes too roughly, or that nobody has written yet: done by the reference engine. */
const left = {
  map: ["map asin", "map acos", "map atan", "map cbrt", "map asinh", "map acosh", "map atanh"],
  zip: ["zip pow", "zip mod", "zip atan2", "zip hypot"],
  // Windows that overlap themselves; products without elements.
  place: ["place"],
  matmul: ["matmul"],
  "not a number": ["zip pow", "zip mod", "zip atan2", "zip hypot"],
} as Readonly<Record<string, readonly string[]>>;

function assertGood({ name, refused, error }: Outcome): void {
  assert.equal(error, null);
  assert.deepEqual(refused, left[name] ?? [], name);
}

describe("the gpu engine in Node", () => {
  for (const mode of ["cpu", "webasm"] as readonly GpuMode[]) {
    let engine: GpuEngine;
    before(async () => {
      engine = await createGpuEngine({ mode });
    });
    after(() => engine.destroy());
    for (const name of checkNames)
      it(`agrees with the reference engine in ${name}, on gpu.js's ${mode}`, async () => {
        assertGood(await check(engine, name));
      }).timeout(20_000);
    it(`says that ${mode} ran`, async () => {
      assert.deepEqual(Object.keys(engine.statistics().ran), [mode]);
      assert.deepEqual(engine.statistics().fallbacks, []);
    });
  }
});

describe("the gpu engine in Chromium, on an emulated GPU", function () {
  this.timeout(180_000);
  let gpu: GpuPage;
  before(async () => {
    gpu = await openGpuPage();
  });
  after(() => gpu.close());

  // gpu.js calls both of its WebGL back ends "gpu".
  for (const [mode, name] of [
    ["webgl2", "gpu"],
    ["webgpu", "webgpu"],
  ] as const)
    // prettier-ignore
    it(`agrees with the reference engine in every kernel on ${mode}`, async () => {
      const { outcomes, ran } = await gpu.page.evaluate((mode) => window.gpuPage.runChecks(mode), mode);
      assert.deepEqual(outcomes.map((outcome) => outcome.name), checkNames); // prettier-ignore
      for (const outcome of outcomes) assertGood(outcome);
      assert.deepEqual(Object.keys(ran), [name]);
    });

  // What each back end makes of the four cases in which gpu.js 2.24.1 is wrong; right are 5, −3.375, an error, and 8.
  const wrong = {
    cpu: { shadow: [5], cube: [-3.375], stride: [4, 5], nestedThenFlat: [8] },
    webasm: { shadow: [101], cube: [-3.375], stride: "throws", nestedThenFlat: [8] },
    webgl2: { shadow: [5], cube: [3.375], stride: "throws", nestedThenFlat: [8] },
    webgpu: { shadow: [5], cube: [3.375], stride: "throws", nestedThenFlat: "throws" },
  } as const;
  for (const [mode, expected] of Object.entries(wrong))
    it(`knows what gpu.js gets wrong on ${mode}`, async () => {
      const got = await gpu.page.evaluate((mode) => window.gpuPage.runGuards(mode), mode as GpuMode);
      const short = Object.entries(got).map(([name, result]) => [name, typeof result === "string" ? result.slice(0, 6) : result]); // prettier-ignore
      assert.deepEqual(Object.fromEntries(short), expected);
    });
});

describe("tensors on the gpu engine", () => {
  let engine: GpuEngine;
  before(async () => {
    engine = await createGpuEngine({ mode: "cpu" });
  });
  after(() => engine.destroy());

  const loss = (p: { w: Tensor; x: Tensor }) => p.x.matmul(p.w).tanh().softmax().log().square().sum();
  const parameters = (on: { engine: GpuEngine } | object) => ({
    w: tensor([[0.3, -0.2], [0.1, 0.7], [-0.5, 0.2]], on),
    x: tensor([[1, 2, 3], [0, -1, 0.5]], on),
  }); // prettier-ignore

  it("are read by a promise, and have the gradient that they have elsewhere", async () => {
    const [value, gradient] = valueAndGrad(loss)(parameters({ engine }));
    const [want, wanted] = valueAndGrad(loss)(parameters({ engine: referenceEngine }));
    assertClose(
      await (value as unknown as Tensor).data(),
      (want as unknown as Tensor).dataSync(),
      1e-5,
      "loss",
    );
    assertClose(await gradient.w.data(), wanted.w.dataSync(), 1e-5, "gradient");
    assert.throws(() => gradient.w.dataSync(), { name: "PendingStorageError", message: /await t\.data\(\)/ });
  });

  it("are done by the reference engine, later, where the engine refuses", async () => {
    const x = tensor([0.5, -0.25], { engine }).mul(2);
    assertClose(await x.mul(0.5).asin().sin().data(), [0.5, -0.25], 1e-6, "asin");
    const f = (x: Tensor) => x.mul(1).atan().sum();
    assertClose(await grad(f)(x).data(), [1 / 2, 1 / 1.25], 1e-6, "gradient through a refused kernel");
  });

  it("may be given back before what was made of them is there", async () => {
    const x = tensor([1, 2, 3], { engine });
    const y = x.square().square();
    x.dispose();
    assert.deepEqual([...(await y.data())], [1, 16, 81]);
    assert.throws(() => x.square(), { name: "DisposedError" });
  });

  it("are float32: doubles are an error that says what to do", () => {
    assert.throws(() => tensor([1], { engine, dtype: "float64" }), {
      name: "DtypeError",
      message: /single precision.*float32/,
    });
    assert.throws(() => tensor([1], { engine }).astype("float64"), {
      name: "DtypeError",
      message: /no float64/,
    });
  });

  it("choose rows by integers that stay beside the device, whose range is checked", async () => {
    const table = tensor([[1, 2], [3, 4]], { engine }); // prettier-ignore
    const index = tensor([1, 0, 1], { engine, dtype: "int32" });
    assert.deepEqual([...(await table.gather(index).data())], [3, 4, 1, 2, 3, 4]);
    assert.throws(
      () => table.gather(tensor([2], { engine, dtype: "int32" })),
      /index 2 .* not a row of a table of 2/,
    );
    assert.deepEqual([...(await table.argmax(-1).data())], [1, 1]);
  });

  it("move there when they meet one that is there", async () => {
    const sum = tensor([1], { engine: createWasmEngine() }).add(tensor([2], { engine }));
    assert.equal(sum.engine, engine);
    assert.deepEqual([...(await sum.data())], [3]);
  });

  it("keep no more compiled kernels than they may", async () => {
    const small = await createGpuEngine({ mode: "cpu", cache: 2 });
    const x = tensor([1, 2], { engine: small });
    const results = [x.add(1), x.mul(3), x.sub(1), x.add(1)];
    for (const [i, want] of [[2, 3], [3, 6], [0, 1], [2, 3]].entries()) assert.deepEqual([...(await results[i]!.data())], want); // prettier-ignore
    assert.equal(small.statistics().kernels, 2);
    await small.destroy();
  });

  it("say where a kernel failed when they are read, and nowhere else", async () => {
    const broken = await createGpuEngine({ mode: "cpu" });
    const x = tensor([1, 2], { engine: broken });
    broken.device.gpu.createKernel = () => {
      throw new Error("the driver was reset");
    };
    await assert.rejects(x.add(1).mul(2).data(), /the driver was reset/);
    await broken.destroy();
  });

  it("need gpu.js, by a back end's name", async () => {
    await assert.rejects(createGpuEngine({ mode: "gpu" as never }), {
      name: "OptionError",
      message: /"webgpu"/,
    });
    await assert.rejects(createGpuEngine({ mode: "cpu", chache: 3 } as never), {
      name: "UnknownOptionError",
      message: /cache/,
    });
  });
});
