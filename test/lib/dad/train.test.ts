/** Runs: the same parameters everywhere, ranks within their bounds, sites that fail, models that do not fit. */
import assert from "node:assert/strict";

import { DtypeError, grad, ops, philox, randomNormal, tensor, type Tensor } from "cotangent";
import { type MethodChoice, type Model, type Site, train, type TrainOptions } from "cotangent/dad";

import { batchOf, distance, type Layer, mlp, modelOf, numbers, type Sample, sgd, sitesOf } from "./mlp.js";

const WIDTHS = [20, 16, 12, 5];
const choices: MethodChoice[] = [
  "pooled",
  "dSGD",
  "dAD",
  "edAD",
  { name: "rank-dAD", maxRank: 4 },
  { name: "rank-dAD", maxRank: 4, way: "twoWay" },
  { name: "rank-dAD", stop: "energy", energy: 0.9 },
  { name: "rank-dAD", compat: "edad" },
  { name: "rank-dAD", compat: "coinstac-dinunet" },
  "PowerSGD",
  { name: "PowerSGD", bias: "raw", warmStart: false },
];

const basic = (over: Partial<TrainOptions<Layer[], Sample>> = {}): TrainOptions<Layer[], Sample> => ({
  sites: sitesOf([8, 5, 3], 20, 5, "float32"),
  model: modelOf(mlp(WIDTHS, 3, "float32")),
  method: "dAD",
  optimiser: sgd(0.2),
  steps: 3,
  ...over,
});

describe("all sites", () => {
  for (const method of choices)
    it(`hold the same parameters, bit for bit, after every step: ${JSON.stringify(method)} (oracle 10)`, async () => {
      const run = await train(basic({ method, steps: 5 }));
      assert.equal(run.siteParams.length, 3);
      const [first, ...others] = run.siteParams.map(numbers);
      for (const other of others) assert.deepEqual(other, first);
      assert.notDeepEqual(first, numbers(mlp(WIDTHS, 3, "float32")));
    });

  it("would be found out if they did not", async () => {
    let calls = 0;
    const drifting = (params: Layer[], gradients: Layer[]) =>
      sgd(calls++ === 4 ? 0.2001 : 0.2)(params, gradients);
    await assert.rejects(train(basic({ optimiser: drifting })), {
      name: "SitesDivergedError",
      message: /^Sites "site 0" and "site 1" hold different parameters after step 1: \[0\]\.weight\[0\] is/,
    });
    calls = 0;
    await train(basic({ optimiser: drifting, checkIdentical: false }));
  });

  it("part when nothing is shared", async () => {
    const run = await train(basic({ method: "none" }));
    assert.notDeepEqual(numbers(run.siteParams[0]!), numbers(run.siteParams[1]!));
  });

  it("keep the state of an optimiser each", async () => {
    const momentum = {
      init: (params: Layer[]) =>
        params.map(({ weight, bias }) => ({ weight: weight.mul(0), bias: bias.mul(0) })),
      update(params: Layer[], gradients: Layer[], state: unknown) {
        const next = (state as Layer[]).map(({ weight, bias }, i) => ({
          weight: weight.mul(0.9).add(gradients[i]!.weight),
          bias: bias.mul(0.9).add(gradients[i]!.bias),
        }));
        return { params: sgd(0.1)(params, next), state: next };
      },
    };
    const [a, b] = await Promise.all((["dAD", "pooled"] as const).map((method) =>
      train(basic({ method, optimiser: momentum, sites: sitesOf([8, 8], 20, 5, "float32") })))); // prettier-ignore
    assert.deepEqual(numbers(a!.params), numbers(b!.params));
  });
});

