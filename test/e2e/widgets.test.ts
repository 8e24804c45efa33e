/** An anywidget in a real JupyterLab: a view changes the kernel's state, a cell changes the view, a reload keeps both. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";

import { launchChromium } from "../support/browser.js";
import { type Lab, startLab } from "../support/lab.js";
import { NotebookPage } from "../support/notebook-page.js";

const ESM = `export default {
  render({ model, el }) {
    const button = document.createElement("button");
    const points = () => [...new Float32Array(model.get("points").buffer)].join(" ");
    const show = () => { button.textContent = "n is " + model.get("n") + ", points " + points() + (model.get("heard") ?? ""); };
    button.className = "counter";
    button.addEventListener("click", () => { model.set("n", model.get("n") + 1); model.save_changes(); });
    button.addEventListener("dblclick", () => model.send({ hello: "kernel" }));
    model.on("change", show);
    model.on("msg:custom", ({ answer }) => { button.title = answer; });
    show();
    el.append(button);
  }
}`;

const cells = [
  `const counter = jupyter.widget({
  esm: ${JSON.stringify(ESM)},
  css: ".counter { color: rgb(1, 2, 3) }",
  state: { n: 1, points: new Float32Array([1.5, 2.5]) },
});
counter.on("change:n", ({ value, previous }) => { if (value === 2) counter.set("heard", previous + " → " + value); });
counter.on("message", ({ content }) => counter.send({ answer: "hello " + content.hello }));
counter`,
  `void counter.set({ n: 40, points: new Float32Array([7]) })`,
];

const notebook = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "cotangent", display_name: "TypeScript (Cotangent)", language: "typescript" },
  },
  cells: cells.map((source, i) => ({
    id: `cell-${i}`,
    cell_type: "code",
    source,
    metadata: {},
    execution_count: null,
    outputs: [],
  })),
});

describe("an anywidget", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "cotangent-widgets-"));
  let lab: Lab;
  let browser: Browser;
  let open: NotebookPage;

  const ready = async () => {
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout: 60_000 });
    await open.untilIdle();
  };
  const button = (text: string) => open.page.locator("button.counter", { hasText: text });

  before(async () => {
    writeFileSync(join(folder, "widgets.ipynb"), notebook);
    [lab, browser] = await Promise.all([startLab({ rootDir: folder }), launchChromium()]);
    open = await NotebookPage.open(browser, lab, "lab/tree/widgets.ipynb");
    await ready();
    await open.cell(0).locator(".cm-content").click();
    await open.page.keyboard.press("Shift+Enter");
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await open?.screenshot("failed-widgets");
  });
  after(async () => {
    await open?.close();
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is drawn by its own module and style sheet, with binary state", async () => {
    await button("n is 1, points 1.5 2.5").waitFor({ timeout: 60_000 });
    assert.equal(
      await button("n is 1").evaluate((element) => getComputedStyle(element).color),
      "rgb(1, 2, 3)",
    );
  });

  it("changes the kernel's state when its reader acts", async () => {
    await button("n is 1").click();
    await button("1 → 2").waitFor();
  });

  it("hears an answer to its own message", async () => {
    await button("n is 2").dispatchEvent("dblclick");
    await open.page.locator('button.counter[title="hello kernel"]').waitFor();
  });

  it("changes when a cell sets its state", async () => {
    await open.cell(1).locator(".cm-content").click();
    await open.page.keyboard.press("Shift+Enter");
    await button("n is 40, points 7").waitFor();
    await open.screenshot("widget");
  });

  it("is there again, as it was, when the page is loaded again", async () => {
    await open.choose("File", "Save Notebook");
    await open.page.locator(".jp-mod-dirty").waitFor({ state: "detached" });
    await open.page.reload();
    await ready();
    await button("n is 40, points 7").waitFor({ timeout: 60_000 });
  });
});
