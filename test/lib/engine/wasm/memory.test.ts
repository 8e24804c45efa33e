/** The WebAssembly engine's memory: what is given back can be used again, and what is too much lies elsewhere. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { createWasmEngine, type NumberArray, type Storage, type View } from "cotangent";

import { Arena, classOf } from "../../../../lib/src/engine/wasm/arena.js";

const floats = (length: number, value: number) => new Float32Array(length).fill(value);
const viewOf = (storage: Storage): View => ({ storage, shape: [storage.length], strides: [1], offset: 0 });

describe("the arena", () => {
  it("never gives out memory twice, and counts what is in use", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 5000 })), { maxLength: 200 }),
        (steps) => {
          const arena = new Arena(1 << 15);
          const live: { address: number; bytes: number }[] = [];
          for (const [takes, n] of steps) {
            if (takes || live.length === 0) {
              const address = arena.allocate(n);
              if (address === 0) continue;
              for (const other of live)
                assert.ok(address >= other.address + other.bytes || other.address >= address + n, "overlap");
              assert.ok(address % 16 === 0 && address + n <= 1 << 15);
              live.push({ address, bytes: n });
            } else {
              const [gone] = live.splice(n % live.length, 1);
              arena.release(gone!.address, gone!.bytes);
            }
            const used = live.reduce((sum, { bytes }) => sum + classOf(bytes), 0);
            assert.deepEqual([arena.statistics.used, arena.statistics.blocks], [used, live.length]);
          }
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });

  it("has classes that hold what is asked, and lose at most a fifth", () => {
    for (let bytes = 1; bytes < 1e6; bytes += 1 + (bytes >> 4)) {
      const size = classOf(bytes);
      assert.ok(
        size >= bytes && size % 16 === 0 && (bytes <= 64 || size <= 1.25 * bytes + 16),
        `${bytes} ${size}`,
      );
      assert.equal(classOf(size), size);
    }
  });
});

describe("numbers on the WebAssembly engine", () => {
  it("are kept while the memory grows", () => {
    const engine = createWasmEngine();
    const first = engine.upload(floats(10, 7));
    const before = engine.statistics().reserved;
    const rest = Array.from({ length: 40 }, (_, i) => engine.upload(floats(1 << 16, i)));
    assert.ok(engine.statistics().reserved > before);
    assert.deepEqual(first.read(), floats(10, 7));
    rest.forEach((storage, i) => assert.equal((storage.read() as NumberArray)[5], i));
  });

  it("cannot be read after they were given back, and their memory is used again", () => {
    const engine = createWasmEngine();
    const storage = engine.upload(floats(1000, 1));
    const { used } = engine.statistics();
    storage.dispose();
    storage.dispose();
    assert.equal(engine.statistics().blocks, 0);
    assert.throws(() => storage.read(), { name: "DisposedError", message: /1000 float32/ });
    assert.throws(() => engine.kernels.map!("exp", viewOf(storage)), { name: "DisposedError" });
    engine.upload(floats(1000, 2));
    assert.equal(engine.statistics().used, used);
  });

  it("lie on the heap when the budget is used up, with the same results", () => {
    const [small, large] = [createWasmEngine({ budget: 20_000 }), createWasmEngine()];
    const run = (engine: ReturnType<typeof createWasmEngine>) => {
      const x = viewOf(engine.upload(Float32Array.from({ length: 2000 }, (_, i) => i / 2000)));
      const y = viewOf(engine.kernels.map!("exp", x)!);
      const z = viewOf(engine.kernels.zip!("mul", x, y)!);
      return engine.kernels.reduce!("sum", z, 0)!.read();
    };
    assert.deepEqual(run(small), run(large));
    assert.ok(small.statistics().used <= 20_000);
    assert.ok(small.statistics().blocks < large.statistics().blocks);
  });

  it("are taken back after a kernel that borrowed them", () => {
    const engine = createWasmEngine();
    const a = engine.upload(floats(6, 1));
    const turned = { storage: a, shape: [3, 2], strides: [1, 3], offset: 0 };
    const product = engine.kernels.matmul!(turned, {
      storage: a,
      shape: [2, 3],
      strides: [3, 1],
      offset: 0,
    })!;
    assert.equal(engine.statistics().blocks, 2);
    product.dispose();
    a.dispose();
    assert.equal(engine.statistics().used, 0);
  });

  it("refuse options that do not exist", () => {
    assert.throws(() => createWasmEngine({ bugdet: 1 } as never), {
      name: "UnknownOptionError",
      message: /budget/,
    });
  });
});