describe("rank-dAD in a run", () => {
  const f64 = (method: MethodChoice, more: Partial<TrainOptions<Layer[], Sample>> = {}) =>
    train({ ...basic(more), sites: sitesOf([8, 8, 8], 20, 5), model: modelOf(mlp(WIDTHS, 3)), method, record: { error: true, spectra: "gradient" } }); // prettier-ignore

  it("is exact when its rank may be the true one (oracle 4)", async () => {
    const exact = numbers((await f64("pooled")).params);
    for (const iterations of [1, 5])
      for (const way of ["oneWay", "twoWay"] as const) {
        const maxRank = way === "oneWay" ? 16 : 24;
        const run = await f64({ name: "rank-dAD", maxRank, theta: 0, iterations, way });
        assert.ok(distance(numbers(run.params), exact) < 1e-12);
        assert.ok(run.trace().error.relative.every((error) => error < 1e-12));
      }
  });

  it("loses nothing more by compressing again at S times the rank (oracle 9)", async () => {
    const rank = { name: "rank-dAD", maxRank: 3, theta: 0, iterations: 40 } as const;
    const one = await f64(rank, { steps: 1 });
    const again = await f64({ ...rank, maxRank: 3, way: "twoWay" }, { steps: 1 });
    const [loses, losesMore] = [one, again].map((run) => run.trace().error.relative[0]!);
    assert.ok(loses! < losesMore!, "rank 3 of the sum is less than three times rank 3");
    const sum = await f64({ ...rank, maxRank: 24, way: "twoWay" }, { steps: 1 });
    assert.ok(sum.trace().error.relative.every((error) => error < 1e-12));
  });

  it("errs by at most ‖G‖ in all, and as compression at each site adds up (oracle 6)", async () => {
    for (const maxRank of [1, 2, 4, 8]) {
      const { relative, cosine } = (await f64({ name: "rank-dAD", maxRank, theta: 0 })).trace().error;
      assert.ok(relative.every((error) => error >= 0 && error < 1.001));
      assert.ok(cosine.every((c) => c > 0 && c <= 1 + 1e-12));
    }
  });

  it("has ranks within min(R, h + 1, h'), and within classes − 1 at the output (oracle 7)", async () => {
    for (const rows of [
      [3, 3],
      [8, 8],
      [30, 30],
    ]) {
      const run = await train({
        ...basic({ sites: sitesOf(rows, 20, 5), model: modelOf(mlp(WIDTHS, 3)), steps: 4 }),
        method: "dSGD",
        record: { spectra: "gradient", theta: 1e-10 },
      });
      const { effectiveRank, layers, recorded } = run.trace();
      for (let t = 0; t < recorded.length; t++)
        layers.forEach(({ inputs, outputs }, l) => {
          const most = Math.min(rows[0]!, inputs + 1, l === 2 ? outputs - 1 : outputs);
          for (let s = 0; s < 2; s++) {
            const rank = effectiveRank[(t * 3 + l) * 2 + s]!;
            assert.ok(rank >= 1 && rank <= most, `layer ${l}: ${rank} of ${most}`);
          }
        });
    }
  });

  it("says what it reproduces when it is to be as published, and misses the bias by far (trap 4)", async () => {
    const compat = { name: "rank-dAD", compat: "edad", maxRank: 32, iterations: 50 } as const;
    const run = await f64(compat, { steps: 1 });
    assert.equal(run.notes.length, 4);
    assert.match(
      run.trace().method.notes.join(" "),
      /a bias is the sum of compressed deltas, which is not its gradient/,
    );
    const unscaled = await f64({ name: "rank-dAD", compat: "coinstac-dinunet" }, { steps: 1 });
    assert.match(unscaled.notes.join(" "), /as many times too long as there are sites/);
    assert.ok(unscaled.trace().error.relative.every((error) => error > 1));
    await assert.rejects(f64({ name: "rank-dAD", compat: "edad", stop: "energy" }), { name: "OptionError" });
  });
});

