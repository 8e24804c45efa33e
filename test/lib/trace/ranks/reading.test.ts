/** What is read out of a ranks trace: ranks at another θ, ceilings, curves. */
import assert from "node:assert/strict";
import { ceilingsOf, curveOf, effectiveRank, ranksAt, type RanksTrace, sentUntil } from "cotangent/trace";
import { ranksTrace } from "../../../support/ranks-trace.js";

/** One step, layer and site, with the σ given. */
const of = (sigma: readonly number[], change: Partial<RanksTrace> = {}): RanksTrace => {
  const trace = ranksTrace({ steps: 1, sites: 1, widths: [[8, 8]], rows: 8, singularValues: sigma.length });
  return { ...trace, spectra: { of: "gradient", values: Float32Array.from(sigma) }, ...change };
};

describe("the effective rank at another θ", () => {
  it("counts the singular values that reach θ·σ₁", () => {
    const trace = of([4, 2, 1, 0.5]);
    for (const [theta, count] of [
      [0.9, 1],
      [0.5, 2],
      [0.25, 3],
      [0.2, 3],
      [0, 4],
    ] as const)
      assert.equal(ranksAt(trace, theta).ranks[0], count, `θ ${theta}`);
  });

  it("is what the run itself counts at its own θ, to the last cell", () => {
    const trace = ranksTrace();
    const again = ranksAt({ ...trace, method: { ...trace.method, theta: 0.5 } }, trace.method.theta);
    assert.deepEqual(again.ranks, trace.effectiveRank);
  });

  it("never rises as θ rises", () => {
    const trace = ranksTrace();
    let before = ranksAt(trace, 0).ranks;
    for (const theta of [1e-4, 1e-3, 0.01, 0.1, 0.3, 0.9]) {
      const { ranks } = ranksAt(trace, theta);
      assert.ok(ranks.every((rank, i) => rank <= before[i]! && rank >= 1));
      before = ranks;
    }
  });

  it("is not known where no singular value is, and 0 where all are 0", () => {
    assert.deepEqual([...ranksAt(of([NaN, NaN]), 0.1).ranks], [NaN]);
    assert.deepEqual([...ranksAt(of([0, 0]), 0.1).ranks], [0]);
  });

  it("lets no NaN among the values hide the others", () => {
    assert.equal(effectiveRank([NaN, 4, 3, NaN], 0.5), 2);
    assert.equal(ranksAt(of([NaN, 4, 3, NaN]), 0.5).ranks[0], 2);
  });

  it("is a lower bound where the method had stopped looking, or not all are stored", () => {
    const found = of([4, 2, NaN], { spectra: { of: "found", values: Float32Array.of(4, 2, NaN) } });
    assert.equal(ranksAt(found, 0.01).isOpen[0], 1, "below the θ of the method, 0.05");
    assert.equal(ranksAt(found, 0.1).isOpen[0], 0, "above it");
    assert.equal(ranksAt(of([4, 2]), 0.01).isOpen[0], 1, "two of eight are stored");
    assert.equal(ranksAt(of([4, 2, NaN]), 0.01).isOpen[0], 0, "there are but two");
  });
});

describe("the ceiling of a rank", () => {
  it("is the least of the widths and the rows of the factors, which are samples × time", () => {
    const trace = ranksTrace({ steps: 1, sites: 1, widths: [[40, 32]], rows: 24 });
    assert.deepEqual([...trace.rows], [16], "samples");
    assert.deepEqual([...ceilingsOf(trace)], [24]);
    assert.deepEqual(
      [...ceilingsOf(ranksTrace({ steps: 1, sites: 1, widths: [[40, 32]], rows: 999 }))],
      [32],
    );
  });

  it("counts the column of a bias", () => {
    const trace = ranksTrace({ steps: 1, sites: 1, widths: [[3, 8]], rows: 99 });
    const biased = { ...trace, layers: trace.layers.map((layer) => ({ ...layer, hasBias: true })) };
    assert.deepEqual([...ceilingsOf(biased)], [4]);
  });

  it("is that of the widths in a trace of version 1.0, which does not tell the rows", () => {
    const trace = ranksTrace({ steps: 1, sites: 1, widths: [[40, 32]] });
    assert.deepEqual([...ceilingsOf({ ...trace, factorRows: Int32Array.of(0) })], [32]);
  });

  it("is not known for a site that took no part, and for what is no product of factors", () => {
    const trace = ranksTrace({ steps: 1, sites: 2, widths: [[4, 4]] });
    assert.deepEqual([...ceilingsOf({ ...trace, rows: Int32Array.of(0, 16) })], [NaN, 4]);
    const raw = { ...trace, layers: [{ ...trace.layers[0]!, kind: "raw" as const }] };
    assert.deepEqual([...ceilingsOf(raw)], [NaN, NaN]);
  });
});

describe("the curve of a measure", () => {
  it("stands over the bytes sent by then, of the last recorded step where that one is not", () => {
    const trace = ranksTrace({ steps: 4 });
    const measure = { name: "accuracy", steps: Int32Array.of(1, 3), values: Float64Array.of(0.5, 0.9) };
    const sent = (t: number) => sentUntil(trace, trace.bytes.up, t);
    assert.deepEqual([...curveOf(trace, measure, "x").up], [sent(1), sent(3)]);
    const sparse = { ...trace, recorded: Int32Array.of(0, 2, 4, 6) };
    assert.deepEqual([...curveOf(sparse, measure, "x").up], [sent(0), sent(1)]);
  });
});
