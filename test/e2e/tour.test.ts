/** The tour of the kernel as its reader takes it, in a real JupyterLab: answers, Stop, Tab, pictures. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Browser } from "playwright-core";

import { launchChromium } from "../support/browser.js";
import { type Lab, ROOT, startLab } from "../support/lab.js";
import { NotebookPage } from "../support/notebook-page.js";

const NAME = "02-the-kernel.ipynb";
/** Its code cell with the loop that never ends. */
const LOOP = 11;

describe("the tour of the kernel", function () {
  this.timeout(180_000);
  // Beside the house's own packages, as the notebook is: it imports d3.
  const folder = mkdtempSync(join(ROOT, ".cotangent", "tour-"));
  let lab: Lab;
  let browser: Browser;
  let open: NotebookPage;

  before(async () => {
    copyFileSync(join(ROOT, "notebooks", NAME), join(folder, NAME));
    [lab, browser] = await Promise.all([startLab({ rootDir: folder }), launchChromium()]);
    open = await NotebookPage.open(browser, lab, `lab/tree/${NAME}`);
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout: 60_000 });
    await open.untilIdle();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed")
      await open?.screenshot(`failed-${this.currentTest.title.slice(0, 40)}`);
  });
  after(async () => {
    await open?.close();
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const output = (text: RegExp) => open.page.locator(".jp-OutputArea-output", { hasText: text });

  it("runs from top to bottom, and waits where it asks until it is answered", async () => {
    await open.choose("Run", "Run All Cells");
    const answer = open.page.locator(".jp-Stdin-input");
    await answer.waitFor({ timeout: 90_000 });
    await answer.fill("Ada");
    await answer.press("Enter");
    await output(/Welcome, Ada\./).waitFor({ timeout: 30_000 });
    await output(/Not yet: its cube/).waitFor({ timeout: 30_000 });
    assert.equal(
      await open.page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]').count(),
      0,
    );
    for (const [i, place] of [
      ".jp-RenderedSVG",
      ".cot-plotly .main-svg",
      ".jp-RenderedHTMLCommon progress",
    ].entries()) {
      const shown = open.page.locator(place).first();
      await shown.scrollIntoViewIfNeeded();
      await shown.waitFor({ timeout: 30_000 });
      await open.screenshot(`tour-${i + 1}`);
    }
    open.assertQuiet();
  });

  /** Put other code into the cell that loops, and be in it. */
  const write = async (code: string) => {
    const editor = open.cell(LOOP).locator(".cm-content");
    await editor.scrollIntoViewIfNeeded();
    await editor.click();
    await open.page.keyboard.press("ControlOrMeta+A");
    await open.page.keyboard.insertText(code);
  };

  it("stops an endless loop by its Stop button, and the variables are there", async () => {
    await write("let turns = 0;\nconsole.log('on');\nwhile (true) turns += 1;");
    await open.page.keyboard.press("Control+Enter");
    await output(/^on/).waitFor({ timeout: 30_000 });
    await open.page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
    await output(/Interrupted: The cell was interrupted/).waitFor({ timeout: 30_000 });
    await write("turns > 0 ? 'kept' : 'lost'");
    await open.page.keyboard.press("Control+Enter");
    await output(/'kept'/).waitFor({ timeout: 30_000 });
  });

  it("completes by Tab what a planet has, and explains it by Shift+Tab", async () => {
    await write("planets[0].dist");
    await open.page.keyboard.press("Tab");
    // One possibility is taken at once, several are offered.
    await open.page
      .locator(".jp-Completer-item", { hasText: "distance" })
      .or(open.cell(LOOP).locator(".cm-content", { hasText: "planets[0].distance" }))
      .first()
      .waitFor({ timeout: 30_000 });
    await open.page.keyboard.press("Escape");
    await write("planets[0].distance");
    await open.page.keyboard.press("Shift+Tab");
    const tip = open.page.locator(".jp-Tooltip");
    await tip.waitFor({ timeout: 30_000 });
    await open.screenshot("tour-tooltip");
    assert.match(await tip.innerText(), /distance: number[^]*astronomical units/);
  });
});