describe("what is not an outer product", () => {
  interface Params {
    readonly table: Tensor;
    readonly gain: Tensor;
    readonly layer: Layer;
    readonly out: { readonly weight: Tensor };
    readonly scale: number;
  }
  const F64 = { dtype: "float64" } as const;
  const params: Params = {
    table: randomNormal(philox(1), [7, 6], F64),
    gain: tensor([1, 1.1, 0.9, 1, 1.2, 1], F64),
    layer: mlp([6, 4], 5)[0]!,
    // [h', h]: used as its transpose.
    out: { weight: randomNormal(philox(2), [3, 4], F64) },
    scale: 0.7,
  };
  type B = { readonly words: Tensor; readonly y: Tensor };
  const model: Model<Params, B> = {
    params,
    loss({ table, gain, layer, out, scale }, { words, y }) {
      const h = ops.layerNorm(ops.gather(table, words)).mul(gain).matmul(layer.weight).add(layer.bias).tanh();
      return ops.mul(h.matmul(out.weight.T), scale).sub(y).square().sum(2).mean();
    },
  };
  const batch = (seed: number, rows: number) => ({
    rows,
    data: {
      words: tensor(
        Int32Array.from(philox(seed).uniforms(rows * 2), (u) => Math.floor(7 * u)),
        [rows, 2],
      ),
      y: randomNormal(philox(seed, 1), [rows, 2, 3], F64),
    },
  });
  const run = (method: MethodChoice) =>
    train<Params, B>({
      sites: [0, 1].map((s) => ({ name: `s${s}`, batch: (step) => batch(10 * s + step, 4) })),
      model,
      method,
      optimiser: (p, g) => ({
        table: p.table.sub(g.table.mul(0.1)),
        gain: p.gain.sub(g.gain.mul(0.1)),
        layer: sgd(0.1)([p.layer], [g.layer])[0]!,
        out: { weight: p.out.weight.sub(g.out.weight.mul(0.1)) },
        scale: p.scale - 0.1 * g.scale,
      }),
      steps: 3,
    });
  const flat = ({ table, gain, layer, out, scale }: Params) =>
    [table, gain, layer.weight, layer.bias, out.weight].flatMap((t) => [...t.dataSync()]).concat(scale);

  it("is shared as it is and counted, so that embeddings and norms stay together, too", async () => {
    const pooled = flat((await run("pooled")).params);
    for (const method of ["dSGD", "dAD", { name: "rank-dAD", theta: 0, maxRank: 32 }] as const) {
      const { params: got, ledger } = await run(method);
      assert.ok(distance(flat(got), pooled) < 1e-13, JSON.stringify(method));
      const bytes = Object.fromEntries(ledger.rows().filter(({ site }) => site === "s0").map((row) => [row.layer, row])); // prettier-ignore
      assert.deepEqual(
        [bytes["table"]!.up, bytes["gain"]!.up, bytes["scale"]!.up],
        [3 * 42 * 8, 3 * 6 * 8, 3 * 8],
      );
      for (const row of ledger.rows()) assert.deepEqual([row.up, row.down], [row.upFormula, row.downFormula]);
    }
  });

  it("is told from the layers by checking, not by name", async () => {
    const { layers } = (await run("dAD")).trace();
    assert.deepEqual(
      layers.map(({ name, kind, inputs, outputs, hasBias }) => [name, kind, inputs, outputs, hasBias]),
      [
        ["layer.weight", "outer", 6, 4, true],
        ["out.weight", "outer", 4, 3, false],
        ["table", "raw", 42, 1, false],
        ["gain", "raw", 6, 1, false],
        ["scale", "raw", 1, 1, false],
      ],
    );
  });

  it("is a weight that a penalty uses, too: its gradient is not the product alone", async () => {
    const { model: plain } = basic();
    const decayed: Model<Layer[], Sample> = {
      ...plain,
      loss: (layers, batch) => plain.loss(layers, batch).add(layers[1]!.weight.square().sum().mul(1e-3)),
    };
    const { layers } = (await train(basic({ model: decayed }))).trace();
    assert.deepEqual(layers.map(({ name, kind }) => `${name} ${kind}`), ["[0].weight outer", "[2].weight outer", "[1].weight raw", "[1].bias raw"]); // prettier-ignore
    const [a, b] = await Promise.all(
      (["dAD", "dSGD"] as const).map((method) => train(basic({ model: decayed, method }))),
    );
    assert.ok(distance(numbers(a!.params), numbers(b!.params)) < 1e-6);
  });

  it("shows when a model changes what it does after the first step", async () => {
    let calls = 0;
    const { model: plain } = basic();
    const changing: Model<Layer[], Sample> = {
      ...plain,
      loss: (layers, batch) =>
        plain.loss(layers, batch).add(
          layers[1]!.weight
            .square()
            .sum()
            .mul(calls++ < 3 ? 0 : 1),
        ),
    };
    await assert.rejects(train(basic({ model: changing })), {
      name: "SharingError",
      message:
        /^The gradient of \[1\]\.weight was the product of its two factors in the first step, and is not any more/,
    });
  });
});

