import assert from "node:assert/strict";
import { CONFIG, type Look } from "../../../extensions/views/src/ranks/look.js";
import { curvesOf, measurePanel } from "../../../extensions/views/src/ranks/measure-curve.js";
import { ranksModel } from "../../../extensions/views/src/ranks/model.js";
import { panels } from "../../../extensions/views/src/ranks/panels.js";
import type { Place } from "../../../extensions/views/src/ranks/panel.js";
import { type Chart, plotlyText } from "../../../extensions/views/src/ranks/plotly.js";
import { layersDrawn, rankLines } from "../../../extensions/views/src/ranks/rank-lines.js";
import { sigmaMap, sigmaPanel } from "../../../extensions/views/src/ranks/sigma-map.js";
import { HIGHEST, LOWEST, positionOf, thetaAt } from "../../../extensions/views/src/common/theta.js";
import { offFormula, trafficAt, trafficPanel } from "../../../extensions/views/src/ranks/traffic-bars.js";
import { byteCount, notes, openCounts, verdict } from "../../../extensions/views/src/ranks/wording.js";
import type { RanksTrace } from "cotangent/trace";
import { ranksTrace } from "../../support/ranks-trace.js";

const look: Look = {
  scheme: "light",
  page: [255, 255, 255],
  text: "#333",
  faint: "#777",
  line: "#ddd",
  font: "sans-serif",
  width: 500,
};
const trace = ranksTrace();
const model = ranksModel(trace);
const at = (change: Partial<Place> = {}): Place => ({
  frame: 59,
  step: 59,
  theta: 0.05,
  layer: 0,
  ...change,
});
const chartOf = (panel: (typeof panels)[number], of: RanksTrace, place = at()): Chart => {
  const chart = panel.chart(ranksModel(of), place, look);
  if (typeof chart === "string") assert.fail(chart);
  return chart;
};
const noted = (of: RanksTrace) => notes(ranksModel(of), of.layers.length);

describe("the θ slider", () => {
  it("is logarithmic, in numbers of two digits, and 0 at its foot", () => {
    assert.deepEqual([-1, -1.3, -3, -0.5].map(thetaAt), [0.1, 0.05, 0.001, 0.32]);
    assert.equal(thetaAt(LOWEST), 0);
    assert.equal(positionOf(0), LOWEST);
    assert.ok(thetaAt(HIGHEST) < 1);
  });
  it("finds the place of every θ that it gives", () => {
    for (let position = LOWEST + 0.05; position < HIGHEST; position += 0.05)
      assert.ok(Math.abs(positionOf(thetaAt(position)) - position) < 0.025, String(position));
  });
});

