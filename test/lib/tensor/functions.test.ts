/** Functions on tensors, against naive loops and by their laws. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { grad, ops, philox, randomNormal, range, tensor, type Tensor } from "cotangent";

const F64 = { dtype: "float64" } as const;
const list = (t: Tensor) => Array.from(t.dataSync());
const draw = (seed: number, ...shape: number[]) => randomNormal(philox(seed), shape, F64);

function close(got: Tensor, want: readonly number[], tolerance = 1e-12): void {
  const numbers = list(got);
  assert.equal(numbers.length, want.length);
  numbers.forEach((x, i) => assert.ok(Math.abs(x - want[i]!) <= tolerance, `[${i}]: ${x} is not ${want[i]}`));
}

describe("functions of shape", () => {
  const a = range(12, F64).reshape([3, 4]);

  it("reshape, with one extent left open", () => {
    assert.deepEqual(a.reshape([2, -1]).shape, [2, 6]);
    assert.deepEqual(list(a.T.reshape([12])), [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    assert.throws(() => a.reshape([5, -1]), { name: "ShapeError", message: /\[3, 4\] has 12 elements/ });
  });

  it("do not copy what a view can show", () => {
    for (const view of [a.T, a.reshape([12]), a.slice([1, 3]), a.broadcastTo([2, 3, 4]), a.expandDims(0)])
      assert.equal(view.plain.view.storage, a.plain.view.storage);
  });

  it("slice as Python does", () => {
    assert.deepEqual(list(a.slice(1)), [4, 5, 6, 7]);
    assert.deepEqual(a.slice(1).shape, [4]);
    assert.deepEqual(list(a.slice([-1], [0, 2])), [8, 9]);
    assert.deepEqual(list(a.slice([5])), []);
    assert.deepEqual(list(a.slice(0, [-1, -10, -2])), [3, 1]);
    assert.throws(() => a.slice(3), { name: "ShapeError", message: /Place 3 is not on axis 0/ });
    assert.throws(() => a.slice([0], [0], [0]), { name: "ShapeError" });
    fc.assert(
      fc.property(
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (s, e, k) => {
          const want = Array.from({ length: 7 }, (_, i) => i).slice(s, e).filter((_, i) => i % k === 0); // prettier-ignore
          assert.deepEqual(list(range(7).slice([s, e, k])), want);
        },
      ),
      { seed: 5 },
    );
  });

  it("join and part: slices of a concatenation are what was joined", () => {
    const joined = ops.concat([a, a.mul(2).slice(null, [0, 1])], 1);
    assert.deepEqual(joined.shape, [3, 5]);
    assert.deepEqual(list(joined.slice(null, [4])), [0, 8, 16]);
    assert.deepEqual(ops.stack([a, a], 1).shape, [3, 2, 4]);
    assert.throws(() => ops.concat([a, a.T]), { name: "ShapeError", message: /\[3, 4\] and \[4, 3\]/ });
  });

  it("pad, flip, squeeze, and turn axes", () => {
    assert.deepEqual(list(tensor([1, 2]).pad([[1, 2]], 7)), [7, 1, 2, 7, 7]);
    assert.deepEqual(list(a.flip(0).slice(0)), [8, 9, 10, 11]);
    assert.deepEqual(a.expandDims(-1).squeeze().shape, [3, 4]);
    assert.throws(() => a.squeeze(0), { name: "ShapeError", message: /axis 0 of \[3, 4\] has 3/ });
    assert.throws(() => a.transpose([0, 0]), { name: "ShapeError" });
    assert.throws(() => a.sum(2), {
      name: "ShapeError",
      message: /axis 2 of a tensor with 2 axes; it has -2 to 1/,
    });
  });
});

describe("reductions", () => {
  const a = draw(1, 3, 4, 2);

  it("are those of naive loops, over any axes, kept or dropped", () => {
    const x = list(a);
    const sums = Array.from({ length: 4 }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < 3; i++) for (let k = 0; k < 2; k++) sum += x[i * 8 + j * 2 + k]!;
      return sum;
    });
    close(a.sum([0, -1]), sums);
    assert.deepEqual(a.sum([0, 2], { keepDims: true }).shape, [1, 4, 1]);
    close(a.mean(), [x.reduce((p, q) => p + q) / 24]);
    close(a.variance(), [x.reduce((p, q) => p + (q - a.mean().item()) ** 2, 0) / 24]);
    assert.deepEqual(a.max().item(), Math.max(...x));
    assert.deepEqual(list(a.argmax(1)).length, 6);
    assert.equal(a.argmax().dtype, "int32");
  });

  it("share the adjoint of an extreme among equals", () => {
    const g = grad((x: Tensor) => x.max())(tensor([3, 1, 3], F64));
    assert.deepEqual(list(g), [0.5, 0, 0.5]);
  });

  it("sum exponentials without overflow, masked and infinite ones too", () => {
    close(tensor([1000, 1000], F64).logSumExp(), [1000 + Math.LN2]);
    assert.equal(tensor([-Infinity, -Infinity]).logSumExp().item(), -Infinity);
    assert.equal(tensor([Infinity, 0]).logSumExp().item(), Infinity);
    assert.ok(Number.isNaN(tensor([NaN, 0]).logSumExp().item()));
    close(tensor([-Infinity, 2], F64).logSumExp(), [2]);
  });

  it("refuse to choose from nothing", () => {
    assert.throws(() => tensor([]).max(), { name: "ShapeError", message: /nothing to choose from/ });
    assert.equal(tensor([]).sum().item(), 0);
  });
});

describe("products", () => {
  it("take vectors as NumPy does", () => {
    const [m, v] = [draw(1, 3, 4), draw(2, 4)];
    assert.deepEqual(m.matmul(v).shape, [3]);
    assert.deepEqual(v.matmul(m.T).shape, [3]);
    assert.deepEqual(v.matmul(v).shape, []);
    close(m.matmul(v), list(v.matmul(m.T)));
    assert.deepEqual(draw(3, 2, 5, 4).matmul(draw(4, 4, 3)).shape, [2, 5, 3]);
    assert.deepEqual(draw(3, 0, 4).matmul(m.T).shape, [0, 3]);
  });

  it("of shapes that do not fit say both", () => {
    assert.throws(() => draw(1, 2, 3).matmul(draw(2, 2, 3)), {
      name: "ShapeError",
      message: /\[2, 3\] by \[2, 3\]/,
    });
    assert.throws(() => draw(1, 2, 2, 3).matmul(draw(2, 3, 3, 3)), {
      name: "ShapeError",
      message: /broadcast/,
    });
    assert.throws(() => draw(1, 2, 3).matmul(tensor(1, F64)), { name: "ShapeError" });
  });

  it("are associative with transposes: (AB)ᵀ = BᵀAᵀ", () => {
    const [a, b] = [draw(1, 2, 3, 4), draw(2, 2, 4, 5)];
    close(a.matmul(b).matrixTranspose(), list(b.matrixTranspose().matmul(a.matrixTranspose())));
  });

  it("of attention are softmax(q kᵀ/√d) v", () => {
    const [q, k, v] = [draw(1, 2, 3, 4), draw(2, 2, 5, 4), draw(3, 2, 5, 6)];
    close(q.attention(k, v), list(q.matmul(k.matrixTranspose()).mul(0.5).softmax().matmul(v)));
  });
});

describe("conv2d", () => {
  const naive = (x: Tensor, w: Tensor, stride: number, padding: number, dilation: number) => {
    const at = (t: Tensor, ...index: number[]) => (index.some((i, a) => i < 0 || i >= t.shape[a]!) ? 0 : list(t)[index.reduce((so, i, a) => so * t.shape[a]! + i, 0)]!); // prettier-ignore
    const size = (n: number, k: number) =>
      Math.floor((n + 2 * padding - dilation * (k - 1) - 1) / stride) + 1;
    const [b, c, h, wd] = x.shape as [number, number, number, number];
    const [o, , kh, kw] = w.shape as [number, number, number, number];
    const out: number[] = [];
    for (let n = 0; n < b; n++) for (let m = 0; m < o; m++)
      for (let i = 0; i < size(h, kh); i++) for (let j = 0; j < size(wd, kw); j++) {
        let sum = 0;
        for (let d = 0; d < c; d++) for (let k = 0; k < kh; k++) for (let l = 0; l < kw; l++)
          sum += at(x, n, d, i * stride + k * dilation - padding, j * stride + l * dilation - padding) * at(w, m, d, k, l);
        out.push(sum);
      } // prettier-ignore
    return out;
  };

  it("is the naive sum, with stride, padding and dilation", () => {
    const [x, w] = [draw(1, 2, 3, 6, 5), draw(2, 4, 3, 3, 2)];
    for (const [stride, padding, dilation] of [
      [1, 0, 1],
      [2, 1, 1],
      [1, 2, 2],
      [3, 0, 1],
    ] as const)
      // prettier-ignore
      close(x.conv2d(w, { stride, padding, dilation }), naive(x, w, stride, padding, dilation));
  });

  it("has the gradient of differences", () => {
    const [x, w] = [draw(1, 1, 2, 4, 4), draw(2, 2, 2, 3, 3)];
    const loss = (p: { x: Tensor; w: Tensor }) => p.x.conv2d(p.w, { padding: 1, stride: 2 }).square().sum();
    const g = grad(loss)({ x, w });
    for (const name of ["x", "w"] as const) {
      const along = draw(3, ...{ x, w }[name].shape);
      const at = (h: number) => loss({ x, w, [name]: { x, w }[name].add(along.mul(h)) }).item();
      close(g[name].mul(along).sum(), [(at(1e-5) - at(-1e-5)) / 2e-5], 1e-6);
    }
  });

  it("says which shapes it needs", () => {
    assert.throws(() => draw(1, 1, 2, 4, 4).conv2d(draw(2, 2, 3, 3, 3)), {
      name: "ShapeError",
      message: /as many channels/,
    });
    assert.throws(() => draw(1, 1, 2, 2, 2).conv2d(draw(2, 2, 2, 3, 3)), {
      name: "ShapeError",
      message: /larger than the image/,
    });
    assert.throws(() => draw(1, 1, 2, 4, 4).conv2d(draw(2, 2, 2, 3, 3), { strid: 2 } as never), {
      name: "UnknownOptionError",
    });
  });
});

describe("rows by index", () => {
  it("are gathered, and added back", () => {
    const table = draw(1, 4, 2);
    const index = tensor([2, 0, 2], { dtype: "int32" });
    close(table.gather(index).sum(0), list(table.slice(0).add(table.slice(2).mul(2))));
    const g = grad((t: Tensor) => t.gather(index).sum())(table);
    assert.deepEqual(list(g), [1, 1, 0, 0, 2, 2, 0, 0]);
    assert.deepEqual(list(index.oneHot(3)), [0, 0, 1, 1, 0, 0, 0, 0, 1]);
  });

  it("must be whole numbers that are rows", () => {
    const table = draw(1, 4, 2);
    assert.throws(() => table.gather(tensor([4], { dtype: "int32" })), {
      name: "OptionError",
      message: /index 4/,
    });
    assert.throws(() => table.gather(tensor([1])), { name: "DtypeError", message: /int32/ });
  });
});

describe("dtypes", () => {
  it("do not mix in silence", () => {
    assert.throws(() => tensor([1]).add(tensor([1], F64)), {
      name: "DtypeError",
      message: /float32 \[1\] and float64 \[1\]/,
    });
    assert.throws(() => tensor([1], { dtype: "int32" }).mul(0.5), { name: "DtypeError", message: /astype/ });
    assert.deepEqual(list(tensor([1.7]).astype("int32")), [1]);
  });

  it("of integers have no derivative", () => {
    assert.throws(() => grad((x: Tensor) => x.sum())(tensor([1], { dtype: "int32" }) as never), {
      name: "DtypeError",
      message: /argument is a tensor of integers \[1\]/,
    });
  });
});