describe("a site that fails", () => {
  const failing = (what: (step: number) => void): Site<Layer[], Sample>[] =>
    sitesOf([8, 8, 8], 20, 5, "float32").map((site, s) =>
      s !== 1 ? site : { ...site, batch: (step) => (what(step), site.batch(step)) },
    );
  const broken = failing((step) => {
    if (step === 2) throw new Error("the disk is gone.");
  });

  it("is named, and ends the run with what had been done", async () => {
    await assert.rejects(
      train(basic({ sites: broken, steps: 4 })),
      (error: Error & { run?: { steps: number; trace(): object } }) => {
        // prettier-ignore
        assert.equal(error.name, "SiteFailedError");
        assert.equal(
          error.message,
          'Site "site 1" failed in step 2: Error: the disk is gone. Mend it, or go on without it: onFailure: "continue".',
        );
        assert.equal((error.cause as Error).message, "the disk is gone.");
        assert.equal(error.run!.steps, 2);
        assert.ok(error.run!.trace());
        return true;
      },
    );
  });

  it("is left out from there on, when the run is to go on", async () => {
    const run = await train(basic({ sites: broken, steps: 4, onFailure: "continue" }));
    assert.deepEqual(run.sites, ["site 0", "site 2"]);
    assert.deepEqual(run.failures.map(({ site, step }) => [site, step]), [["site 1", 2]]); // prettier-ignore
    const trace = run.trace();
    assert.deepEqual([...trace.rows], [8, 8, 8, 8, 8, 8, 8, 0, 8, 8, 0, 8]);
    assert.ok(Number.isNaN(trace.loss[7]) && trace.loss[6]! > 0);
    assert.deepEqual(trace.failures[0]!.site, 1);
    // The others go on as the pooled batch of the two.
    const pooled = await train(basic({ sites: broken, steps: 4, onFailure: "continue", method: "pooled" }));
    assert.ok(distance(numbers(run.params), numbers(pooled.params)) < 1e-6);
  });

  it("is one whose loss is not a number, before that spreads", async () => {
    const nan = failing(() => {});
    const sites = nan.map((site, s) => s !== 2 ? site : { ...site, batch: () => {
      const { rows, data } = batchOf(1, 8, 20, 5, "float32");
      return { rows, data: { ...data, x: data.x.mul(NaN) } };
    } }); // prettier-ignore
    await assert.rejects(train(basic({ sites })), { name: "SiteFailedError", message: /^Site "site 2" failed in step 0: RangeError: its loss is NaN/ }); // prettier-ignore
    const run = await train(basic({ sites, onFailure: "continue" }));
    assert.ok(numbers(run.params).every(Number.isFinite));
  });

  it("ends the run when it was the last", async () => {
    const sites = sitesOf([8], 20, 5, "float32").map((site) => ({ ...site, batch: () => { throw new DtypeError("no."); } })); // prettier-ignore
    await assert.rejects(train(basic({ sites, onFailure: "continue" })), { name: "SiteFailedError", message: /No site is left\.$/ }); // prettier-ignore
  });
});

