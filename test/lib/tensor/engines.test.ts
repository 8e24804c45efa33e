/** Every operation on every engine, against the reference engine in double precision; and what an engine refuses, done all the same. */
import assert from "node:assert/strict";

import {
  createGpuEngine,
  createWasmEngine,
  type Dtype,
  type Engine,
  grad,
  referenceEngine,
  setEngine,
  tensor,
  type Tensor,
  tensorRules,
  withEngine,
} from "../../../lib/src/index.js";
import { FLOAT64_TOLERANCE } from "../../../lib/src/engine/tolerances.js";
import { ranSoFar } from "../../../lib/src/engine/ran.js";
import { assertClose } from "../engine/against-reference.js";
import { drawing, samples } from "./row-samples.js";
import { rule } from "./rule.js";

/** Of single precision, for a row: arguments are rounded, and a row may have many steps. */
const FLOAT32 = 2e-5;
/** Factors and their derivatives are worse conditioned. */
const LOOSE: Readonly<Record<string, number>> = {
  svd: 1e-4,
  qr: 1e-4,
  cholesky: 1e-4,
  triangularSolve: 1e-4,
  mod: 1e-4,
};

const engines: readonly (readonly [string, Engine])[] = [
  ["wasm", createWasmEngine()],
  ["wasm over its budget", createWasmEngine({ budget: 2000 })],
  ["reference", referenceEngine],
  ["gpu.js on the CPU", await createGpuEngine({ mode: "cpu" })],
];

describe("operations on engines", () => {
  for (const [name, engine] of engines)
    for (const dtype of engine.dtypes.filter((own): own is Dtype => own !== "int32"))
      it(`agree with the reference on ${name} in ${dtype}, every row of the table`, async () => {
        for (const op of tensorRules) {
          const wanted = samples[op.name]!(drawing(7, "float64", referenceEngine));
          const given = samples[op.name]!(drawing(7, dtype, engine));
          for (const [i, { x, p }] of given.entries()) {
            if (op.name === "astype" && p === "float64" && !engine.dtypes.includes("float64")) {
              assert.throws(() => rule(op.name, x, p), { name: "DtypeError", message: /no float64/ });
              continue;
            }
            const results = rule(op.name, x, p);
            const want = rule(op.name, wanted[i]!.x, wanted[i]!.p);
            const limit = dtype === "float64" ? FLOAT64_TOLERANCE : (LOOSE[op.name] ?? FLOAT32);
            for (const [k, result] of results.entries()) {
              assert.equal(result.engine, engine, op.name);
              assert.deepEqual(result.shape, want[k]!.shape, op.name);
              // A comparison of rounded numbers is another one, where they are equal before.
              assertClose(await result.data(), want[k]!.dataSync(), limit, `${op.name} ${i}`);
            }
          }
        }
      });

  it("are done by the reference engine where another refuses, and the count says so", () => {
    const x = tensor([0.5], { engine: engines[0]![1] });
    const before = ranSoFar()["reference"]?.["map"] ?? 0;
    assert.ok(Math.abs(x.asin().item() - Math.asin(0.5)) < 1e-6);
    assert.equal(ranSoFar()["reference"]!["map"], before + 1);
  });

  it("of tensors on two engines are done on the faster one", () => {
    const a = tensor([1, 2], { engine: referenceEngine });
    const b = tensor([3, 4], { engine: engines[0]![1] });
    assert.equal(a.mul(b).engine, engines[0]![1]);
    assert.deepEqual([...a.mul(b).dataSync()], [3, 8]);
    assert.equal(a.mul(2).engine, referenceEngine);
  });
});

describe("the engine of new tensors", () => {
  it("is WebAssembly where nobody says otherwise", () => {
    assert.equal(tensor([1]).engine.name, "wasm");
    assert.equal(tensor([1], { dtype: "float64" }).engine.name, "wasm");
    assert.equal(tensor([1], { dtype: "int32" }).engine.name, "wasm");
  });

  it("can be chosen, also for a while", () => {
    assert.equal(withEngine("reference", () => tensor([1])).engine.name, "reference");
    assert.throws(() => withEngine("reference", () => { throw new Error("out"); }), /out/); // prettier-ignore
    assert.equal(tensor([1]).engine.name, "wasm");
    setEngine("reference");
    try {
      assert.equal(tensor([1]).engine.name, "reference");
    } finally {
      setEngine("auto");
    }
    assert.throws(() => setEngine("tpu" as never), {
      name: "OptionError",
      message: /"tpu".*reference, wasm/,
    });
  });

  it("does not leak: a gradient gives back all that it made but the gradient", () => {
    const engine = createWasmEngine();
    const w = tensor([[1, 2], [3, 4]], { engine }); // prettier-ignore
    const loss = (p: Tensor) => p.matmul(p).tanh().square().sum();
    const before = engine.statistics().blocks;
    const g = grad(loss)(w);
    // The gradient, and the constant 1 that began the sweep.
    assert.ok(engine.statistics().blocks - before <= 3, `${engine.statistics().blocks - before} blocks`);
    g.dispose();
  });
});
