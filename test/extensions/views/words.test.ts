import assert from "node:assert/strict";
import { curveTitle, notes, verdict } from "../../../extensions/views/src/attention/wording.js";
import { summarise } from "../../../extensions/views/src/attention/summary.js";
import { spokenReading } from "../../../extensions/views/src/attention/readout.js";
import { describe as describeMatrix } from "../../../extensions/views/src/attention/alternative.js";
import { legendTicks } from "../../../extensions/views/src/attention/legend.js";
import { formatChange, formatWeight } from "../../../extensions/views/src/common/format.js";
import { elide, labelStride, visibleToken } from "../../../extensions/views/src/common/labels.js";
import { type AttentionTrace, residualCurve } from "cotangent/trace";
import { attentionTrace, editWeights, thinned } from "../../support/attention-trace.js";

const perCharacter = (text: string) => Array.from(text).length;
const trace = attentionTrace({ tokens: 5 });
const noted = (of: typeof trace) => notes(of, summarise(of), residualCurve(of));

describe("numbers", () => {
  it("show small weights in powers of ten and the non-finite by name", () => {
    assert.deepEqual([0.4, 0, 2.04e-5, NaN, Infinity].map(formatWeight), [
      "0.4000",
      "0",
      "2.0e-5",
      "NaN",
      "∞",
    ]);
  });
  it("carry the sign of a change", () => {
    assert.deepEqual([0.01, -0.01, 0, -Infinity].map(formatChange), ["+0.0100", "−0.0100", "0", "−∞"]);
  });
});

describe("labels", () => {
  it("make visible what cannot be seen, and defuse what would turn the text around", () => {
    assert.deepEqual(["", " the", "a\nb", "x\u202ey", "<b>", "é"].map(visibleToken), [
      "∅",
      "␣the",
      "a⏎b",
      "x·y",
      "<b>",
      "é",
    ]);
  });
  it("keep the joiners that scripts and emoji need", () => {
    assert.equal(visibleToken("می\u200cخواهم"), "می\u200cخواهم");
  });
  it("are shortened to a width, by whole characters", () => {
    assert.equal(elide("attention", 20, perCharacter), "attention");
    assert.equal(elide("attention", 5, perCharacter), "atte…");
    assert.equal(elide("😀😀😀", 2, perCharacter), "😀…");
    assert.equal(elide("attention", 1, perCharacter), "");
  });
  it("are thinned to the strides 1, 2, 5, 10, …", () => {
    assert.deepEqual(
      [20, 13, 7, 3, 1, 0.4].map((gap) => labelStride(gap, 13)),
      [1, 1, 2, 5, 20, 50],
    );
  });
});

describe("the words around the picture", () => {
  it("tell how a solve converged", () => {
    const { level, title, details } = verdict(trace, residualCurve(trace));
    assert.equal(level, "good");
    assert.match(title, /^Converged in \d+ iterations$/);
    assert.match(details.join(" · "), /^residual \S+e-6 · tolerance 1e-5 · Picard, damping 1$/);
  });
  it("tell the best iterate of one that did not", () => {
    const wild = attentionTrace({ tokens: 12, heads: 2, gain: 5, seed: 3, maxIterations: 30 });
    const { level, title, details } = verdict(wild, residualCurve(wild));
    assert.deepEqual([level, title], ["warning", "Did not converge in 30 iterations"]);
    assert.match(details[0]!, new RegExp(`^returned the best iterate, ${wild.outcome.bestIteration}$`));
  });
  it("tell a divergence", () => {
    const outcome = { ...trace.outcome, converged: false, reason: "diverged" } as const;
    assert.equal(verdict({ ...trace, outcome }, residualCurve(trace)).level, "bad");
  });
  it("say nothing when nothing is left out", () => assert.deepEqual(noted(trace), []));
  it("warn when all tokens have become one, however small the residual", () => {
    const collapsed = { ...trace, tokenSpread: trace.tokenSpread.map(() => 1e-9) };
    assert.deepEqual(noted(collapsed), ["The tokens have collapsed into one: token spread 1e-9."]);
  });
  it("say what was left out", () => {
    assert.match(
      noted(thinned(trace, [0, 2]))[0]!,
      /^2 of \d+ iterations stored: the saved trace is bounded/,
    );
  });
  it("count what is not finite, and what is negative", () => {
    const broken = editWeights(trace, (f, _h, q, k, w) =>
      f === 1 && q === 0 ? ([NaN, Infinity, -0.5][k] ?? w) : w,
    );
    assert.deepEqual(noted(broken), [
      "2 weights are not finite (NaN or ∞), in 1 stored iteration; hatched.",
      "1 negative weight drawn as 0.",
    ]);
  });
  it("name the curve, and say when it is not the quantity that the solver judged", () => {
    const by = (norm: "token" | "frobenius" | "max", mode: "relative" | "absolute"): AttentionTrace => ({
      ...trace,
      solver: { ...trace.solver, norm, mode },
    });
    const title = (of: AttentionTrace) => curveTitle({ trace: of, curve: residualCurve(of) });
    assert.match(title(by("token", "relative")), /worst token.*maxᵢ/);
    assert.match(title(by("frobenius", "absolute")), /absolute.*‖f\(z\) − z‖$/);
    assert.deepEqual(noted(by("token", "relative")), []);
    assert.match(noted(by("max", "relative"))[0]!, /relative maximum norm.*Frobenius/);
  });
  it("read a cell with its change", () => {
    const reading = { query: "bank", key: "river", queryIndex: 1, keyIndex: 4, weight: 0.25, first: "" };
    assert.equal(spokenReading(reading), "bank to river: weight 0.2500");
    assert.equal(
      spokenReading({ ...reading, before: { weight: 0.5, when: "iteration 3" } }),
      "bank to river: weight 0.2500, change −0.2500 since iteration 3",
    );
  });
  it("describe a matrix by its strongest links", () => {
    const weights = Float32Array.of(0.9, 0.1, NaN, NaN);
    assert.match(
      describeMatrix("head 1", "iteration 0 of 3", weights, ["a", "b"]),
      /^Attention of head 1, iteration 0 of 3, 2 queries\. Strongest: a to a 0\.9000\.$/,
    );
    assert.match(
      describeMatrix(
        "h",
        "w",
        weights.map(() => NaN),
        ["a", "b"],
      ),
      /No finite weight/,
    );
  });
  it("number the legend from 0 to the end of the scale", () => {
    for (const max of [1, 0.51, 0.0123, 7e-9]) {
      const ticks = legendTicks(max).map(({ value }) => value);
      assert.deepEqual([ticks[0], ticks.at(-1)], [0, max]);
      assert.ok(ticks.length <= 7);
    }
  });
});
