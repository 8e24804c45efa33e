/** The exact methods against training on the pooled batch. Numbers are those of the oracles in the reference on dAD. */
import assert from "node:assert/strict";

import { grad, ops, philox, randomNormal, tensor, type Tensor } from "cotangent";
import { dense, type MethodChoice, train } from "cotangent/dad";

import { transposedTimes } from "../../../lib/src/dad/dense.js";
import { distance, type Layer, mlp, modelOf, numbers, type Phi, sgd, sitesOf } from "./mlp.js";

const WIDTHS = [20, 16, 12, 5];

interface Setting {
  readonly rows?: readonly number[];
  readonly phi?: Phi;
  readonly reduction?: "mean" | "sum";
  readonly dtype?: "float32" | "float64";
  readonly steps?: number;
}

async function trained(
  method: MethodChoice,
  { rows = [8, 8, 8], phi = "tanh", reduction = "mean", dtype = "float64", steps = 4 }: Setting = {},
): Promise<number[]> {
  const run = await train({
    sites: sitesOf(rows, 20, 5, dtype),
    model: modelOf(mlp(WIDTHS, 3, dtype), phi, reduction),
    method,
    optimiser: sgd(0.5),
    steps,
  });
  return numbers(run.params);
}

describe("dAD", () => {
  for (const dtype of ["float64", "float32"] as const)
    for (const reduction of ["mean", "sum"] as const)
      it(`is training on the pooled batch, bit for bit, in ${dtype} with the ${reduction} as the loss (oracle 1)`, async () => {
        // With a mean, the share of a site times 1/N is exactly 1/ΣN where N is a power of two; with a sum it always is.
        const rows = reduction === "mean" ? [8, 8, 8] : [5, 8, 3];
        const setting = { rows, reduction, dtype };
        assert.deepEqual(await trained("dAD", setting), await trained("pooled", setting));
      });

  it("weights sites by their rows: unequal means agree to rounding (oracle 1)", async () => {
    const setting = { rows: [5, 11, 2] };
    assert.ok(distance(await trained("dAD", setting), await trained("pooled", setting)) < 1e-15);
  });

  it("is dSGD to rounding, with equal and with unequal rows (oracle 3)", async () => {
    for (const rows of [
      [8, 8, 8],
      [5, 11, 2],
    ])
      assert.ok(distance(await trained("dSGD", { rows }), await trained("dAD", { rows })) < 1e-15);
  });
});

describe("edAD", () => {
  for (const phi of ["tanh", "relu", "sigmoid"] as const)
    for (const dtype of ["float64", "float32"] as const)
      it(`is dAD and pooled, bit for bit and biases included, through ${phi} in ${dtype} (oracle 2)`, async () => {
        const setting = { phi, dtype };
        const got = await trained("edAD", setting);
        assert.deepEqual(got, await trained("dAD", setting));
        assert.deepEqual(got, await trained("pooled", setting));
      });

  it("goes through layers with nothing between them", async () => {
    const model = modelOf(mlp(WIDTHS, 3));
    const straight = (layers: Layer[], x: Tensor) =>
      layers.reduce((h, { weight, bias }) => h.matmul(weight).add(bias), x);
    const [edad, pooled] = await Promise.all(
      (["edAD", "pooled"] as const).map((method) =>
        train({
          sites: sitesOf([4, 4], 20, 5),
          model: { ...model, loss: (layers, { x, y }) => straight(layers, x).sub(y).square().sum(1).mean() },
          method,
          optimiser: sgd(0.01),
          steps: 3,
        }),
      ),
    );
    assert.deepEqual(numbers(edad!.params), numbers(pooled!.params));
  });

  it("notices when what is between the layers changes", async () => {
    let calls = 0;
    const model = modelOf(mlp(WIDTHS, 3));
    const [tanh, relu] = (["tanh", "relu"] as const).map((phi) => modelOf(model.params, phi).loss);
    await assert.rejects(
      train({
        sites: sitesOf([4, 4], 20, 5),
        model: { ...model, loss: (layers, batch) => (calls++ < 2 ? tanh! : relu!)(layers, batch) },
        method: "edAD",
        optimiser: sgd(0.1),
        steps: 2,
      }),
      { name: "SharingError", message: /^Between \[0\]\.weight and \[1\]\.weight was tanh in the first step, and it is relu now\. Use dAD/ }, // prettier-ignore
    );
  });

  it("refuses a network that it cannot go back through, and says what to use", async () => {
    const model = modelOf(mlp(WIDTHS, 3));
    const softplus = (layers: Layer[], x: Tensor) =>
      layers.reduce((h, { weight, bias }) => h.matmul(weight).add(bias).softplus(), x);
    await assert.rejects(
      train({
        sites: sitesOf([4, 4], 20, 5),
        model: { ...model, loss: (layers, { x, y }) => softplus(layers, x).sub(y).square().mean() },
        method: "edAD",
        optimiser: sgd(0.1),
        steps: 1,
      }),
      {
        name: "SharingError",
        message: /what is between \[0\]\.weight and \[1\]\.weight is something else\. Use dAD/,
      },
    );
  });
});

