/** What a notebook shows of a distributed run. */
import assert from "node:assert/strict";

import { philox, randomNormal, type Tensor } from "cotangent";
import { train } from "cotangent/dad";
import { ceilingsOf, decodeRanksTrace, meanOverSites, RANKS_MIME } from "cotangent/trace";
import { ranksFigure } from "../../../lib/src/display/ranks-figure.js";
import { ranksSummary } from "../../../lib/src/display/ranks-summary.js";

const PLOTLY = "application/vnd.plotly.v1+json";
const site = (name: string, seed: number) => ({
  name,
  batch: (step: number) => ({ rows: 8, data: randomNormal(philox(seed, step), [8, 6]) as Tensor }),
});
const run = (method: Parameters<typeof train>[0]["method"], steps = 5) =>
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
  });
const DISPLAY = Symbol.for("Jupyter.display") as never;
const shown = (of: unknown) => (of as Record<symbol, () => Record<string, unknown>>)[DISPLAY]!();

describe("a distributed run in a notebook", () => {
  it("is a figure, the trace, and words", async () => {
    const made = await run({ name: "rank-dAD", maxRank: 2 });
    const bundle = shown(made);
    assert.deepEqual(Object.keys(bundle).sort(), [PLOTLY, RANKS_MIME, "text/plain"].sort());
    assert.equal(decodeRanksTrace(bundle[RANKS_MIME]).steps, 5);
    assert.match(String(bundle["text/plain"]), /rank-dAD[^]*2: here, there[^]*effective rank/);
    JSON.stringify(bundle[PLOTLY]);
  });

  it("draws the effective rank with its ceiling, and the bytes of the ledger", async () => {
    const made = await run({ name: "rank-dAD", maxRank: 2 });
    const trace = made.trace();
    const { data } = ranksFigure(trace);
    const line = data[0]! as { y: number[]; x: number[] };
    assert.deepEqual(line.x, [0, 1, 2, 3, 4]);
    assert.ok(line.y.every((rank) => rank >= 1 && rank <= 2));
    assert.ok(
      ceilingsOf(trace).every((ceiling) => ceiling === 2),
      "the narrower width of 6 × 2",
    );
    const up = data.find(({ name }) => name === "up (all sites)") as { y: number[] };
    assert.equal(up.y.at(-1), made.ledger.total().up / 1e6);
  });

  it("draws the bytes alone for a method that looks at no ranks", async () => {
    const made = await run("dAD");
    const figure = ranksFigure(made.trace());
    const isKnown = meanOverSites(made.trace(), made.trace().effectiveRank, 0).y.some((y) => y !== null);
    assert.equal("yaxis" in figure.layout, isKnown);
  });

  it("hands no markup to Plotly, which would draw it", async () => {
    const text = JSON.stringify(ranksFigure((await run("dSGD")).trace()));
    assert.ok(!/[<>]/.test(text));
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
