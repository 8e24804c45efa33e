import assert from "node:assert/strict";
import { encodeTape, largeTape, smallTape } from "../support/tape-trace.js";
import { viewsBrowser } from "../support/views-browser.js";
import { nextFrame, renderTape } from "../support/views-page.js";

const good = encodeTape(smallTape());
const nodes = good["nodes"] as Record<string, object>;

/** What may come out of a notebook from anywhere, and what its reader should be told. */
const broken: Record<string, [data: unknown, told: RegExp]> = {
  "nothing at all": [undefined, /cannot be read/],
  "another kind": [{ ...good, kind: "attention" }, /cannot be read[^]*kind/],
  "a missing field": [{ ...good, edges: undefined }, /cannot be read[^]*edges/],
  "the wrong dtype": [{ ...good, nodes: { ...nodes, value: { ...nodes["value"], dtype: "float32" } } }, /cannot be read[^]*nodes\.value/], // prettier-ignore
  "too short an array": [{ ...good, nodes: { ...nodes, adjoint: { ...nodes["adjoint"], base64: "AAAA" } } }, /cannot be read[^]*nodes\.adjoint/], // prettier-ignore
  "a thousand million nodes": [{ ...good, nodes: { ...nodes, id: { ...nodes["id"], shape: [1e9] } } }, /too large[^]*1000000000 nodes/], // prettier-ignore
  "a newer major version": [{ ...good, version: "2.0" }, /needs a newer Cotangent[^]*Update/],
};

describe("a tape that cannot be drawn", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();

  for (const [what, [data, told]] of Object.entries(broken))
    it(`gets a message instead: ${what}`, async () => {
      const page = await browser.open();
      await renderTape(page, data, { fallback: "Tape of f\n<b>plain</b>" });
      const text = await page.locator(".cot-message").innerText();
      assert.match(text, told);
      assert.ok(text.includes("<b>plain</b>"), "the plain text is shown, as text");
    });
});

describe("a hostile tape", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();

  it("has its texts shown as texts, whatever they say", async () => {
    const page = await browser.open();
    const evil = "<img src=x onerror=alert(1)>";
    const trace = smallTape();
    const source = `${evil}${" ".repeat(200)}`.slice(0, 200);
    await renderTape(
      page,
      encodeTape({
        ...trace,
        title: evil,
        operations: trace.operations.map(() => evil),
        inputs: trace.inputs.map((port) => ({ ...port, path: evil })),
        sources: trace.sources.map(({ text }) => ({ name: evil, text: source.padEnd(text.length) })),
        findings: [{ node: 2, what: evil, remedy: evil }],
        omissions: [{ what: evil, kept: 1, of: 2, reason: evil }],
      }),
    );
    assert.equal(await page.locator(".cot-tape img").count(), 0);
    assert.ok((await page.locator(".cot-tape").innerText()).includes(evil));
  });

  it("that is NaN everywhere is drawn, and its first NaN is named", async () => {
    const page = await browser.open();
    const trace = smallTape();
    const { nodes, edges } = trace;
    const nan = (values: Float64Array) => values.map(() => NaN);
    await renderTape(
      page,
      encodeTape({
        ...trace,
        nodes: { ...nodes, value: nan(nodes.value), adjoint: nan(nodes.adjoint) },
        edges: { ...edges, partial: nan(edges.partial) },
      }),
    );
    assert.match(await page.locator(".cot-banner").first().innerText(), /The input x is NaN/);
    await page.locator(".cot-slider").press("Home");
    await nextFrame(page);
  });

  it("with thousands of expressions that overlap, and flags and ports that make no sense, is drawn", async () => {
    const page = await browser.open();
    const trace = largeTape(4000);
    const N = 4000;
    trace.nodes.flags.fill(-1);
    for (let n = 0; n < N; n++) trace.nodes.span.set([0, n, n + 1 + (n % 977), 1, 0], 5 * n);
    const text = "x".repeat(6000);
    const inputs = Array.from({ length: 3000 }, (_, i) => ({ node: i % 7, path: `a[${i}]` }));
    await renderTape(page, encodeTape({ ...trace, sources: [{ name: "Cell 1", text }], inputs }));
    await page.locator(".cot-tape[data-step]").waitFor();
  });
});
