/** Displays of every kind, as they leave the kernel; and tslab's, for notebooks that were made for it. */
import assert from "node:assert/strict";

import { useKernel } from "../../support/kernel-fixture.js";

/** The smallest PNG: one transparent pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

describe("display", () => {
  const kernel = useKernel();

  const shown = async (code: string) => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", cell.status === "ok" ? "" : cell.traceback);
    return cell.outputs.filter(({ type }) => /display_data|execute_result|clear_output/.test(type));
  };
  const data = async (code: string) => (await shown(code)).map(({ content }) => content.data);

  it("shows each kind as its own MIME type, with words beside it", async () => {
    const kinds = {
      html: "text/html",
      svg: "image/svg+xml",
      markdown: "text/markdown",
      latex: "text/latex",
      javascript: "application/javascript",
      text: "text/plain",
    };
    for (const [kind, mime] of Object.entries(kinds)) {
      const [bundle] = await data(`display.${kind}("<x/>")`);
      assert.equal(bundle[mime], "<x/>");
      assert.ok(bundle["text/plain"]);
    }
    assert.deepEqual((await data("display.json({ a: [1] })"))[0]["application/json"], { a: [1] });
  });

  it("shows images from bytes, with their size, and knows the kind by the first bytes", async () => {
    const [output] = await shown(`display.image(Buffer.from("${PNG}", "base64"), { width: 40 })`);
    assert.equal(output!.content.data["image/png"], PNG);
    assert.deepEqual(output!.content.metadata, { "image/png": { width: 40 } });
    assert.equal((await data(`display.png("data:image/png;base64,${PNG}")`))[0]["image/png"], PNG);
    const wrong = await kernel().execute("display.image(new Uint8Array([1, 2, 3]))");
    assert.match(wrong.traceback, /TypeError: These bytes are no PNG/);
  });

  it("changes what it has shown: by its handle with another value of the kind, or by name", async () => {
    const outputs = await shown(
      `const handle = display.html("<b>1</b>", { id: "mine" }); handle.update("<b>2</b>"); display.update("mine", 3)`,
    );
    assert.deepEqual(
      outputs.map(({ type, content }) => [
        type,
        content.transient.display_id,
        content.data["text/html"] ?? content.data["text/plain"],
      ]),
      [
        ["display_data", "mine", "<b>1</b>"],
        ["update_display_data", "mine", "<b>2</b>"],
        ["update_display_data", "mine", "3"],
      ],
    );
  });

  it("shows Plotly figures, typed arrays and all, in one line of words", async () => {
    const [bundle] = await data(
      "display.plotly({ data: [{ x: new Float32Array([1, 2]), y: [1, NaN] }, { type: 'bar' }], layout: { title: { text: 't' } } })",
    );
    assert.deepEqual(bundle["application/vnd.plotly.v1+json"], {
      data: [{ x: [1, 2], y: [1, null] }, { type: "bar" }],
      layout: { title: { text: "t" } },
    });
    assert.equal(bundle["text/plain"], "Plotly figure: 2 traces (scatter, bar)");
  });

  it("shows tables", async () => {
    const [bundle] = await data("display.table([{ a: 1 }, { a: 2 }], { limit: 1 })");
    assert.match(bundle["text/html"], /1 of 2 rows/);
  });

  it("shows how far a loop is, sync and async, to its end or to where it was left", async () => {
    const last = async (code: string) => (await data(code)).at(-1)["text/plain"] as string;
    assert.match(
      await last("for (const i of progress([1, 2, 3], { label: 'sum' })) void i"),
      /^sum █+ 3 of 3 in /,
    );
    assert.match(await last("for (const i of progress(10)) if (i === 4) break"), /stopped at 4 of 10/);
    assert.match(
      await last(
        "async function* g() { yield 1; yield 2 }\nfor await (const i of progress(g(), { total: 4 })) void i",
      ),
      /2 of 4 in /,
    );
    const values = await kernel().execute("[...progress(new Set(['a', 'b']))]");
    assert.equal(values.result, "[ 'a', 'b' ]");
  });
});

describe("the module tslab", () => {
  const kernel = useKernel();

  it("shows what it shows in tslab, without an install", async () => {
    const cell = await kernel().execute(
      `import * as tslab from "tslab";
       tslab.display.html("<b>hi</b>"); tslab.display.markdown("# m"); tslab.display.png(Buffer.from("${PNG}", "base64"));
       tslab.display.raw("application/x-own", "own"); tslab.display.latex("$x$"); tslab.display.javascript("1");`,
    );
    assert.equal(cell.status, "ok", cell.status === "ok" ? "" : cell.traceback);
    const mimes = cell.outputs
      .filter(({ type }) => type === "display_data")
      .map(({ content }) => Object.keys(content.data)[0]);
    assert.deepEqual(mimes, [
      "text/html",
      "text/markdown",
      "image/png",
      "application/x-own",
      "text/latex",
      "application/javascript",
    ]);
  });

  it("has displays that change in place", async () => {
    const cell = await kernel().execute("const d = tslab.newDisplay(); d.text('1'); d.html('<b>2</b>');");
    const outputs = cell.outputs.filter(({ content }) => content.transient?.display_id);
    assert.deepEqual(
      outputs.map(({ type }) => type),
      ["display_data", "update_display_data"],
    );
    assert.equal(outputs[0]!.content.transient.display_id, outputs[1]!.content.transient.display_id);
  });

  it("says its versions, and comes by require and by import() as well", async () => {
    const cell = await kernel().execute(
      `const { display: shows } = require("tslab"); const again = await import("tslab");
       [Object.keys(tslab.versions).join(), shows === tslab.display, again.display === tslab.display]`,
    );
    assert.equal(cell.result, "[ 'tslab,typescript,node', true, true ]");
  });
});
