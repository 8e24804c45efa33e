/** The tape view in a real JupyterLab: notebook 05 as its reader meets it. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";

import { launchChromium } from "../support/browser.js";
import { type Lab, ROOT, startLab } from "../support/lab.js";
import { NotebookPage } from "../support/notebook-page.js";

const NAME = "05-adjoints-played-backwards.ipynb";

describe("the notebook about adjoints", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "cotangent-tape-"));
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
    await open.views.first().waitFor({ timeout: 60_000 });
    return open;
  };

  it("draws its saved tapes without a kernel that has run, beside their source", async () => {
    const notebook = await openLab();
    const view = notebook.views.first();
    await view.scrollIntoViewIfNeeded();
    assert.match(await view.innerText(), /^f = 2\.12/);
    assert.ok((await view.locator(".cot-expression").count()) >= 8);
    await notebook.screenshot("lab-tape-saved");
    notebook.assertQuiet();
  });

  it("runs, and is played by keyboard, by its source and by its reasons", async () => {
    const notebook = await openLab();
    const { page } = notebook;
    await notebook.untilIdle();
    await notebook.cell(0).locator(".jp-InputArea-editor").click();
    await page.keyboard.press("Control+Enter");
    await notebook.cell(0).locator(".jp-InputPrompt", { hasText: "[1]:" }).waitFor({ timeout: 60_000 });

    const view = notebook.views.first();
    await view.scrollIntoViewIfNeeded();
    await notebook.untilAt(view, "21");
    const whole = await notebook.pixels(view);
    const slider = notebook.slider(view);
    await slider.focus();
    await page.keyboard.press("Home");
    await notebook.untilAt(view, "0");
    await notebook.untilRedrawn(view, whole);
    await page.keyboard.press("ArrowRight");
    await notebook.untilAt(view, "1");
    // The notebook is still in the cell where the reader is: no key reached its own shortcuts.
    assert.ok(await slider.evaluate((element) => element === document.activeElement));

    await view.locator(".cot-expression", { hasText: "Math.log(" }).click();
    await view.locator(".cot-node-name", { hasText: "log" }).waitFor();
    await slider.focus();
    await page.keyboard.press("End");
    await view.locator(".cot-why table .cot-node-link").first().click();
    await view.locator(".cot-node-name", { hasText: "%6 mul" }).waitFor();
    notebook.assertQuiet();
  });

  it("folds the forty years of the savings into one block, in a dark theme, too", async () => {
    const notebook = await openLab();
    await notebook.choose("Settings", "Theme", "JupyterLab Dark");
    const view = notebook.views.nth(2);
    await view.scrollIntoViewIfNeeded();
    await notebook.page.locator('.cot-tape[data-scheme="dark"]').nth(2).waitFor();
    assert.ok(await view.getByLabel("fold repeated blocks").isChecked());
    await notebook.screenshot("lab-tape-dark");
    const folded = await notebook.pixels(view);
    await view.getByLabel("fold repeated blocks").uncheck();
    await notebook.untilRedrawn(view, folded);
    notebook.assertQuiet();
  });
});
