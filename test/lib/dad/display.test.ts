/** What a notebook shows of a distributed run. */
import assert from "node:assert/strict";

import { philox, randomNormal, type Tensor } from "cotangent";
import { compareRuns, type MethodChoice, train } from "cotangent/dad";
import { ceilingsOf, decodeRanksTrace, meanOverSites, RANKS_MIME } from "cotangent/trace";
import { ranksFigure } from "../../../lib/src/display/ranks-figure.js";
import { ranksSummary } from "../../../lib/src/display/ranks-summary.js";

const PLOTLY = "application/vnd.plotly.v1+json";
const site = (name: string, seed: number) => ({
  name,
  batch: (step: number) => ({ rows: 8, data: randomNormal(philox(seed, step), [8, 6]) as Tensor }),
});
const run = (
  method: MethodChoice,
  steps = 5,
  live?: (value: unknown) => { update(value: unknown): unknown },
) =>
  train({
    sites: [site("here", 1), site("there", 2)],
    model: {
      params: { weight: randomNormal(philox(3), [6, 2]) as Tensor },
      loss: ({ weight }, x: Tensor) => x.matmul(weight).matmul(weight.T).sub(x).square().sum(1).mean(),
    },
    method,
    optimiser: (params, gradient) => ({ weight: params.weight.sub(gradient.weight.mul(0.01)) }),
    steps,
    measure: { every: 2, of: () => ({ "<b>score</b>": 0.5 }) },
    ...(live !== undefined && { live }),
  });
const DISPLAY = Symbol.for("Jupyter.display") as never;
const shown = (of: unknown) => (of as Record<symbol, () => Record<string, unknown>>)[DISPLAY]!();

describe("a distributed run in a notebook", () => {
  it("is a figure, the trace, a still picture, and words", async () => {
    const made = await run({ name: "rank-dAD", maxRank: 2 });
    const bundle = shown(made);
    assert.deepEqual(Object.keys(bundle).sort(), [PLOTLY, RANKS_MIME, "image/png", "text/plain"].sort());
    assert.equal(decodeRanksTrace(bundle[RANKS_MIME]).steps, 5);
    assert.match(String(bundle["text/plain"]), /rank-dAD[^]*2: here, there[^]*effective rank/);
    JSON.stringify(bundle[PLOTLY]);
  });

  it("draws the effective rank with its ceiling, however far above, and the bytes of the ledger beside their formula", async () => {
    const made = await run({ name: "rank-dAD", maxRank: 1 });
    const trace = made.trace();
    const { data } = ranksFigure(trace);
    const [line, ceiling] = data as { y: number[]; x: number[] }[];
    assert.deepEqual(line!.x, [0, 1, 2, 3, 4]);
    assert.ok(line!.y.every((rank) => rank === 1));
    assert.deepEqual(ceiling!.y, [2, 2, 2, 2, 2], "the narrower width of 6 × 2, twice the rank");
    const named = (wanted: string) => data.find(({ name }) => name === wanted) as { y: number[] };
    assert.equal(named("up (all sites)").y.at(-1), made.ledger.total().up / 1e6);
    assert.equal(named("by formula").y.at(-1), made.ledger.total().up / 1e6);
  });

  it("knows that a layer has a row for every sample and every place in it", async () => {
    // Each sample is a list of 3 vectors of 6 numbers: 4 samples are 12 rows.
    const at = (name: string, seed: number) => ({
      name,
      batch: (step: number) => ({ rows: 4, data: randomNormal(philox(seed, step), [4, 3, 6]) as Tensor }),
    });
    const made = await train({
      sites: [at("here", 1), at("there", 2)],
      model: {
        params: { weight: randomNormal(philox(3), [6, 6]) as Tensor },
        loss: ({ weight }, x: Tensor) => x.matmul(weight).sub(x).square().sum([1, 2]).mean(),
      },
      method: { name: "rank-dAD", maxRank: 6 },
      optimiser: (params, gradient) => ({ weight: params.weight.sub(gradient.weight.mul(0.01)) }),
      steps: 1,
    });
    const trace = made.trace();
    assert.deepEqual([...trace.factorRows], [12, 12]);
    assert.deepEqual([...ceilingsOf(trace)], [6, 6], "not 4, the number of samples");
  });

  it("marks the first layer, whose input is the data", async () => {
    const made = await train({
      sites: [site("here", 1)],
      model: {
        params: [randomNormal(philox(3), [6, 4]) as Tensor, randomNormal(philox(4), [4, 6]) as Tensor],
        loss: ([first, second], x: Tensor) =>
          x.matmul(first!).tanh().matmul(second!).sub(x).square().sum(1).mean(),
      },
      method: { name: "rank-dAD", maxRank: 2 },
      optimiser: (params, gradient) => params.map((each, i) => each.sub(gradient[i]!.mul(0.01))),
      steps: 2,
    });
    const names = ranksFigure(made.trace()).data.map(({ name }) => String(name));
    assert.deepEqual(
      names.filter((name) => name.includes("◆ first layer")),
      ["[0] ◆ first layer", "ceiling of [0] ◆ first layer"],
    );
  });

  it("draws the bytes alone for a method that looks at no ranks", async () => {
    const made = await run("dAD");
    const figure = ranksFigure(made.trace());
    const isKnown = meanOverSites(made.trace(), made.trace().effectiveRank, 0).y.some((y) => y !== null);
    assert.equal("yaxis" in figure.layout, isKnown);
  });

  it("hands no markup to Plotly, which would draw it: the text appears as it is", async () => {
    const text = JSON.stringify(ranksFigure((await run("dSGD")).trace()));
    assert.ok(!/[<>]/.test(text));
    assert.ok(text.includes("&#60;b&#62;score&#60;/b&#62;"));
  });

  it("rounds what was measured to what can be read", async () => {
    const trace = (await run("dSGD")).trace();
    const measures = [{ name: "accuracy", steps: Int32Array.of(4), values: Float64Array.of(2 / 3) }];
    assert.match(ranksSummary({ ...trace, measures }), /accuracy\s+0\.667$/);
  });

  it("averages sites and steps, and leaves a gap where nothing is known", async () => {
    const trace = (await run("dSGD", 3)).trace();
    const [L, S] = [trace.layers.length, trace.sites.length];
    const values = new Float32Array(3 * L * S).fill(NaN);
    values.set([1, 3], 0);
    const { y } = meanOverSites(trace, values, 0);
    assert.equal(y[0], 2);
    assert.deepEqual(y.slice(1), [null, null]);
  });

  it("says how many steps and bytes there were", async () => {
    assert.match(ranksSummary((await run("dSGD")).trace()), /steps\s+5\n\s+sent\s+\d+ B up/);
  });
});

