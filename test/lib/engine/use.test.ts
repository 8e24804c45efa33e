/** Choosing an engine: no rasteriser in software is taken for a GPU, and a GPU only where it was faster; and the report of it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import {
  type Adapter,
  engineReport,
  type GpuLibrary,
  type Platform,
  setEngine,
  tensor,
  useEngine,
  type WebGl,
  zeros,
} from "cotangent";
import * as gpujs from "gpu.js";

import { crossover } from "../../../lib/src/engine/gpu/crossover.js";
import { isSoftware, probeGpus } from "../../../lib/src/engine/gpu/probe.js";

const real = ((gpujs as { default?: unknown }).default ?? gpujs) as GpuLibrary;

/**
 * gpu.js, which runs on the CPU whatever it is asked for: there is no GPU where tests run. Its products are not computed, since
 * they are made for a measurement alone, whose clock is the test's.
 */
const pretending = {
  ...real,
  input: (value: Float32Array, size: readonly number[]) => real.input(value, size),
  GPU: class extends (real.GPU as unknown as new (settings: object) => object) {
    constructor() {
      super({ mode: "cpu" });
    }
    createKernel(source: string, settings: { output: [number] }): unknown {
      if (!source.includes("fromB")) return real.GPU.prototype.createKernel.call(this, source, settings);
      return Object.assign(() => new Float32Array(settings.output[0]), {
        kernel: { constructor: { mode: "cpu" }, fallbackReason: null },
        destroy() {},
      });
    }
    static isHeadlessGLSupported = false;
  },
} as unknown as GpuLibrary;

const platform = (adapter: Adapter | null | "absent", renderer: string | null = null): Platform => ({
  navigator: adapter === "absent" ? {} : { gpu: { requestAdapter: () => Promise.resolve(adapter) } },
  canvas: () => (renderer === null ? null : { getContext: () => webGl(renderer) }),
});
const webGl = (renderer: string): WebGl => ({ getExtension: () => ({}), getParameter: () => renderer });
const nvidia: Adapter = { info: { vendor: "nvidia", architecture: "ada", description: "GeForce" } };
const swiftShader: Adapter = { info: { vendor: "google", architecture: "swiftshader", description: "SwiftShader driver" } }; // prettier-ignore

/** A clock by which each product on the GPU takes `gpu` ms, and each on the other engine `other` ms. */
function clock(gpu: (n: number) => number, other: (n: number) => number): () => number {
  let time = 0;
  function* readings(): Generator<number> {
    yield time;
    for (const n of [64, 128, 256, 512, 1024]) {
      for (const cost of [gpu(n), other(n)])
        for (let i = 0; i < 4; i++) {
          yield time;
          yield (time += cost);
        }
      yield time;
    }
  }
  const all = readings();
  return () => all.next().value as number;
}

describe("a probe for GPUs", () => {
  const probe = async (...of: Parameters<typeof platform>) =>
    (await probeGpus(pretending, platform(...of))).map(({ mode, hardware }) => `${mode} ${hardware}`);

  it("takes an adapter that is a GPU", async () => {
    assert.deepEqual(await probe(nvidia), ["webgpu true", "webgl2 false", "headlessgl false"]);
    assert.deepEqual(await probe(null, "ANGLE (Intel, Mesa Intel UHD Graphics 620)"), ["webgpu false", "webgl2 true", "headlessgl false"]); // prettier-ignore
  });

  it("refuses rasterisers in software, by flag and by name", async () => {
    for (const adapter of [swiftShader, { isFallbackAdapter: true }, { info: { ...nvidia.info, isFallbackAdapter: true } }, null, "absent"] as const)
      assert.equal((await probe(adapter))[0], "webgpu false"); // prettier-ignore
    for (const renderer of [
      "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
      "llvmpipe (LLVM 15.0.6, 256 bits)",
      "Microsoft Basic Render Driver",
      "",
    ])
      assert.equal((await probe(null, renderer))[1], "webgl2 false", renderer);
    assert.ok(isSoftware("lavapipe") && !isSoftware("Apple M1"));
  });

  it("gives a reason where asking fails", async () => {
    const failing: Platform = {
      navigator: { gpu: { requestAdapter: () => Promise.reject(new Error("blocked by policy")) } },
      canvas: () => null,
    };
    assert.match((await probeGpus(pretending, failing))[0]!.reason, /blocked by policy/);
  });
});

