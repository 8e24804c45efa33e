/** Storage of the reference engine: read at once, until it is given back. */
import assert from "node:assert/strict";
import { referenceEngine, type Storage } from "cotangent";
import { viewOf } from "./samples.js";

describe("the reference engine's storage", () => {
  it("is the array that was handed over", () => {
    const data = Float32Array.of(1, 2, 3);
    const storage = referenceEngine.upload(data);
    assert.equal(storage.read(), data);
    assert.deepEqual([storage.dtype, storage.length], ["float32", 3]);
    assert.equal(referenceEngine.upload(new Int32Array(2)).dtype, "int32");
  });

  it("cannot be read after it was given back", () => {
    const storage = referenceEngine.upload(new Float64Array(4));
    storage.dispose();
    storage.dispose();
    assert.throws(() => storage.read(), { name: "DisposedError", message: /^These 4 float64 numbers/ });
    const view = { storage, shape: [4], strides: [1], offset: 0 };
    assert.throws(() => referenceEngine.kernels.map("exp", view), { name: "DisposedError" });
  });

  it("of an engine that answers later is refused with what to do", () => {
    const later: Storage = {
      dtype: "float32",
      length: 1,
      read: () => Promise.resolve(new Float32Array(1)),
      dispose: () => {},
    };
    const view = { ...viewOf("float32", [1], [0]), storage: later };
    assert.throws(() => referenceEngine.kernels.copy(view), {
      name: "PendingStorageError",
      message: /Await their read\(\)/,
    });
  });
});