describe("a distributed run that is shown while it goes on", () => {
  it("is a trace that says so, and ends as the run itself", async () => {
    const values: unknown[] = [];
    const live = (value: unknown) => {
      values.push(value);
      return { update: (next: unknown) => values.push(next) };
    };
    const made = await run("dSGD", 5, live);
    assert.equal(values.at(-1), made);
    const first = shown(values[0]);
    assert.equal(decodeRanksTrace(first[RANKS_MIME]).status, "running");
    assert.match(String(first["text/plain"]), /steps\s+1 so far: it is RUNNING/);
    assert.equal(made.trace().status, "done");
  });

  it("refuses what cannot show anything", async () => {
    await assert.rejects(run("dSGD", 1, true as never), { name: "OptionError" });
  });
});

describe("several runs beside each other", () => {
  it("are one trace with the curves of the others, the ranks of the first that knows them", async () => {
    const [whole, ranked] = [await run("dSGD"), await run({ name: "rank-dAD", maxRank: 1 })];
    const compared = compareRuns({ whole, "rank-dAD, 1": ranked });
    const bundle = shown(compared);
    assert.deepEqual(Object.keys(bundle).sort(), [PLOTLY, RANKS_MIME, "image/png", "text/plain"].sort());
    const trace = decodeRanksTrace(bundle[RANKS_MIME]);
    assert.equal(trace.method.name, "rank-dAD, 1");
    assert.deepEqual(
      trace.others.map(({ name }) => name),
      ["whole"],
    );
    assert.equal(trace.others[0]!.up.at(-1), whole.ledger.total().up);
    assert.match(String(bundle["text/plain"]), /beside it\s+whole: <b>score<\/b> 0\.5 for/);
  });

  it("must be two at least, that measured the same", async () => {
    const one = await run("dSGD");
    assert.throws(() => compareRuns({ one }), { name: "OptionError", message: /two runs or more.*got 1/ });
    assert.throws(() => compareRuns({ one, other: one }, "recall"), {
      name: "OptionError",
      message: /"one" did not measure "recall"/,
    });
  });
});