describe("the lines of effective ranks", () => {
  it("are the means over the sites, each under its ceiling", () => {
    const [bound, line] = chartOf(rankLines, trace).data as unknown as { y: number[] }[];
    const mean = (t: number) => (trace.effectiveRank[4 * t]! + trace.effectiveRank[4 * t + 1]!) / 2;
    assert.deepEqual(
      line!.y,
      Array.from({ length: 60 }, (_, t) => mean(t)),
    );
    assert.ok(line!.y.every((rank, t) => rank <= bound!.y[t]!));
  });
  it("keep a ceiling in sight that is near, and write down one that is far above", () => {
    const of = (rows: number) =>
      chartOf(rankLines, ranksTrace({ rows, widths: [[784, 512]] })).layout as unknown as {
        annotations: { text: string; yref: string }[];
        yaxis: { range: number[] };
      };
    assert.deepEqual(
      [of(16).annotations[0]!.text, of(16).annotations[0]!.yref],
      ["ceiling 16 (rows of the batch)", "y"],
    );
    assert.ok(of(16).yaxis.range[1]! > 16);
    assert.deepEqual(
      [of(900).annotations[0]!.text, of(900).annotations[0]!.yref],
      ["↑ ceiling 512 (outputs)", "paper"],
    );
    assert.ok(of(900).yaxis.range[1]! <= 20);
  });
  it("stand on the same axis whatever θ is", () => {
    const range = (theta: number) =>
      (chartOf(rankLines, trace, at({ theta })).layout["yaxis"] as { range: number[] }).range;
    assert.deepEqual(range(0.8), range(0.05));
  });
  it("write a ceiling that is a mean in few digits", () => {
    const rows = trace.factorRows.map((_, i) => [16, 17, 17][i % 3]!);
    const three = { ...ranksTrace({ sites: 3, widths: [[40, 32]] }) };
    const layout = chartOf(rankLines, { ...three, factorRows: rows.slice(0, three.factorRows.length) })
      .layout as unknown as { annotations: { text: string }[] };
    assert.equal(layout.annotations[0]!.text, "ceiling 16.7 (rows of the batch)");
  });
  it("are not more than can be followed", () => {
    const deep = ranksModel(ranksTrace({ steps: 2, widths: Array.from({ length: 50 }, () => [8, 8]) }));
    const drawn = layersDrawn(deep);
    assert.deepEqual([drawn.length, drawn[0], drawn.at(-1), new Set(drawn).size], [12, 0, 49, 12]);
    assert.match(notes(deep, 12).join(" "), /12 of 50 layers are drawn/);
  });
  it("say where the counts are lower bounds, and why", () => {
    const found = ranksModel(ranksTrace({ spectra: "found", rows: 99, singularValues: 8 }));
    assert.equal(openCounts(found, at()), "");
    assert.match(
      openCounts(found, at({ theta: 1e-6 })),
      /lower bound: the method looked for nothing below its own θ, 0\.05/,
    );
    const cut = ranksModel(ranksTrace({ rows: 99, singularValues: 4 }));
    assert.match(openCounts(cut, at({ theta: 0 })), /only the 4 largest singular values are stored/);
  });
});

describe("the map of singular values", () => {
  it("is log10 of their means over the sites, by index and step", () => {
    const { x, z } = sigmaMap(model, 1);
    assert.deepEqual([x.length, z.length], [60, 6]);
    const sigma = (t: number, s: number, j: number) => trace.spectra.values[((t * 2 + 1) * 2 + s) * 16 + j]!;
    assert.equal(z[3]![7], Math.log10((sigma(7, 0, 3) + sigma(7, 1, 3)) / 2));
  });
  it("has no colour for 0 and for what is not there, and a cross for what is not finite", () => {
    const values = trace.spectra.values.slice();
    values[0] = NaN;
    values[1] = 0;
    values[17] = 0;
    const broken = { ...trace, spectra: { ...trace.spectra, values } };
    const map = sigmaMap(ranksModel(broken), 0);
    assert.ok(Number.isNaN(map.z[0]![0]) && map.hasBad);
    assert.equal(map.z[1]![0], null);
    assert.equal(chartOf(sigmaPanel, broken).data[1]!["name"], "NaN or ∞");
  });
  it("draws a run of ten thousand steps in as many columns as there are pixels for", () => {
    const long = ranksModel(ranksTrace({ steps: 10_000, sites: 1, widths: [[4, 4]], singularValues: 4 }));
    const { x } = sigmaMap(long, 0);
    assert.deepEqual([x.length, x.at(-1)], [240, 9999]);
  });
});

describe("what was reached for the bytes", () => {
  const other = (name: string, factor: number, measure = "accuracy") => ({
    name,
    measure,
    steps: Int32Array.of(0, 59),
    up: Float64Array.of(1, 2).map((mb) => mb * 1e6 * factor),
    down: Float64Array.of(0, 0),
    values: Float64Array.of(0.1, 0.9),
  });
  it("stands beside other runs that measured the same", () => {
    const { curves } = curvesOf(
      ranksModel({ ...trace, others: [other("dSGD", 1), other("x", 1, "recall")] }),
    );
    assert.deepEqual(
      curves.map(({ name }) => name),
      ["rank-dAD", "dSGD"],
    );
  });
  it("is on a logarithmic axis where sums are far apart, unless one of them is nothing", () => {
    const axisType = (...factors: number[]) =>
      (
        chartOf(measurePanel, { ...trace, others: factors.map((factor) => other("x", factor)) }).layout[
          "xaxis"
        ] as { type?: string }
      ).type;
    assert.equal(axisType(1), undefined);
    assert.equal(axisType(1, 50), "log");
    assert.equal(axisType(0, 50), undefined);
  });
});

