/** The still picture, the summary and the bundle of an attention solve. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { attentionBundle, attentionSummary, attentionSvg, rasterise } from "cotangent";
import {
  ATTENTION_MIME,
  type AttentionTrace,
  darkestWeight,
  DEFAULT_SAVED_BYTES,
  decodeAttentionTrace,
  residualCurve,
  verdict,
} from "cotangent/trace";
import { sampleTrace } from "../trace/sample.js";

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Width and height of a PNG file. */
function pngSize(png: Uint8Array): [number, number] {
  assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

const unconverged = (trace: AttentionTrace): AttentionTrace => ({
  ...trace,
  outcome: { ...trace.outcome, converged: false, reason: "maxIterations" },
});

describe("the still picture", () => {
  it("is an image with a title and a description for those who cannot see it", () => {
    const svg = attentionSvg(sampleTrace());
    assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="title description"/);
    assert.match(svg, /<title id="title">Attention converged in 4 iterations, residual 0.5<\/title>/);
    assert.match(svg, /<desc id="description">preset inject[^<]*3 tokens, 2 heads[^<]*<\/desc>/);
  });

  it("is the same for the same trace", () => {
    assert.equal(attentionSvg(sampleTrace()), attentionSvg(sampleTrace()));
  });

  it("never lets the text of a trace become markup", () => {
    const hostile = `<script>alert("1")</script>`;
    const trace = sampleTrace({ heads: 1 });
    const svg = attentionSvg({
      ...trace,
      preset: hostile,
      tokens: ["<script>", `"&'`, "\u0000\ud800\u001b"],
      heads: [{ name: hostile, temperature: 1 }],
      solver: { ...trace.solver, name: `${hostile}" onload="x` },
      omissions: [{ what: hostile, kept: 1, of: 2, reason: hostile }],
    });
    assert.equal(count(svg, /<script/g), 0);
    assert.equal(count(svg, /onload="/g), 0);
    assert.ok(svg.includes("&#60;script&#62;") && svg.includes("&#34;&#38;&#39;"));
    assert.ok(svg.includes("\uFFFD\uFFFD\uFFFD"), "characters that XML forbids are replaced");
  });

  it("has one panel a head, up to 16, and says when there are more", () => {
    for (const heads of [1, 2, 3, 4, 5, 8, 12, 16]) {
      const svg = attentionSvg(sampleTrace({ heads }));
      assert.equal(count(svg, />head \d+</g), heads);
      assert.doesNotMatch(svg, /heads are drawn/);
    }
    const many = attentionSvg(sampleTrace({ heads: 20 }));
    assert.equal(count(many, />head \d+</g), 16);
    assert.match(many, /The first 16 of 20 heads are drawn\./);
  });

  it("labels every token while that is legible, and says when it is not", () => {
    assert.equal(count(attentionSvg(sampleTrace({ tokens: 20, heads: 1 })), />token \d+</g), 40);
    const svg = attentionSvg(sampleTrace({ tokens: 128, heads: 8, iterations: 1 }));
    assert.match(svg, /Every 7th token is labelled\./);
    assert.match(
      attentionSvg(sampleTrace({ tokens: 300, heads: 1, iterations: 1 })),
      /mean of 2 × 2 weights/,
    );
  });

  it("hatches NaN and infinity, and counts them", () => {
    const trace = sampleTrace({ heads: 1 });
    trace.frames.weights.set([NaN, Infinity], 3 * 9);
    const svg = attentionSvg(trace);
    assert.match(svg, /<pattern id="not-finite"/);
    assert.equal(count(svg, /<path d="[^"]+" fill="url\(#not-finite\)"/g), 1);
    assert.match(svg, /2 weights are NaN or infinite \(hatched\)\./);
    assert.doesNotMatch(attentionSvg(sampleTrace()), /NaN/);
  });

  it("shows the tolerance, or says that the solver measured otherwise", () => {
    assert.match(attentionSvg(sampleTrace()), />tolerance 1e-5</);
    const trace = sampleTrace();
    const other = attentionSvg({ ...trace, solver: { ...trace.solver, norm: "max", mode: "absolute" } });
    assert.doesNotMatch(other, />tolerance 1e-5</);
    assert.match(other, /measured another residual \(absolute, max/);
  });

  it("draws curves that are zero, not finite, or very long", () => {
    for (const values of [
      [0, 0, 0, 0],
      [NaN, Infinity, NaN, NaN],
      [1, NaN, 0, 1e-300],
    ]) {
      // prettier-ignore
      const curve = Float64Array.from(values);
      const trace = sampleTrace();
      const perToken = Float32Array.from(values.flatMap((value) => [value, value, value]));
      const svg = attentionSvg({ ...trace, residuals: { absolute: curve, relative: curve, perToken } });
      assert.equal(count(svg, /="[^"]*(NaN|Infinity)/g), 0, "no coordinate is NaN");
    }
    const long = attentionSvg(sampleTrace({ tokens: 1, heads: 1, iterations: 20_000 }));
    assert.ok(long.length < 60_000);
  });

  it("becomes a PNG at double size, without any font of the machine", async () => {
    const svg = attentionSvg(sampleTrace());
    const height = Number(/ height="(\d+)"/.exec(svg)![1]);
    const png = await rasterise(svg);
    assert.deepEqual(pngSize(png), [1760, 2 * height]);
    assert.ok(png.length > 10_000 && png.length < 500_000);
  });
});

describe("the colour of a weight", () => {
  it("is pale for even attention, and the same in all frames and heads", () => {
    const trace = sampleTrace({ tokens: 16 });
    trace.frames.weights.fill(1 / 16);
    assert.equal(darkestWeight(trace), 0.25);
    trace.frames.weights[5] = 0.75;
    trace.frames.weights.set([NaN, Infinity], 7);
    assert.equal(darkestWeight(trace), 0.75);
    assert.equal(darkestWeight(sampleTrace({ tokens: 2 })), 1);
  });
});

describe("collapse", () => {
  it("is said in the picture", () => {
    const trace = sampleTrace();
    const svg = attentionSvg({ ...trace, tokenSpread: trace.tokenSpread.map(() => 4e-9) });
    assert.match(svg, /The tokens have collapsed into one: token spread 4e-9\./);
    assert.doesNotMatch(attentionSvg(trace), /collapsed/);
  });
});

describe("the verdict", () => {
  it("says how a solve ended", () => {
    const trace = sampleTrace();
    assert.equal(verdict(trace), "converged in 4 iterations, residual 0.5");
    assert.equal(
      verdict(unconverged(trace)),
      "did NOT converge in 4 iterations: best residual 0.5 at iteration 3",
    );
    const diverged = { ...trace.outcome, converged: false, reason: "diverged", bestIteration: 1 } as const;
    assert.equal(
      verdict({ ...trace, outcome: diverged }),
      "DIVERGED at iteration 3: best residual 0.5 at iteration 1",
    );
    assert.match(attentionSvg(unconverged(trace)), /fill="#b3261e">Attention did NOT converge/);
  });

  it("reads the curve that the solver compared with its tolerance", () => {
    const trace = sampleTrace();
    trace.residuals.perToken.set([0.1, 0.9, 0.2]);
    const { values, name, tolerance } = residualCurve(trace);
    assert.equal(values[0], Math.fround(0.9));
    assert.deepEqual([name, tolerance], ["relative residual (worst token)", 1e-5]);
    const frobenius = residualCurve({
      ...trace,
      solver: { ...trace.solver, norm: "frobenius", mode: "absolute" },
    });
    assert.equal(frobenius.values, trace.residuals.absolute);
    assert.deepEqual([frobenius.name, frobenius.tolerance], ["absolute residual (Frobenius)", 1e-5]);
  });
});

describe("the summary", () => {
  it("is aligned lines, the verdict first", () => {
    const trace = sampleTrace();
    const text = attentionSummary({ ...trace, heads: [{ name: "a", temperature: 0.5 }, { name: "b", temperature: 1 }] }, ["Try this."]); // prettier-ignore
    assert.equal(
      text,
      [
        "Attention converged in 4 iterations, residual 0.5",
        "  tokens        3: token 0 token 1 token 2",
        "  heads         2: a (τ 0.5), b",
        "  map           preset inject",
        "  solver        picard, damping 1, tolerance 1e-5 (relative, token norm), at most 4 iterations",
        "  token spread  0.125",
        "  last drift    0.125 (change of the attention in the last iteration)",
        "  warning       Try this.",
      ].join("\n"),
    );
  });
});

describe("the bundle for a notebook", () => {
  it("holds the trace, the picture and the text", async () => {
    const trace = sampleTrace();
    const bundle = await attentionBundle(trace);
    assert.deepEqual(Object.keys(bundle), [ATTENTION_MIME, "image/png", "text/plain"]);
    assert.deepEqual(decodeAttentionTrace(JSON.parse(JSON.stringify(bundle[ATTENTION_MIME]))), trace);
    assert.deepEqual(pngSize(Buffer.from(bundle["image/png"] as string, "base64"))[0], 1760);
    assert.equal(bundle["text/plain"], attentionSummary(trace));
  });

  it("bounds the trace, and text and picture say so", async () => {
    const trace = sampleTrace({ tokens: 128, heads: 8, iterations: 24 });
    const bundle = await attentionBundle(trace);
    const json = JSON.stringify(bundle[ATTENTION_MIME]);
    assert.ok(json.length <= DEFAULT_SAVED_BYTES);
    const bounded = decodeAttentionTrace(JSON.parse(json));
    assert.ok(bounded.omissions.length === 1 && bounded.frames.iterations.length < 24);
    assert.match(bundle["text/plain"] as string, /of 24 iterations are stored: .*bounded to 8.0 MiB/);
    assert.match(attentionSvg(bounded), /of 24 iterations are/);
  });

  it("without the trace, when not even one iteration fits, still has the picture and says why", async () => {
    const bundle = await attentionBundle(sampleTrace({ tokens: 700, heads: 4, iterations: 2 }));
    assert.deepEqual(Object.keys(bundle), ["image/png", "text/plain"]);
    assert.match(bundle["text/plain"] as string, /interactive view is missing.*Solve with fewer tokens/);
  });
});

describe("importing cotangent", () => {
  it("loads no rasteriser", () => {
    const script = `
      await import("cotangent");
      process.stdout.write(JSON.stringify(process.report.getReport().sharedObjects));`;
    const loaded = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
      encoding: "utf8",
    });
    assert.doesNotMatch(loaded, /resvg/);
  });
});
