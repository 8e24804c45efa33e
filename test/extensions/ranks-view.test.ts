import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { encodeRanks, ranksDrawn, renderRanks } from "../support/ranks-page.js";
import { ranksTrace } from "../support/ranks-trace.js";
import { viewsBrowser } from "../support/views-browser.js";

const run = ranksTrace();
const text = (page: Page, selector: string) => page.locator(selector).first().innerText();

describe("the ranks view", function () {
  this.timeout(60_000);
  const browser = viewsBrowser();

  it("draws a line for every layer, with its ceiling, and says what sets it", async () => {
    const page = await browser.open();
    await renderRanks(page, encodeRanks(run));
    const panel = page.locator('[data-panel="ranks"]');
    assert.equal(await panel.locator(".scatterlayer .trace").count(), 4);
    assert.match(await panel.locator(".infolayer").innerHTML(), /ceiling 16 \(rows of the batch\)/);
    assert.match(await panel.locator(".infolayer").innerHTML(), /ceiling 6 \(outputs\)/);
  });

  it("recomputes the ranks from the stored singular values as θ moves", async () => {
    const page = await browser.open();
    await renderRanks(page, encodeRanks(run));
    const readout = () => text(page, '[data-panel="ranks"] .cot-caption');
    assert.match(await readout(), /^Step 59: \[0\] ◆ 8\.0 of at most 16/);
    await page.locator(".cot-theta-slider").press("End");
    await page.locator(".cot-ranks:not([data-theta='0.05'])").waitFor();
    await ranksDrawn(page);
    assert.match(await readout(), /^Step 59: \[0\] ◆ 1\.0 of at most 16; \[1\] 1\.0/);
    await page.locator(".cot-text-button").click();
    await page.locator(".cot-ranks[data-theta='0.05']").waitFor();
    await ranksDrawn(page);
    assert.match(await readout(), /^Step 59: \[0\] ◆ 8\.0 of at most 16/);
  });
});
