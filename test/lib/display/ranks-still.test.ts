/** The still picture of a distributed run. */
import assert from "node:assert/strict";

import { rasterise } from "cotangent";
import { type RanksTrace } from "cotangent/trace";
import { extremes } from "../../../lib/src/display/line-chart-svg.js";
import { ranksSvg } from "../../../lib/src/display/ranks-svg.js";
import { ranksTrace } from "../../support/ranks-trace.js";

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe("the points of a long curve", () => {
  it("keep every peak, also beside what is not known", () => {
    for (const [peak, gap] of [
      [1500, 1501],
      [1500, 1498],
      [0, 1],
      [2999, 2998],
    ] as const) {
      const values = Float64Array.from({ length: 3000 }, (_, k) =>
        k === peak ? 100 : k === gap ? NaN : Math.sin(k),
      );
      const kept = extremes(values);
      assert.ok(kept.includes(peak) && kept.includes(gap), `${peak} beside ${gap}`);
      assert.ok(kept.length <= 810);
    }
  });
});

describe("the still picture of a run", () => {
  it("draws the effective rank of each layer with its ceiling, and what was reached for the bytes", () => {
    const svg = ranksSvg(ranksTrace());
    assert.match(svg, /<title id="title">Distributed run: rank-dAD<\/title>/);
    assert.equal(count(svg, /stroke-dasharray="2 3"/g), 2, "a ceiling for each of two layers");
    assert.equal(count(svg, /<path [^>]*stroke-width="1.8"/g), 3, "two ranks and the accuracy");
    assert.ok(texts(svg).includes("accuracy") && texts(svg).includes("MB sent up, by all sites"));
    assert.equal(ranksSvg(ranksTrace()), svg, "the same for the same trace");
  });

  it("has the other runs of a comparison beside it, by name", () => {
    const trace = ranksTrace();
    const { steps, values, name: measure } = trace.measures[0]!;
    const up = Float64Array.from(steps, (step) => 1e6 * (step + 1));
    const svg = ranksSvg({ ...trace, others: [{ name: "dSGD", measure, steps, up, down: up, values }] });
    assert.ok(texts(svg).includes("dSGD"));
    assert.equal(count(svg, /<path [^>]*stroke-width="1.8"/g), 4);
  });

  it("draws the bytes where nothing was measured and no rank is known", () => {
    const trace: RanksTrace = { ...ranksTrace({ singularValues: 0 }), measures: [], others: [] };
    const none = { ...trace, effectiveRank: trace.effectiveRank.map(() => NaN) };
    const svg = ranksSvg(none);
    assert.deepEqual(texts(svg).filter((text) => /^(MB sent|effective)/.test(text)), ["MB sent"]); // prettier-ignore
    assert.ok(texts(svg).includes("up, by all sites") && texts(svg).includes("down"));
  });

  it("names a site that died, and takes every name as text", async () => {
    const trace = ranksTrace({ sites: ["<img src=x>", "there"], names: ["<b>", "two"] });
    const svg = ranksSvg({ ...trace, status: "stopped", failures: [{ site: 0, step: 20, message: "the <i>line</i> went dead" }] }); // prettier-ignore
    assert.ok(texts(svg).some((text) => /failed at step 20/.test(text)));
    assert.ok(texts(svg).some((text) => /60 steps, stopped/.test(text)));
    assert.doesNotMatch(svg, /<(img|b|i)[ >]/);
    assert.deepEqual([...(await rasterise(svg)).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  });

  it("draws a measure that was taken at very many steps", () => {
    const steps = Int32Array.from({ length: 300_000 }, (_, k) => Math.min(59, Math.floor(k / 5000)));
    const values = Float64Array.from(steps, (_, k) => 1 - 1 / (k + 1));
    const trace = ranksTrace();
    assert.ok(ranksSvg({ ...trace, measures: [{ name: "accuracy", steps, values }] }).length < 100_000);
  });

  it("draws a run of one step", () => {
    assert.match(ranksSvg(ranksTrace({ steps: 1 })), /<circle/);
  });
});