describe("sites that do not fit", () => {
  const withOther = (model: Model<Layer[], Sample>) => {
    const [a, b] = sitesOf([4, 4], 20, 5, "float32");
    return basic({ sites: [a!, { ...b!, model }] });
  };

  it("are named with what differs: shapes, names, kinds of numbers, start", async () => {
    const cases: [Model<Layer[], Sample>, RegExp][] = [
      [modelOf(mlp([20, 16, 8, 5], 3, "float32")), /^\[1\]\.weight is \[16, 12\] \(float32\) at site "site 0" and \[16, 8\] \(float32\) at site "site 1"\. Build the model/], // prettier-ignore
      [modelOf(mlp([20, 16, 5], 3, "float32")), /^Site "site 0" has a parameter \[2\]\.weight, which site "site 1" has not/], // prettier-ignore
      [modelOf(mlp(WIDTHS, 3, "float64")), /float32.*float64/],
      [modelOf(mlp(WIDTHS, 3, "float32"), "tanh", "sum"), /^Site "site 1" has the loss of a batch as its sum, and site "site 0" as its mean/], // prettier-ignore
    ];
    for (const [model, message] of cases)
      await assert.rejects(train(withOther(model)), { name: "SiteMismatchError", message });
    await assert.rejects(train(withOther(modelOf(mlp(WIDTHS, 4, "float32")))), {
      name: "SitesDivergedError",
      message: /^Sites "site 0" and "site 1" hold different parameters at the start: \[0\]\.weight\[0\]/,
    });
  });

  it("do not hide an option that does not exist", async () => {
    const of = (over: object) => train({ ...basic(), ...over } as never);
    await assert.rejects(of({ step: 3 }), { name: "UnknownOptionError", message: /Did you mean "steps"/ });
    await assert.rejects(of({ method: "rank-dad" }), {
      name: "OptionError",
      message: /Did you mean "rank-dAD"/,
    });
    await assert.rejects(of({ method: { name: "rank-dAD", rank: 3 } }), { name: "UnknownOptionError" });
    await assert.rejects(of({ method: { name: "dAD", theta: 3 } }), { name: "UnknownOptionError" });
    await assert.rejects(of({ method: { name: "PowerSGD", rank: 0 } }), { name: "OptionError" });
    await assert.rejects(of({ record: { spectrum: true } }), {
      name: "UnknownOptionError",
      message: /"spectra"/,
    });
    await assert.rejects(of({ measure: { on: 3 } }), { name: "UnknownOptionError" });
    await assert.rejects(of({ onFailure: "ignore" }), { name: "OptionError" });
    await assert.rejects(of({ sites: [] }), { name: "OptionError", message: /at least one site/ });
    const [site] = sitesOf([4], 20, 5);
    await assert.rejects(of({ sites: [site, site] }), {
      name: "OptionError",
      message: /two are called "site 0"/,
    });
  });
});

describe("a run", () => {
  it("measures and reports on the way, and can be thinned", async () => {
    const losses: number[] = [];
    const { data } = batchOf(77, 20, 20, 5, "float32");
    const run = await train(
      basic({
        steps: 7,
        method: { name: "rank-dAD", maxRank: 6, theta: 0.01 },
        record: { every: 3, maxSingularValues: 4 },
        measure: { every: 2, of: (params) => ({ "test loss": modelOf(params).loss(params, data).item() }) },
        onStep: ({ loss }) => losses.push(loss),
      }),
    );
    assert.equal(losses.length, 7);
    assert.deepEqual([...run.measures[0]!.steps], [1, 3, 5, 6]);
    const trace = run.trace();
    assert.deepEqual([...trace.recorded], [0, 3, 6]);
    assert.deepEqual(trace.omissions.map(({ what, kept, of }) => [what, kept, of]), [["singular values", 4, 6], ["steps", 3, 7]]); // prettier-ignore
    assert.deepEqual([trace.method.theta, trace.method.options], [0.01, ["maxRank = 6", "theta = 0.01"]]);
    // Sums from the start: what was thinned out is in them.
    const last = trace.bytes.up.subarray(2 * 3 * 3).reduce((a, b) => a + b);
    assert.equal(last, run.ledger.total().up);
    const first = trace.bytes.up.subarray(0, 3 * 3).reduce((a, b) => a + b);
    assert.ok(first > 0 && first < last / 5, `${first} of ${last}`);
  });

  it("reports the mean loss of the rows, whether the loss of a model is their mean or their sum", async () => {
    const of = async (reduction: "mean" | "sum") => {
      const told: number[] = [];
      const model = modelOf(mlp(WIDTHS, 3), "tanh", reduction);
      await train(basic({ sites: sitesOf([8, 5], 20, 5), model, onStep: ({ loss }) => told.push(loss) }));
      return told;
    };
    const [mean, sum] = [await of("mean"), await of("sum")];
    assert.ok(distance(mean, sum) < 1e-12);
  });

  it("warns that dAD is not private, and does not of what sends no samples", async () => {
    assert.match(
      (await train(basic())).notes[0]!,
      /the input of the first layer is the data.*keeps nothing private/,
    );
    assert.deepEqual((await train(basic({ method: "dSGD" }))).notes, []);
  });

  it("leaves gradients of other code alone", () => {
    assert.equal(grad((x: Tensor) => x.square().sum())(tensor([3])).item(), 6);
  });
});
