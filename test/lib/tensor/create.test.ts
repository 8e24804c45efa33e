/** Making tensors, and reading them. */
import assert from "node:assert/strict";

import { eye, full, ones, philox, randomNormal, randomUniform, range, tensor, zeros } from "cotangent";

const list = (t: { dataSync(): ArrayLike<number> }) => Array.from(t.dataSync());

describe("a tensor", () => {
  it("is made of nested arrays, whose form is its shape", async () => {
    const a = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    assert.deepEqual([a.shape, a.dtype, a.rank, a.size], [[2, 3], "float32", 2, 6]);
    assert.deepEqual(await a.data(), Float32Array.of(1, 2, 3, 4, 5, 6));
    assert.deepEqual(tensor(7).shape, []);
    assert.deepEqual(tensor([]).shape, [0]);
    assert.deepEqual(tensor([[], []]).shape, [2, 0]);
  });

  it("is made of a typed array, of its dtype, and copies it", () => {
    const numbers = Float64Array.of(1, 2, 3, 4);
    const a = tensor(numbers, [2, 2]);
    numbers[0] = 9;
    assert.deepEqual([a.dtype, list(a)], ["float64", [1, 2, 3, 4]]);
    assert.equal(tensor(Int32Array.of(1)).dtype, "int32");
    assert.equal(tensor([1, 2], { dtype: "float64" }).dtype, "float64");
  });

  it("gives copies of its numbers: writing to them changes nothing", () => {
    const a = tensor([1, 2]);
    a.dataSync()[0] = 9;
    assert.deepEqual(list(a), [1, 2]);
  });

  it("gives the numbers of a view in its own order", () => {
    const a = range(6).reshape([2, 3]);
    assert.deepEqual(list(a.transpose()), [0, 3, 1, 4, 2, 5]);
    assert.deepEqual(list(a.slice(null, [2, undefined, -2])), [2, 0, 5, 3]);
    assert.deepEqual(list(tensor(5).broadcastTo([2, 2])), [5, 5, 5, 5]);
  });

  it("refuses rows of different lengths, elements that are no numbers, and a shape that does not fit", () => {
    assert.throws(() => tensor([[1, 2], [3]]), {
      name: "ShapeError",
      message: /axis 1 has 2 in the first row, and elsewhere 1/,
    });
    assert.throws(() => tensor([[1, 2], 3] as never), { name: "ShapeError" });
    assert.throws(() => tensor(["1"] as never), { name: "ShapeError", message: /string/ });
    assert.throws(() => tensor([1, 2, 3], [2, 2]), {
      name: "ShapeError",
      message: /3 numbers do not fill the shape \[2, 2\]/,
    });
    assert.throws(() => tensor(new Uint8Array(2) as never), { name: "OptionError", message: /Uint8Array/ });
    assert.throws(() => tensor([1], { dtyp: "float32" } as never), {
      name: "UnknownOptionError",
      message: /dtype/,
    });
    assert.throws(() => tensor([1], { dtype: "float16" as never }), { name: "OptionError" });
    assert.throws(() => zeros([2, -1]), { name: "OptionError" });
  });

  it("is made of one number, of a range, of the identity", () => {
    assert.deepEqual(list(full([2, 2], 3)), [3, 3, 3, 3]);
    assert.deepEqual(list(zeros([2])), [0, 0]);
    assert.deepEqual(list(ones([0])), []);
    assert.deepEqual(list(range(3, { dtype: "int32" })), [0, 1, 2]);
    assert.deepEqual(list(eye(2)), [1, 0, 0, 1]);
  });

  it("is drawn from a stream, the same for the same seed", () => {
    const draw = (seed: number) => list(randomNormal(philox(seed), [4, 3], { dtype: "float64" }));
    assert.deepEqual(draw(3), draw(3));
    assert.notDeepEqual(draw(3), draw(4));
    const u = list(randomUniform(philox(1), [1000]));
    assert.ok(u.every((x) => x >= 0 && x < 1));
    assert.ok(Math.abs(u.reduce((a, b) => a + b) / 1000 - 0.5) < 0.05);
  });

  it("refuses to pass for a number, with what to write instead", () => {
    const a = tensor([1, 2]);
    assert.throws(() => (a as unknown as number) * 2, {
      name: "TypeError",
      message: /a\.mul\(b\) or ops\.mul/,
    });
    assert.throws(() => a.item(), { name: "ShapeError", message: /\[2\]/ });
    assert.equal(tensor([[4]]).item(), 4);
  });
});