describe("a crossover", () => {
  const at = (...faster: boolean[]) =>
    crossover(faster.map((is, i) => ({ n: 64 * 2 ** i, gpu: is ? 1 : 2, other: 1.5 })));
  it("is the size from which on the GPU was faster in all that was measured", () => {
    assert.equal(at(false, false, true, true), 256 ** 2);
    assert.equal(at(true, false, true), 256 ** 2);
    assert.equal(at(true, true), 64 ** 2);
    assert.equal(at(true, false), null);
    assert.equal(at(), null);
  });
});

describe("useEngine", () => {
  afterEach(() => setEngine("auto"));

  it('"auto" stays with WebAssembly where there is no GPU, and the report says why', async () => {
    await useEngine("auto", { platform: platform(swiftShader), library: pretending });
    assert.equal(zeros([1000, 1000]).engine.name, "wasm");
    const text = String(engineReport());
    assert.match(
      text,
      /^float32 tensors are made on: wasm \(no GPU: webgpu: "google swiftshader SwiftShader driver" rasterises/,
    );
    assert.match(text, /✗ gpu/);
  });

  it('"auto" takes a GPU from the measured size on, for single precision alone', async () => {
    const now = clock((n) => (n < 256 ? 5 : 1), (n) => n / 100); // prettier-ignore
    await useEngine("auto", { platform: platform(nvidia), library: pretending, now });
    assert.equal(zeros([255, 255]).engine.name, "wasm");
    assert.equal(zeros([256, 256]).engine.name, "gpu");
    assert.equal(zeros([256, 256], { dtype: "float64" }).engine.name, "wasm");
    const sum = tensor([1]).add(zeros([256, 256]));
    assert.equal(sum.engine.name, "gpu");
    assert.equal((await sum.data())[7], 1);
    const report = engineReport();
    assert.deepEqual(report.chosen, [{ engine: "wasm", from: 0 }, { engine: "gpu", from: 65536 }]); // prettier-ignore
    assert.deepEqual(report.timings!.map(({ n }) => n), [64, 128, 256, 512, 1024]); // prettier-ignore
    // What really ran is told by gpu.js itself: not what was asked for.
    assert.ok(report.ranByGpu["cpu"]! > 0);
    assert.match(String(report), /wasm, gpu from 65536 elements on \(webgpu was faster.*256 × 256: gpu 1\.00 ms, wasm 2\.56 ms.*gpu\.js ran cpu/s); // prettier-ignore
  });

  it('"auto" leaves a slow GPU alone', async () => {
    const now = clock(() => 3, () => 2); // prettier-ignore
    await useEngine("auto", { platform: platform(nvidia), library: pretending, now });
    assert.equal(zeros([1000, 1000]).engine.name, "wasm");
    assert.match(engineReport().reason, /slower than WebAssembly/);
  });

  it("works where gpu.js is not installed, and says so", () => {
    const folder = mkdtempSync(join(tmpdir(), "cotangent-bare-"));
    try {
      cpSync(fileURLToPath(new URL("../../../lib/dist/bundle", import.meta.url)), folder, {
        recursive: true,
      });
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      const program =
        'import { engineNamed, engineReport, tensor, useEngine } from "./index.js";' +
        'await useEngine("auto");' +
        "console.log(tensor([1]).engine.name, engineReport().reason);" +
        'await useEngine("gpu").catch(({ name, message }) => console.log(name, message));' +
        'try { engineNamed("gpu"); } catch ({ name, message }) { console.log(name, message); }';
      const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
        cwd: folder,
        encoding: "utf8",
      });
      assert.equal(stderr, "");
      assert.match(
        stdout,
        /^wasm gpu\.js is not installed\nGpuUnavailableError .*npm install gpu\.js@2\.24\.1\.\nOptionError .*await useEngine\("gpu"\)/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('"gpu" refuses software and says what was found; named by its mode it is taken', async () => {
    await assert.rejects(useEngine("gpu", { platform: platform(swiftShader), library: pretending }), {
      name: "GpuUnavailableError",
      message: /no GPU here.*webgpu: "google swiftshader.*useEngine\("gpu", \{ mode: "webasm" \}\)/,
    });
    await useEngine("gpu", { mode: "webasm", library: real, platform: platform("absent") });
    assert.equal(tensor([1]).engine.name, "gpu");
    assert.deepEqual([...(await tensor([1, 2]).mul(3).data())], [3, 6]);
    assert.match(engineReport().reason, /its mode, "webasm", was named/);
  });

  it("knows its names and options", async () => {
    await assert.rejects(useEngine("tpu" as never), { name: "OptionError" });
    await assert.rejects(useEngine("gpu", { node: 1 } as never), {
      name: "UnknownOptionError",
      message: /mode/,
    });
    await useEngine("reference");
    assert.equal(tensor([1]).engine.name, "reference");
  });
});
