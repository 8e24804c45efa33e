/** A SELF-Transformer that is trained in a real JupyterLab: its pictures come while it runs, and its reader steers it. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";

import { launchChromium } from "../support/browser.js";
import { type Lab, startLab } from "../support/lab.js";
import { NotebookPage } from "../support/notebook-page.js";

// It would go on for a hundred thousand steps, and never yields. A fifth of a second each: a reader can follow.
const source = `import { philox, tensor, type Tensor, valueAndGrad } from "cotangent";
import { adam, crossEntropy, selfTransformer, watchTraining } from "cotangent/nn";
const int32 = { dtype: "int32" } as const;
const model = selfTransformer({ input: { words: 4 }, length: 6, width: 8, classes: 4, pool: "none",
  attention: { heads: 2, tolerance: 1e-3, linear: { tolerance: 1e-3 } } });
const [x, y] = [tensor([[0, 1, 2, 3, 2, 1]], int32), tensor([[1, 2, 3, 2, 1, 0]], int32)];
const optimiser = adam({ rate: 0.005 });
let params = model.init(philox(1));
let state = optimiser.init(params);
const watch = watchTraining(model, x, { live: display, tokens: ["the", "bank", "of", "<b>river</b>", "was", "steep"] });
let steps = 0;
for (; steps < 100_000; steps++) {
  const until = performance.now() + 200;
  const [loss, g] = valueAndGrad((p: typeof params) => crossEntropy(model.apply(p, x), y))(params as never);
  if (!watch.step(params, { loss: loss as Tensor })) break;
  ({ params, state } = optimiser.update(params, g, state));
  while (performance.now() < until);
}
console.log("training ended at step", steps, "stopped", watch.result().stopped);`;

const notebook = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "cotangent", display_name: "TypeScript (Cotangent)", language: "typescript" },
  },
  cells: [{ id: "train", cell_type: "code", source, metadata: {}, execution_count: null, outputs: [] }],
});

describe("a training that is watched in JupyterLab", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "cotangent-watch-"));
  let lab: Lab;
  let browser: Browser;
  let open: NotebookPage;

  const openNotebook = async () => {
    open = await NotebookPage.open(browser, lab, "lab/tree/watch.ipynb");
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout: 60_000 });
    return open;
  };
  /** Steps that the picture tells of. */
  const told = async () =>
    Number(/\d+/.exec((await open.page.locator(".cot-verdict strong").textContent())!)![0]);
  const untilTold = (least: number) =>
    open.page.waitForFunction(
      (wanted) => Number(/\d+/.exec(document.querySelector(".cot-verdict strong")?.textContent ?? "")?.[0]) >= wanted, // prettier-ignore
      least,
      { timeout: 30_000 },
    );
  const button = (name: string) => open.cell(0).getByRole("button", { name, exact: true });

  before(async () => {
    writeFileSync(join(folder, "watch.ipynb"), notebook);
    [lab, browser] = await Promise.all([startLab({ rootDir: folder }), launchChromium()]);
    await openNotebook();
    await open.untilIdle();
    await open.cell(0).locator(".cm-content").click();
    await open.page.keyboard.press("Control+Enter");
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await open?.screenshot("failed-watch-training");
  });
  after(async () => {
    await open?.close();
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("shows pictures of steps while it runs", async () => {
    await button("Pause").waitFor({ timeout: 60_000 });
    const first = await told();
    await untilTold(first + 2);
    assert.match((await open.page.locator(".cot-counter").textContent())!, /^training step \d+ of \d+$/);
    assert.equal(await open.cell(0).locator("b").count(), 0, "a label is text");
    await open.screenshot("lab-watch-running");
  });

  it("waits at Pause, and goes one step at Step", async () => {
    await open.choose("Kernel", "Pause Computation");
    // Paused it answers wishes, not more: each step is one more than before.
    await button("Step").press("Enter");
    await untilTold((await told()) + 1);
    const before = await told();
    for (const more of [1, 2, 3]) {
      await button("Step").press("Enter");
      await untilTold(before + more);
    }
    const after = await told();
    assert.ok(after <= before + 5, `${after - before} steps for three`);
  });

  it("ends at Stop with the run so far to be scrubbed", async () => {
    await button("Stop").press("Enter");
    await open.page
      .locator(".jp-OutputArea-output", { hasText: "stopped true" })
      .waitFor({ timeout: 30_000 });
    await open.page
      .locator(".cot-verdict strong", { hasText: /^Training was stopped after/ })
      .waitFor({ timeout: 30_000 });
    assert.equal(await open.page.locator(".cot-steering").count(), 0);
    const view = open.views.first();
    await open.slider(view).focus();
    const last = await open.pixels(view);
    await open.page.keyboard.press("Home");
    await open.untilAt(view, "0");
    await open.untilRedrawn(view, last);
    await open.screenshot("lab-watch-stopped");
    open.assertQuiet();
  });

  it("is there in the saved notebook, without a kernel", async () => {
    const written = open.page.waitForResponse(
      (response) => response.request().method() === "PUT" && response.url().includes("/contents/watch.ipynb"),
    );
    await open.choose("File", "Save Notebook");
    await written;
    await open.choose("Kernel", "Shut Down Kernel");
    await open.close();
    const saved = JSON.parse(readFileSync(join(folder, "watch.ipynb"), "utf8")) as {
      cells: { outputs: { data?: Record<string, unknown> }[] }[];
    };
    const data = saved.cells[0]!.outputs.find((output) => output.data)!.data!;
    assert.ok(String(data["image/png"]).startsWith("iVBORw0KGgo"));
    assert.match(String(data["text/plain"]), /Attention in training: training was stopped/);
    await openNotebook();
    await open.views.first().waitFor({ timeout: 60_000 });
    const view = open.views.first();
    await open.slider(view).focus();
    await open.page.keyboard.press("Home");
    await open.untilAt(view, "0");
    assert.match((await open.page.locator(".cot-counter").textContent())!, /^training step 0 of \d+$/);
    await open.choose("Settings", "Theme", "JupyterLab Dark");
    await open.page.locator('body[data-jp-theme-light="false"]').waitFor({ state: "attached" });
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
    await view.scrollIntoViewIfNeeded();
    await open.screenshot("lab-watch-dark");
    open.assertQuiet();
  });
});
