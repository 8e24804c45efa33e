/** Threads of the WebAssembly engine: the same numbers, in Node and in a page; and nothing that keeps a program from ending. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

import { createWasmEngine, ops, tensor, type WasmEngine } from "cotangent";

import { withSharedMemory } from "../../../../lib/src/engine/wasm/shared-memory.js";
import { openGpuPage } from "../../../support/gpu-page.js";

/** Multiply until the threads help. */
function awake(engine: WasmEngine, threads: number): void {
  const a = tensor(new Float32Array(256 * 256), [256, 256], { engine });
  for (const until = performance.now() + 20_000; engine.threads < threads && performance.now() < until;)
    a.matmul(a).dispose();
  assert.equal(engine.threads, threads);
}
const numbers = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(i * 1.3 + seed));

describe("threads of the WebAssembly engine", function () {
  this.timeout(60_000);
  const one = createWasmEngine();
  const three = createWasmEngine({ threads: 3 });
  before(() => awake(three, 3));
  after(() => three.stopThreads());

  it("multiply as one does, bit for bit, whatever the shape, batch and layout", () => {
    for (const dtype of ["float32", "float64"] as const)
      for (const [batch, m, k, n] of [[[], 300, 200, 130], [[2], 257, 129, 131], [[], 5, 2000, 900], [[3], 1, 1500, 1500]] as const) {
        const make = (engine: WasmEngine) => {
          const a = tensor(Array.from(numbers([...batch, m, k].reduce<number>((x, y) => x * y, 1), 1)), [...batch, k, m], { engine, dtype }).matrixTranspose();
          return a.matmul(tensor(Array.from(numbers(k * n, 2)), [k, n], { engine, dtype })).dataSync();
        };
        assert.deepEqual(make(three), make(one), `${dtype} ${batch.join()} ${m} ${k} ${n}`);
      } // prettier-ignore
  });

  it("attend as one does, also where heads are not a multiple of them", () => {
    for (const heads of [2, 8, 7]) {
      const make = (engine: WasmEngine) => {
        const [q, k, v] = [1, 2, 3].map((seed) =>
          tensor(Array.from(numbers(heads * 128 * 64, seed)), [heads, 128, 64], { engine }),
        );
        return ops.attention(q!, k!, v!).dataSync();
      };
      assert.deepEqual(make(three), make(one), `${heads}`);
    }
  });

  it("go on with what the memory has grown to", () => {
    const engine = createWasmEngine({ threads: 2 });
    awake(engine, 2);
    const before = engine.statistics().reserved;
    const large = tensor(new Float32Array(2000 * 2000).fill(1), [2000, 2000], { engine });
    assert.ok(engine.statistics().reserved > before);
    assert.equal(
      large.matmul(tensor(new Float32Array(2000 * 8).fill(2), [2000, 8], { engine })).dataSync()[7],
      4000,
    );
    engine.stopThreads();
    assert.equal(
      large.matmul(tensor(new Float32Array(2000 * 8).fill(2), [2000, 8], { engine })).dataSync()[9],
      4000,
    );
  });

  it("begin with the first large product, and not before", () => {
    const engine = createWasmEngine({ threads: 2 });
    const small = tensor(new Float32Array(64), [8, 8], { engine });
    for (let i = 0; i < 100; i++) small.matmul(small).dispose();
    assert.equal(engine.threads, 1);
    assert.throws(() => createWasmEngine({ threads: 0 }), {
      name: "OptionError",
      message: /threads should be a whole number from 1/,
    });
  });

  it("do not keep a program from ending", () => {
    const program =
      'import { createWasmEngine, tensor } from "cotangent"; const engine = createWasmEngine({ threads: 2 });' +
      "const a = tensor(new Float32Array(65536), [256, 256], { engine });" +
      "while (engine.threads < 2) a.matmul(a).dispose(); console.log(engine.threads);";
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
      timeout: 30_000,
    });
    assert.deepEqual([stdout, stderr, status], ["2\n", "", 0]);
  });

  it("work in a page that is isolated", async () => {
    const { page, close } = await openGpuPage();
    try {
      assert.deepEqual(await page.evaluate(() => window.gpuPage.runThreads()), { threads: 2, isSame: true });
    } finally {
      await close();
    }
  });
});

describe("a module with shared memory", () => {
  it("is refused where there is no memory to share", () => {
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    assert.throws(() => withSharedMemory(empty, 1), { name: "RangeError", message: /imports no memory/ });
  });

  it("keeps its other imports, and a maximum that it had", () => {
    // (import "e" "f" (func)) (import "e" "m" (memory 1 2)), with a type section before.
    const module = Uint8Array.of(
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 15, 2, 1, 101, 1, 102, 0, 0, 1, 101, 1, 109, 2, 1, 1, 2,
    ); // prettier-ignore
    assert.ok(WebAssembly.validate(module));
    const shared = withSharedMemory(module, 300);
    assert.ok(WebAssembly.validate(shared));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 300, shared: true });
    assert.ok(new WebAssembly.Instance(new WebAssembly.Module(shared), { e: { f: () => {}, m: memory } }));
  });
});
