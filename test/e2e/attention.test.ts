/** The whole path in a real JupyterLab and a real browser: the first notebook as its reader meets it. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";

import { launchChromium } from "../support/browser.js";
import { type Lab, ROOT, startLab } from "../support/lab.js";
import { ARTEFACTS, NotebookPage } from "../support/notebook-page.js";

const NAME = "01-watch-attention-converge.ipynb";

describe("the first notebook", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "cotangent-e2e-"));
  let lab: Lab;
  let browser: Browser;
  let open: NotebookPage | undefined;

  before(async () => {
    copyFileSync(join(ROOT, "notebooks", NAME), join(folder, NAME));
    [lab, browser] = await Promise.all([startLab({ rootDir: folder }), launchChromium()]);
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed")
      await open?.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, "-").slice(0, 60)}`);
    await open?.close();
    open = undefined;
  });
  after(async () => {
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const openLab = async (path = `lab/tree/${NAME}`) => {
    open = await NotebookPage.open(browser, lab, path);
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout: 60_000 });
    await open.views.first().waitFor({ timeout: 60_000 });
    return open;
  };

  it("draws its saved outputs before any cell is run", async () => {
    const notebook = await openLab();
    await notebook.views.first().scrollIntoViewIfNeeded();
    assert.match(await notebook.views.first().innerText(), /converged in 23 iterations/i);
    await notebook.untilIdle();
    await notebook.screenshot("lab-saved-light");
    notebook.assertQuiet();
  });

  it("runs, moves, and can be scrubbed by slider and keyboard", async () => {
    const notebook = await openLab();
    const { page } = notebook;
    await notebook.untilIdle();
    await notebook.choose("Run", "Run All Cells");
    // The last cell's result is there when all before it have run.
    await notebook.cell(6).locator(".jp-InputPrompt", { hasText: "[7]:" }).waitFor({ timeout: 60_000 });
    assert.equal(
      await page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]').count(),
      0,
    );

    const view = notebook.views.first();
    await view.scrollIntoViewIfNeeded();
    const slider = notebook.slider(view);
    // A solve that has just been drawn opens on its result.
    const last = (await slider.getAttribute("max"))!;
    await notebook.untilAt(view, last);
    const finalPicture = await notebook.pixels(view);
    await slider.focus();
    await page.keyboard.press("Home");
    await notebook.untilAt(view, "0");
    const firstPicture = await notebook.untilRedrawn(view, finalPicture);
    await page.keyboard.press("ArrowRight");
    await notebook.untilAt(view, "1");
    const secondPicture = await notebook.untilRedrawn(view, firstPicture);
    await notebook.screenshot("lab-first-iterations");

    // Drag the thumb to the fourth iteration; the later ones look alike, as they should.
    const box = (await slider.boundingBox())!;
    const thumb = 7;
    const xOf = (iteration: number) => box.x + thumb + ((box.width - 2 * thumb) * iteration) / Number(last);
    await page.mouse.move(xOf(1), box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(xOf(4), box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await notebook.untilAt(view, "4");
    const fourthPicture = await notebook.untilRedrawn(view, secondPicture);

    await slider.focus();
    await page.keyboard.press("End");
    await notebook.untilAt(view, last);
    assert.equal(await notebook.untilRedrawn(view, fourthPicture), finalPicture);
    // The notebook is still in the cell where the reader is: no key reached its own shortcuts.
    assert.ok(await slider.evaluate((element) => element === document.activeElement));
    // But a chord does: the notebook is saved, and the slider keeps its keys.
    const dirty = page.locator(".lm-DockPanel-tabBar .lm-mod-current.jp-mod-dirty");
    await dirty.waitFor();
    await page.keyboard.press("Control+s");
    await dirty.waitFor({ state: "detached" });
    await page.keyboard.press("Home");
    await notebook.untilAt(view, "0");
    notebook.assertQuiet();
  });

  it("keeps its pictures over a restart of the kernel and a new visit", async () => {
    const notebook = await openLab();
    const { page } = notebook;
    await notebook.untilIdle();
    await notebook.choose("Kernel", "Restart Kernel…");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    await notebook.untilIdle();
    const before = await notebook.pixels(notebook.views.first());
    await page.keyboard.press("Control+s");
    await notebook.close();
    const again = await openLab();
    assert.equal(await again.pixels(again.views.first()), before);
    again.assertQuiet();
  });

  it("says something readable in place of a broken trace, and of a newer one", async () => {
    const text = readFileSync(join(ROOT, "notebooks", NAME), "utf8");
    const notebookJson = JSON.parse(text) as {
      cells: { outputs?: { data?: Record<string, Record<string, unknown>> }[] }[];
    };
    const traces = notebookJson.cells
      .flatMap(({ outputs = [] }) => outputs)
      .flatMap(({ data }) => {
        const trace = data?.["application/vnd.cotangent.attention.v1+json"];
        return trace ? [trace] : [];
      });
    traces[0]!["tokens"] = "<img src=x onerror=alert(1)>";
    traces[1]!["version"] = "2.0";
    writeFileSync(join(folder, "broken.ipynb"), JSON.stringify(notebookJson));
    open = await NotebookPage.open(browser, lab, "lab/tree/broken.ipynb");
    const messages = open.page.locator(".jp-OutputArea .cot-message");
    await messages.nth(1).waitFor({ timeout: 60_000 });
    assert.match(await messages.nth(0).innerText(), /tokens/);
    assert.match(await messages.nth(1).innerText(), /newer/i);
    assert.equal(await open.page.locator(".jp-OutputArea img[src='x']").count(), 0);
    await open.screenshot("lab-broken-trace");
    open.assertQuiet();
  });

  it("makes the README's picture", async () => {
    open = await NotebookPage.open(browser, lab, `lab/tree/${NAME}`, {
      deviceScaleFactor: 2,
      viewport: { width: 1240, height: 1000 },
    });
    const view = open.views.first();
    await view.waitFor({ timeout: 60_000 });
    await view.scrollIntoViewIfNeeded();
    mkdirSync(ARTEFACTS, { recursive: true });
    // An early iteration, with a cell being read: what the view is for.
    await open.untilAt(view, (await open.slider(view).getAttribute("max"))!);
    await open.slider(view).focus();
    for (const key of ["Home", "ArrowRight", "ArrowRight"]) await open.page.keyboard.press(key);
    await open.untilAt(view, "2");
    const matrix = (await view.locator(".cot-matrix").boundingBox())!;
    const cell = matrix.width / 16;
    await open.page.mouse.move(matrix.x + 1.5 * cell, matrix.y + 4.5 * cell);
    await view.locator('.cot-readout[data-empty="false"]').waitFor();
    const readout = (await view.locator(".cot-readout").boundingBox())!;
    const terms = (await view.locator(".cot-readout dl").boundingBox())!;
    assert.ok(
      terms.y + terms.height <= readout.y + readout.height,
      "what is read fits into the room reserved for it",
    );
    const box = (await view.boundingBox())!;
    const clip = { x: box.x - 4, y: box.y, width: box.width + 8, height: box.height };
    const picture = await open.page.screenshot({ path: join(ARTEFACTS, "attention.png"), clip });
    assert.ok(picture.length > 20_000);
    // The committed copy changes only when it is asked to: npm run screenshots.
    if (process.env["COTANGENT_SCREENSHOTS"]) writeFileSync(join(ROOT, "docs", "attention.png"), picture);
  });

  // The last one: the server keeps the theme.
  it("is drawn in the dark theme too", async () => {
    const notebook = await openLab();
    const { page } = notebook;
    const light = await notebook.pixels(notebook.views.first());
    await notebook.choose("Settings", "Theme", "JupyterLab Dark");
    await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: "attached" });
    await notebook.untilRedrawn(notebook.views.first(), light);
    // JupyterLab covers itself while it changes its clothes.
    await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
    await notebook.views.first().scrollIntoViewIfNeeded();
    await notebook.screenshot("lab-dark");
    notebook.assertQuiet();
  });
});

describe("Notebook 7", function () {
  this.timeout(120_000);

  it("draws the same notebook", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cotangent-e2e-"));
    copyFileSync(join(ROOT, "notebooks", NAME), join(folder, NAME));
    const [lab, browser] = await Promise.all([
      startLab({ app: "notebook", rootDir: folder }),
      launchChromium(),
    ]);
    try {
      const notebook = await NotebookPage.open(browser, lab, `notebooks/${NAME}`);
      await notebook.views.nth(1).waitFor({ timeout: 60_000 });
      const view = notebook.views.first();
      const before = await notebook.pixels(view);
      await notebook.slider(view).focus();
      await notebook.page.keyboard.press("Home");
      await notebook.untilRedrawn(view, before);
      await notebook.screenshot("notebook7");
      notebook.assertQuiet();
    } finally {
      await browser.close();
      await lab.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
