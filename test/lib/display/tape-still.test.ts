/** The still picture of a tape: for those who have neither kernel nor extension. */
import assert from "node:assert/strict";

import { inspect, rasterise } from "cotangent";
import { expressionsOf, linesOf, type TapeTrace } from "cotangent/trace";
import { tapeSvg } from "../../../lib/src/display/tape-svg.js";
import { compiled } from "../../support/compiled.js";
import { loopTape, pathsTape, productsTape, smallTape } from "../../support/tape-trace.js";

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
const fills = (svg: string): string[] =>
  [...svg.matchAll(/<rect[^>]*fill="(#[0-9a-f]{6})"/g)].map(([, fill]) => fill!);

describe("the still picture of a tape", () => {
  it("has a title and a description, and is the same for the same tape", () => {
    const svg = tapeSvg(loopTape());
    assert.match(
      svg,
      /<title id="title">Tape of asian = 26\.6<\/title><desc id="description">98 nodes, 16 inputs/,
    );
    assert.equal(tapeSvg(loopTape()), svg);
  });

  it("shows the source, each expression on the colour of its |v · v̄|, the largest darkest", () => {
    const trace = loopTape();
    const svg = tapeSvg(trace);
    for (const words of ["const dt = 1 / shocks.length;", "sum + s", "for (const z of shocks) {"])
      assert.ok(
        texts(svg).some((text) => text.includes(words)),
        words,
      );
    const shares = expressionsOf(trace).map(({ share }) => share);
    assert.equal(Math.max(...shares), 1);
    assert.ok(fills(svg).includes("#2c4071"), `${[...new Set(fills(svg))].join()}: the darkest`);
    assert.ok(new Set(fills(svg)).size > 4, "and others");
  });

  it("draws the largest derivatives as bars of x · ∂y/∂x to either side, with their numbers", () => {
    const svg = tapeSvg(loopTape());
    assert.ok(texts(svg).includes("∂/∂spot"));
    assert.ok(texts(svg).includes("1.15 at 100") && texts(svg).includes("-0.98 at 90"));
    assert.match(svg, /fill="#0072B2"[^]*fill="#D55E00"/);
    assert.ok(texts(svg).includes("4 more inputs"));
  });

  it("draws the singular values of gradients of weights where inputs are tensors, and no number that is none", () => {
    const svg = tapeSvg(productsTape());
    assert.ok(texts(svg).some((text) => text.startsWith("singular values of weights")));
    assert.match(svg, /<title id="title">Tape of net<\/title>/);
    assert.doesNotMatch(svg, /NaN/);
  });

  it("says what the banners say", () => {
    assert.match(tapeSvg(pathsTape()), /the kink has a second derivative that no pointwise/);
    const poisoned = compiled<(x: number) => number>(`function f(x) { "use ad"; return Math.sqrt(x) * 0; }`);
    assert.match(tapeSvg(inspect(poisoned, 0).trace), /0 · ∞ = NaN/);
  });

  it("sets a line that is too long in several rows, and says where there is more than it shows", () => {
    const long = (count: number) => compiled<(x: number) => number>(`function f(x) { "use ad";\n  return ${Array.from({ length: count }, (_, i) => `x * ${1000 + i}`).join(" + ")};\n}`); // prettier-ignore
    const row = texts(tapeSvg(inspect(long(20), 2).trace));
    assert.ok(row.join("").replaceAll(/\s/g, "").includes("x*1000+x*1001") && row.join("").includes("1019"));
    assert.ok(!row.includes("There is more of it."));
    assert.ok(texts(tapeSvg(inspect(long(250), 2).trace)).includes("There is more of it."));
  });

  it("never lets the text of a tape become markup", () => {
    const hostile = `<script>alert("1")</script>`;
    const trace: TapeTrace = { ...smallTape(), title: hostile };
    const named = { ...trace, inputs: trace.inputs.map((port) => ({ ...port, path: hostile })) };
    const svg = tapeSvg({
      ...named,
      findings: [{ kind: "kink", node: 0, what: hostile, remedy: hostile } as never],
    });
    assert.doesNotMatch(svg, /<script/);
  });

  it("draws a tape without a source, and one without inputs", async () => {
    const bare: TapeTrace = { ...smallTape(), sources: [], inputs: [] };
    const nodes = { ...bare.nodes, span: bare.nodes.span.map((value, i) => (i % 5 === 0 ? -1 : value)) };
    for (const trace of [{ ...smallTape(), nodes, sources: [] }, { ...bare, nodes }, smallTape()]) {
      const png = await rasterise(tapeSvg(trace));
      assert.deepEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    }
  });
});

describe("the lines of a source", () => {
  const text = "head\nlet a = 1;\nlet b = 2;\nlet c = 3;\nreturn f(g(x), y);\ntail";
  const at = (piece: string, share = 1) => ({ source: 0, start: text.indexOf(piece), end: text.indexOf(piece) + piece.length, nodes: [0], share }); // prettier-ignore

  it("are cut into pieces, each of the innermost expression around it, from three lines before the first", () => {
    const { lines, isCut } = linesOf(text, 0, [at("f(g(x), y)"), at("g(x)")], 10);
    assert.equal(isCut, false);
    assert.deepEqual(lines.map(({ number }) => number), [2, 3, 4, 5]); // prettier-ignore
    assert.deepEqual(lines.at(-1)!.segments, [
      { text: "return ", expression: -1 },
      { text: "f(", expression: 0 },
      { text: "g(x)", expression: 1 },
      { text: ", y)", expression: 0 },
      { text: ";", expression: -1 },
    ]);
  });

  it("are none without an expression, and no more than are asked for", () => {
    assert.deepEqual(linesOf(text, 0, [], 10), { lines: [], isCut: false });
    assert.deepEqual(linesOf(text, 1, [at("g(x)")], 10).lines, []);
    const { lines, isCut } = linesOf(text, 0, [at("g(x)")], 2);
    assert.deepEqual([lines.length, isCut], [2, true]);
  });
});
