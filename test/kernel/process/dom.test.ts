/** Elements as results, and a document for libraries that draw into one. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../../../scripts/setup/paths.mjs";
import { KernelClient } from "../../support/kernel-client.js";

describe("an element", () => {
  // Beside the house's own packages: d3 and Observable Plot are imported.
  const folder = mkdtempSync(join(ROOT, ".cotangent", "dom-"));
  let kernel: KernelClient;
  before(async () => (kernel = await KernelClient.start({ cwd: folder })));
  after(async () => {
    await kernel?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const dataOf = async (code: string) => {
    const cell = await kernel.execute(code);
    assert.equal(cell.status, "ok", cell.status === "ok" ? "" : cell.traceback);
    const shown = cell.outputs.find(({ type }) => type === "execute_result" || type === "display_data");
    return shown!.content.data as Record<string, string>;
  };

  it("of a light document is there without an install, and shows itself as HTML", async () => {
    const data = await dataOf(
      'const box = jupyter.document.createElement("p"); box.textContent = "a < b"; box.className = "note"; box',
    );
    assert.equal(data["text/html"], '<p class="note">a &lt; b</p>');
    assert.equal(data["text/plain"], data["text/html"]);
  });

  it("made by d3 is a picture that says what it is", async () => {
    const data = await dataOf(`
      import * as d3 from "d3";
      jupyter.useDocument();
      const svg = d3.create("svg").attr("viewBox", "0 0 40 10");
      svg.selectAll("rect").data([1, 2, 3]).join("rect")
        .attr("x", (_, i) => i * 10).attr("width", 8).attr("height", (d) => d * 3);
      svg.node()`);
    assert.match(data["image/svg+xml"]!, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.equal(data["image/svg+xml"]!.match(/<rect /g)!.length, 3);
    assert.equal("text/html" in data, false);
  });

  it("made by Observable Plot needs no global document", async () => {
    const data = await dataOf(`
      import * as Plot from "@observablehq/plot";
      delete (globalThis as { document?: unknown }).document;
      Plot.plot({ document: jupyter.document, marks: [Plot.dot([[1, 2], [3, 4]])] })`);
    assert.match(data["image/svg+xml"]!, /^<svg [^>]*viewBox/);
    assert.equal(data["image/svg+xml"]!.match(/<circle /g)!.length, 2);
    const figure = await dataOf(
      'Plot.plot({ document: jupyter.document, title: "Dots", marks: [Plot.dot([[1, 2]])] })',
    );
    assert.match(figure["text/html"]!, /^<figure [^]*<h2>Dots<\/h2>[^]*<svg /);
  });

  it("and a fragment of several may be given to display()", async () => {
    const data = await dataOf(`
      const parts = jupyter.document.createDocumentFragment();
      for (const text of ["one", "two"]) parts.append(Object.assign(jupyter.document.createElement("b"), { textContent: text }));
      void display(parts)`);
    assert.equal(data["text/html"], "<b>one</b><b>two</b>");
  });

  it("that only pretends to be one is shown as the object that it is", async () => {
    assert.match((await dataOf("({ nodeType: 1, outerHTML: 5 })"))["text/plain"]!, /nodeType: 1/);
    const hostile = await dataOf("({ get nodeType(): number { throw new Error('no') } })");
    assert.match(hostile["text/plain"]!, /nodeType/);
  });

  it("is not loaded, and leaves no global, before it is asked for", async () => {
    const fresh = await KernelClient.start({ cwd: folder });
    try {
      assert.equal(
        (await fresh.execute("typeof (globalThis as { document?: unknown }).document")).result,
        "'undefined'",
      );
      const loaded = await fresh.execute(
        "Object.keys(require.cache).filter((file) => file.includes('linkedom')).length",
      );
      assert.equal(loaded.result, "0");
    } finally {
      await fresh.stop();
    }
  });
});
