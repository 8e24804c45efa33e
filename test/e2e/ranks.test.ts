/** The view of a distributed run in a real JupyterLab: a training cell is run, read with θ, layers and steps, and read again later. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser, Locator } from "playwright-core";

import { launchChromium } from "../support/browser.js";
import { type Lab, ROOT, startLab } from "../support/lab.js";
import { NotebookPage } from "../support/notebook-page.js";

const NAME = "07-what-the-gradient-is-made-of.ipynb";

describe("the view of a distributed run", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "cotangent-ranks-"));
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

  const openLab = async () => {
    open = await NotebookPage.open(browser, lab, `lab/tree/${NAME}`);
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout: 60_000 });
    await open.page.locator(".cot-ranks").first().waitFor({ timeout: 60_000 });
    return open;
  };
  /** The charts of a view are there when the last of them is. */
  const untilDrawn = async (view: Locator) => {
    await view.scrollIntoViewIfNeeded();
    await view.locator('[data-panel="traffic"] .bars .point').first().waitFor({ timeout: 60_000 });
  };
  const caption = (view: Locator, panel: string) => view.locator(`[data-panel="${panel}"] .cot-caption`);

  /** Whether or not it is on the screen: a notebook hides the cells that are far from it. */
  const wordsOf = async (element: Locator): Promise<string> => (await element.textContent()) ?? "";

  it("runs its cell, and is read with θ, layer and step", async () => {
    const notebook = await openLab();
    const { page } = notebook;
    await notebook.untilIdle();
    await notebook.choose("Run", "Run All Cells");
    await notebook.cell(7).locator(".jp-InputPrompt", { hasText: "[8]:" }).waitFor({ timeout: 90_000 });
    assert.equal(await page.locator('[data-mime-type="application/vnd.jupyter.error"]').count(), 0);

    // The run was shown while it went on; at its end it is the whole.
    const view = notebook.cell(5).locator(".cot-ranks");
    await untilDrawn(view);
    assert.equal(await view.count(), 1);
    assert.match(await wordsOf(view.locator(".cot-verdict")), /rank-dAD, 300 steps at 2 sites/);
    assert.match(
      await wordsOf(caption(view, "ranks")),
      /^Step 299: \[0\] ◆ [\d.]+ of at most 16; \[1\] [\d.]+ of at most 6/,
    );
    const counts = async () =>
      (await wordsOf(caption(view, "ranks"))).match(/ [\d.]+ of/g)!.map((count) => parseFloat(count));
    const before = await counts();

    const slider = view.locator(".cot-theta-slider");
    await slider.focus();
    await page.keyboard.press("End");
    await view.and(page.locator(':not([data-theta="0.05"])')).waitFor();
    const coarse = await counts();
    assert.ok(
      coarse.every((count, i) => count < before[i]!),
      `${coarse.join()} < ${before.join()}`,
    );

    await view.locator(".cot-layer-select").selectOption({ index: 1 });
    await caption(view, "sigma")
      .filter({ hasText: /^Step 299: \d values of 0–2/ })
      .waitFor();

    const steps = view.locator(".cot-time .cot-slider");
    await steps.focus();
    await page.keyboard.press("Home");
    await view.and(page.locator('[data-step="0"]')).waitFor();
    await page.keyboard.press("Shift+ArrowRight");
    await view.and(page.locator('[data-step="10"]')).waitFor();
    assert.match(await wordsOf(caption(view, "traffic")), /^Until step 10: .*the same to the byte/);
    // The notebook is still in the cell where the reader is: no key reached its own shortcuts.
    assert.ok(await steps.evaluate((element) => element === document.activeElement));
    await notebook.screenshot("ranks-lab-light");

    const compared = notebook.cell(6).locator(".cot-ranks");
    await untilDrawn(compared);
    assert.equal(await compared.locator('[data-panel="measure"] .scatterlayer .trace').count(), 6);
    await notebook.screenshot("ranks-lab-compared");
    await notebook.choose("File", "Save Notebook");
    await page.locator(".lm-TabBar-tab.jp-mod-dirty").waitFor({ state: "detached" });
    notebook.assertQuiet();
  });

  it("is drawn again from the saved notebook, without a kernel", async () => {
    const notebook = await openLab();
    const { page } = notebook;
    await notebook.untilIdle();
    await notebook.choose("Kernel", "Shut Down Kernel");
    const view = notebook.cell(5).locator(".cot-ranks");
    await untilDrawn(view);
    assert.match(await wordsOf(view.locator(".cot-verdict")), /rank-dAD, 300 steps/);
    await view.locator(".cot-theta-slider").press("End");
    await view.and(page.locator(':not([data-theta="0.05"])')).waitFor();
    notebook.assertQuiet();
  });

  // The last one: the server keeps the theme.
  it("takes the colours of the dark theme", async () => {
    const notebook = await openLab();
    const { page } = notebook;
    const view = notebook.cell(5).locator(".cot-ranks");
    await untilDrawn(view);
    const colour = () =>
      view
        .locator('[data-panel="ranks"] .xtick text')
        .first()
        .evaluate((text) => getComputedStyle(text).fill);
    const light = await colour();
    await notebook.choose("Settings", "Theme", "JupyterLab Dark");
    await view.and(page.locator('[data-scheme="dark"]')).waitFor();
    await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
    await view.evaluate(
      (root, before) =>
        new Promise<void>((changed) => {
          const look = () => {
            const text = root.querySelector('[data-panel="ranks"] .xtick text');
            if (text && getComputedStyle(text).fill !== before) changed();
            else requestAnimationFrame(look);
          };
          look();
        }),
      light,
    );
    await view.scrollIntoViewIfNeeded();
    await notebook.screenshot("ranks-lab-dark");
    notebook.assertQuiet();
  });
});