describe("a tied weight", () => {
  interface Tied {
    readonly W: Tensor;
  }
  const F64 = { dtype: "float64" } as const;
  /** Used as it is and as its transpose: an autoencoder. */
  const loss = ({ W }: Tied, x: Tensor): Tensor =>
    x.matmul(W).tanh().matmul(W.T).sub(x).square().sum(1).mean();
  const of = (method: MethodChoice) =>
    train<Tied, Tensor>({
      sites: [1, 2].map((s) => ({
        name: `s${s}`,
        batch: (step) => ({ rows: 4, data: randomNormal(philox(s, step), [4, 6], F64) }),
      })),
      model: { params: { W: randomNormal(philox(9), [6, 5], F64).mul(0.4) }, loss },
      method,
      optimiser: ({ W }, g) => ({ W: W.sub(g.W.mul(0.1)) }),
      steps: 3,
    });

  it("has the rows of both uses, and is trained as pooled", async () => {
    const pooled = [...(await of("pooled")).params.W.dataSync()];
    for (const method of ["dAD", "dSGD", { name: "rank-dAD", theta: 0 }] as const) {
      const { params, ledger } = await of(method);
      assert.ok(distance([...params.W.dataSync()], pooled) < 1e-13, JSON.stringify(method));
      if (method === "dAD") assert.equal(ledger.rows()[0]!.up, 3 * (2 * 4) * (6 + 5) * 8);
    }
  });
});

describe("with one site", () => {
  for (const method of ["pooled", "dSGD", "dAD", "edAD", "none"] as const)
    it(`${method} is plain training (oracle 14)`, async () => {
      let params = mlp(WIDTHS, 3);
      const model = modelOf(params);
      const [site] = sitesOf([8], 20, 5);
      for (let step = 0; step < 4; step++) {
        const { data } = await site!.batch(step);
        params = sgd(0.5)(params, grad(model.loss)(params, data));
      }
      assert.deepEqual(await trained(method, { rows: [8] }), numbers(params));
    });
});

describe("a recurrent weight", () => {
  /** h_t = tanh(x_t U + h_{t−1} W), squared at the end. */
  interface Recurrent {
    readonly U: Tensor;
    readonly W: Tensor;
  }
  const F64 = { dtype: "float64" } as const;
  const params: Recurrent = {
    U: randomNormal(philox(1), [3, 4], F64).mul(0.5),
    W: randomNormal(philox(2), [4, 4], F64).mul(0.5),
  };
  const loss = ({ U, W }: Recurrent, xs: Tensor): Tensor => {
    let h = tensor(new Float64Array(xs.shape[0]! * 4), [xs.shape[0]!, 4]) as Tensor;
    for (let t = 0; t < xs.shape[1]!; t++) h = ops.tanh(xs.slice(null, t).matmul(U).add(h.matmul(W)));
    return h.square().sum(1).mean();
  };
  const batch = (seed: number) => ({ rows: 4, data: randomNormal(philox(seed), [4, 5, 3], F64) });

  it("is trained as pooled: every step adds rows to its factors (oracle 11)", async () => {
    const of = (method: MethodChoice) =>
      train({
        sites: [1, 2].map((s) => ({ name: `s${s}`, batch: (step) => batch(10 * s + step) })),
        model: { params, loss },
        method,
        optimiser: ({ U, W }, g) => ({ U: U.sub(g.U.mul(0.1)), W: W.sub(g.W.mul(0.1)) }),
        steps: 2,
      });
    const [dad, pooled] = [await of("dAD"), await of("pooled")];
    const flat = ({ U, W }: Recurrent) => [...U.dataSync(), ...W.dataSync()];
    assert.ok(distance(flat(dad.params), flat(pooled.params)) < 1e-14);
    // T = 5 products with rows of 4 samples.
    assert.equal(dad.ledger.rows().find(({ layer }) => layer === "W")!.up, 2 * 5 * 4 * (4 + 4) * 8);
  });

  it("has another gradient when its deltas are paired in the wrong order (oracle 11)", () => {
    const told: { input: Float64Array; delta: Float64Array }[] = [];
    const gradient = grad(loss, {
      factors({ parameter, input, delta }) {
        if (parameter !== "argument.W") return;
        told.push({ input: input.dataSync() as Float64Array, delta: delta.dataSync() as Float64Array });
      },
    })(params, batch(1).data).W.dataSync();
    const sum = (pairs: readonly (readonly [Float64Array, Float64Array])[]) =>
      pairs
        .map(([a, d]) => transposedTimes(dense(4, 4, a), dense(4, 4, d)))
        .reduce((x, y) => x.map((value, i) => value + y[i]!));
    const aligned = sum(told.map(({ input, delta }) => [input, delta]));
    const reversed = sum(told.map(({ input }, t) => [input, told[told.length - 1 - t]!.delta]));
    assert.ok(distance([...aligned], [...gradient]) < 1e-14);
    assert.ok(distance([...reversed], [...gradient]) > 0.1);
  });
});