describe("the traffic", () => {
  it("is the ledger's, by layer and site, beside the closed formulas", () => {
    const { up, sites, layers } = trafficAt(model, 30);
    assert.deepEqual(
      [sites, layers],
      [
        ["site 0", "site 1"],
        ["[0] ◆", "[1]"],
      ],
    );
    assert.deepEqual(up, [
      [trace.bytes.up[120], trace.bytes.up[122]],
      [trace.bytes.up[121], trace.bytes.up[123]],
    ]);
    assert.match(trafficPanel.caption(model, at()), /closed formula, the same to the byte/);
  });
  it("says how far the formulas are off", () => {
    const upFormula = trace.bytes.upFormula.slice();
    upFormula[4 * 59 + 2]! += 1500;
    const off = ranksModel({ ...trace, bytes: { ...trace.bytes, upFormula } });
    assert.equal(offFormula(off, 59), 1500);
    assert.match(trafficPanel.caption(off, at()), /up to 1\.5 kB apart/);
  });
  it("sums up the sites and layers that have no room", () => {
    const many = ranksModel(
      ranksTrace({ steps: 1, sites: 40, widths: Array.from({ length: 30 }, (_, l) => [99 - l, 8]) }),
    );
    const { sites, layers, up } = trafficAt(many, 0);
    assert.deepEqual([sites.at(-1), layers.at(-1)], ["34 other sites", "21 other layers"]);
    const sum = up.flat().reduce((a, b) => a + b, 0);
    assert.equal(
      sum,
      many.trace.bytes.up.reduce((a, b) => a + b, 0),
    );
  });
});

describe("text in a chart", () => {
  it("has no sign left that plotly.js would read", () => {
    assert.equal(plotlyText("<b>%{x} $a$ &lt;"), "&#60;b&#62;&#37;{x} &#36;a&#36; &#38;lt;");
    const evil = "<b>%{x}</b> $a$";
    const of = {
      ...ranksTrace({ names: [evil, evil], sites: [evil, evil] }),
      measures: [{ ...trace.measures[0]!, name: evil }],
    };
    const wicked = { ...of, method: { ...of.method, name: evil } };
    for (const panel of panels) {
      const chart = chartOf(panel, wicked);
      assert.ok(!/<\/?b>|\$a\$/.test(JSON.stringify(chart)), panel.name);
    }
  });
  it("leads nowhere else", () => assert.ok(!CONFIG.showSendToCloud && !CONFIG.displaylogo));
});

describe("the words of a distributed run", () => {
  const said = (of: RanksTrace) => verdict(ranksModel(of));
  it("tell how it ended and what it cost", () => {
    assert.equal(said(trace).title, "rank-dAD, 60 steps at 2 sites");
    assert.deepEqual(said(trace).details, ["554 kB up, 1.11 MB down", "approximate"]);
    assert.match(said({ ...trace, status: "running" }).title, /is running: 60 steps so far/);
    assert.equal(said({ ...trace, status: "stopped" }).level, "warning");
  });
  it("tell of sites that failed, and of what was left out", () => {
    const failures = [{ site: 1, step: 20, message: "gone" }];
    const omissions = [{ what: "steps", kept: 60, of: 900, reason: "bounded" }];
    const of = { ...trace, failures, omissions };
    assert.deepEqual([said(of).level, said(of).details[0]], ["bad", "1 site of 2 failed"]);
    assert.match(
      noted(of).join("\n"),
      /Site site 1 failed in step 20: gone\n60 of 900 steps stored: bounded\./,
    );
  });
  it("mark the first layer, whose input is the data", () => {
    assert.match(noted(trace).at(-1)!, /◆ \[0\] is the first layer: its input is the data/);
  });
  it("write bytes in steps of a thousand", () => {
    assert.deepEqual([0, 999, 1000, 1.5e6, 2e13, NaN].map(byteCount), [
      "0 B",
      "999 B",
      "1 kB",
      "1.5 MB",
      "20 TB",
      "? B",
    ]);
  });
});
