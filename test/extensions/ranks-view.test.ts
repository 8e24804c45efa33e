import assert from "node:assert/strict";
import type { RanksViewState } from "@cotangent/views";
import type { RanksTrace } from "cotangent/trace";
import type { Page } from "playwright-core";
import { encodeRanks, ranksDrawn, renderRanks } from "../support/ranks-page.js";
import { ranksTrace } from "../support/ranks-trace.js";
import { viewsBrowser } from "../support/views-browser.js";

const run = ranksTrace();
const text = (page: Page, selector: string) => page.locator(selector).first().innerText();
const caption = (page: Page, panel: string) => text(page, `[data-panel="${panel}"] .cot-caption`);
const chart = (page: Page, panel: string) => page.locator(`[data-panel="${panel}"] .cot-chart`);
const shows = (page: Page, step: number) => page.locator(`.cot-ranks[data-step="${step}"]`).waitFor();

/** The places of the lines at the reader's step, in the coordinates of the page. */
const markers = (page: Page, panel: string) =>
  chart(page, panel)
    .locator(".shapelayer path")
    .evaluateAll((paths) => paths.map((path) => Math.round(path.getBoundingClientRect().x)));

async function open(
  browser: ReturnType<typeof viewsBrowser>,
  trace: RanksTrace,
  options = {},
): Promise<Page> {
  const page = await browser.open(options);
  await renderRanks(page, encodeRanks(trace));
  return page;
}

describe("the ranks view", function () {
  this.timeout(60_000);
  const browser = viewsBrowser();

  describe("of a run", () => {
    it("draws a line for every layer, with its ceiling, and says what sets it", async () => {
      const page = await open(browser, run);
      const panel = page.locator('[data-panel="ranks"]');
      assert.equal(await panel.locator(".scatterlayer .trace").count(), 4);
      const dashes = await panel
        .locator(".scatterlayer .js-line")
        .evaluateAll((lines) =>
          lines.map(
            (line) =>
              (line as SVGElement).style.strokeDasharray !== "" &&
              (line as SVGElement).style.strokeDasharray !== "none",
          ),
        );
      assert.deepEqual(dashes, [true, false, true, false]);
      const words = (await panel.locator(".infolayer").textContent())!;
      assert.match(words, /ceiling 6 \(outputs\)/);
      assert.match(words, /ceiling 16 \(rows of the batch\)/);
    });

    it("opens at the end, says what it cost, and marks the first layer", async () => {
      const page = await open(browser, run);
      await shows(page, 59);
      assert.match(await text(page, ".cot-verdict"), /rank-dAD, 60 steps at 2 sites/);
      assert.match(await text(page, ".cot-notes"), /◆ \[0\] is the first layer: its input is the data/);
      assert.match(await caption(page, "traffic"), /Until step 59: .* the same to the byte/);
      const bars = await chart(page, "traffic").locator(".bars .point").count();
      assert.equal(bars, 2 * 2 * 2 * 2, "layers × sites × up and down × sent and by formula");
    });

    it("recomputes the ranks from the stored singular values as θ moves", async () => {
      const page = await open(browser, run);
      const line = () => chart(page, "ranks").locator(".scatterlayer .js-line").nth(1).getAttribute("d");
      const before = await line();
      assert.match(await caption(page, "ranks"), /^Step 59: \[0\] ◆ 8\.0 of at most 16/);
      await page.locator(".cot-theta-slider").press("End");
      await page.locator(".cot-ranks:not([data-theta='0.05'])").waitFor();
      await ranksDrawn(page);
      assert.match(await caption(page, "ranks"), /^Step 59: \[0\] ◆ 1\.0 of at most 16; \[1\] 1\.0/);
      assert.notEqual(await line(), before);
      await page.locator(".cot-text-button").click();
      await page.locator(".cot-ranks[data-theta='0.05']").waitFor();
      await ranksDrawn(page);
      assert.match(await caption(page, "ranks"), /^Step 59: \[0\] ◆ 8\.0 of at most 16/);
      assert.equal(await line(), before);
    });

    it("shows the singular values of the layer that is chosen", async () => {
      const page = await open(browser, run);
      const picture = () => chart(page, "sigma").locator("image").getAttribute("href");
      const before = await picture();
      await page.locator(".cot-layer-select").selectOption("1");
      await page.locator('.cot-ranks[data-layer="1"]').waitFor();
      await ranksDrawn(page);
      assert.notEqual(await picture(), before);
      assert.match(await caption(page, "sigma"), /^Step 59: 6 values of site 0/);
    });

    it("moves the marks of all charts, and the bars, with the slider and its keys", async () => {
      const page = await open(browser, run);
      const before = await Promise.all(["ranks", "sigma", "measure"].map((panel) => markers(page, panel)));
      const bar = () => chart(page, "traffic").locator(".bars .point path").first().getAttribute("d");
      const long = await bar();
      const slider = page.locator(".cot-time .cot-slider");
      for (const [key, step] of [
        ["Home", 0],
        ["ArrowRight", 1],
        ["Shift+ArrowRight", 11],
        ["ArrowLeft", 10],
      ] as const) {
        await slider.press(key);
        await shows(page, step);
      }
      await ranksDrawn(page);
      const after = await Promise.all(["ranks", "sigma", "measure"].map((panel) => markers(page, panel)));
      after.forEach((places, i) => assert.ok(places[0]! < before[i]![0]! - 50, `chart ${i}`));
      assert.notEqual(await bar(), long);
      assert.match((await slider.getAttribute("aria-valuetext"))!, /^step 10 of 59, .* up so far$/);
    });

    it("stays where a reader has zoomed in, when θ moves", async () => {
      const page = await open(browser, run);
      const box = (await chart(page, "ranks").locator(".nsewdrag").boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.4);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.42, { steps: 5 });
      await page.mouse.up();
      const ticks = async () => (await chart(page, "ranks").locator(".xtick text").allTextContents()).sort();
      // Every ten steps before, every five in what is seen now.
      await chart(page, "ranks").locator(".xtick text", { hasText: "35" }).waitFor();
      const before = await ticks();
      await page.locator(".cot-theta-slider").press("End");
      await page.locator(".cot-ranks:not([data-theta='0.05'])").waitFor();
      await ranksDrawn(page);
      assert.deepEqual(await ticks(), before);
      assert.ok(!before.includes("0"));
    });

    it("goes to the step of a chart that is clicked", async () => {
      const page = await open(browser, run);
      const box = (await chart(page, "ranks").locator(".nsewdrag").boundingBox())!;
      // The third of four lines is at its ceiling, 6, all the time: a click there is on a point.
      const [low, high] = [0, 16 * 1.12];
      const y = box.y + box.height * (1 - (6 - low) / (high - low));
      await page.mouse.move(box.x + box.width / 2, y);
      await chart(page, "ranks").locator(".hoverlayer .hovertext").first().waitFor();
      await page.mouse.click(box.x + box.width / 2, y);
      await page.locator(".cot-ranks:not([data-step='59'])").waitFor();
      const step = Number(await page.locator(".cot-ranks").getAttribute("data-step"));
      assert.ok(Math.abs(step - 29.5) <= 1, String(step));
    });

    it("plays to the end and stops there", async () => {
      const page = await browser.open({}, (page) => page.clock.install());
      await page.evaluate(() => undefined);
      await renderRanksUnderClock(page, encodeRanks(run));
      await page.locator(".cot-play").click();
      await page.clock.runFor(500);
      await page.locator('.cot-ranks[data-playing="true"]').waitFor();
      assert.ok(
        Number(await page.locator(".cot-ranks").getAttribute("data-step")) < 59,
        "from the beginning",
      );
      await page.clock.runFor(30_000);
      await page.locator('.cot-ranks[data-playing="false"][data-step="59"]').waitFor();
    });

    it("has words for its charts, and a table", async () => {
      const page = await open(browser, run);
      const labels = await page
        .locator('.cot-chart[role="img"]')
        .evaluateAll((charts) => charts.map((each) => each.getAttribute("aria-label")));
      assert.equal(labels.length, 4);
      for (const label of labels) assert.match(label!, /59/);
      await page.locator(".cot-alternative summary").click();
      await page.locator(".cot-alternative tbody tr").nth(1).waitFor();
      assert.match(await text(page, ".cot-alternative caption"), /After step 59, θ 0\.05/);
      const cells = await page.locator(".cot-alternative tbody tr").first().locator("th, td").allInnerTexts();
      assert.deepEqual(cells.slice(0, 4), ["[0] ◆", "40 × 32", "8.0", "16"]);
      assert.equal(cells[5], cells[6], "sent, and by formula");
    });

    it("carries, on every element that can be focused, the mark that keeps a notebook's shortcuts away", async () => {
      const page = await open(browser, run);
      const unmarked = await page.evaluate(() =>
        [...document.querySelectorAll("button, input, select, summary, [tabindex]")]
          .filter((element) => !element.hasAttribute("data-lm-suppress-shortcuts"))
          .map((element) => element.className),
      );
      assert.deepEqual(unmarked, []);
    });

    for (const width of [320, 480, 700, 1600])
      it(`fits into ${width} pixels`, async () => {
        const page = await open(browser, run, { viewport: { width, height: 800 } });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
      });

    it("fits again when its room changes, without losing its place", async () => {
      const page = await open(browser, run);
      await page.locator(".cot-time .cot-slider").press("Home");
      await page.setViewportSize({ width: 400, height: 800 });
      await page.waitForFunction(
        () => document.querySelector(".cot-ranks .main-svg")!.getBoundingClientRect().width < 400,
      );
      await shows(page, 0);
    });

    it("follows the theme of the page", async () => {
      const page = await open(browser, run);
      const colour = () =>
        chart(page, "ranks")
          .locator(".xtick text")
          .first()
          .evaluate((each) => getComputedStyle(each).fill);
      const light = await colour();
      await page.emulateMedia({ colorScheme: "dark" });
      await page.locator('.cot-ranks[data-scheme="dark"]').waitFor();
      await ranksDrawn(page);
      assert.notEqual(await colour(), light);
    });
  });

  describe("beside other runs", () => {
    it("draws what each reached for its bytes, and tells of all of them in a table", async () => {
      const names = ["dSGD", "dAD", "edAD", "PowerSGD"];
      const others = names.map((name, i) => ({
        name,
        measure: "accuracy",
        steps: Int32Array.of(9, 59),
        up: Float64Array.of(1e5 * i, 1e6 * i),
        down: Float64Array.of(0, 0),
        values: Float64Array.of(0.5, 0.9),
      }));
      const page = await open(browser, { ...run, others });
      assert.equal(await chart(page, "measure").locator(".scatterlayer .trace").count(), 5);
      assert.match(await caption(page, "measure"), /At the end, accuracy: rank-dAD .*; 2 more\.$/);
      await page.locator(".cot-alternative summary").click();
      assert.deepEqual(await page.locator(".cot-runs tbody tr").last().locator("th, td").allInnerTexts(), [
        "PowerSGD",
        "0.9",
        "3 MB",
      ]);
    });
  });

  describe("of strange runs", () => {
    it("says why there is no rank, and how to get one, where no singular value is stored", async () => {
      const page = await open(browser, { ...ranksTrace({ singularValues: 0 }), measures: [] });
      assert.match(
        await text(page, '[data-panel="ranks"] .cot-chart-message'),
        /record: \{ spectra: "gradient" \}/,
      );
      assert.match(await text(page, '[data-panel="measure"] .cot-chart-message'), /Nothing was measured/);
      assert.ok(await page.locator(".cot-theta-slider").isDisabled());
      assert.equal((await chart(page, "traffic").locator(".main-svg").count()) > 0, true);
    });

    it("draws a single step, with nothing to play", async () => {
      const page = await open(browser, ranksTrace({ steps: 1 }));
      assert.ok(await page.locator(".cot-play").isDisabled());
      assert.equal(await chart(page, "ranks").locator(".scatterlayer .point").count(), 2);
      assert.equal(await text(page, ".cot-counter"), "step 0 of 0");
    });

    it("crosses out singular values that are not finite, and draws the others", async () => {
      const values = run.spectra.values.slice();
      values.fill(Infinity, 0, 3);
      values[40] = NaN;
      const page = await open(browser, { ...run, spectra: { ...run.spectra, values } });
      assert.ok((await chart(page, "sigma").locator(".scatterlayer .point").count()) >= 3);
      assert.equal(await chart(page, "sigma").locator("image").count(), 1);
      await page.locator(".cot-theta-slider").press("ArrowRight");
      await ranksDrawn(page);
      assert.equal(await page.locator(".cot-message").count(), 0);
    });

    it("draws numbers that nobody would expect, everywhere", async () => {
      const wild = (array: Float64Array | Float32Array) =>
        array.fill(NaN, 0, 9).fill(Infinity, 9, 12).fill(-1e300, 12, 15);
      const trace = ranksTrace({ steps: 10 });
      const { bytes } = trace;
      for (const array of [
        trace.effectiveRank,
        trace.spectra.values,
        bytes.up,
        bytes.down,
        bytes.upFormula,
        trace.measures[0]!.values,
        trace.error.relative,
      ])
        wild(array);
      const page = await open(browser, trace);
      await page.locator(".cot-time .cot-slider").press("Home");
      await shows(page, 0);
      await ranksDrawn(page);
      await page.locator(".cot-alternative summary").click();
      assert.equal(await page.locator(".cot-message").count(), 0);
    });

    it("says which sites failed, when and why", async () => {
      const failures = [{ site: 1, step: 20, message: "the line went dead" }];
      const page = await open(browser, { ...run, status: "stopped", failures });
      assert.equal(await page.locator(".cot-verdict").getAttribute("data-level"), "bad");
      assert.match(await text(page, ".cot-notes"), /Site site 1 failed in step 20: the line went dead/);
    });

    it("draws no more than can be seen of a thousand layers at a thousand sites", async () => {
      const many = ranksTrace({
        steps: 1,
        sites: 1000,
        widths: Array.from({ length: 100 }, () => [8, 8] as const),
        singularValues: 2,
      });
      const page = await open(browser, many);
      assert.ok((await page.locator(".main-svg path").count()) < 1500);
      assert.match(await text(page, ".cot-notes"), /12 of 100 layers are drawn/);
    });
  });

  describe("that is drawn again while the run goes on", () => {
    const state = (page: Page) => page.evaluate(() => window.ranks.view!.state);
    const again = (page: Page, steps: number, held: RanksViewState) =>
      renderRanks(page, encodeRanks({ ...ranksTrace({ steps }), status: "running" }), { state: held });

    it("keeps the reader's step, θ and layer", async () => {
      const page = await open(browser, { ...ranksTrace({ steps: 20 }), status: "running" });
      await page.evaluate(() => {
        const view = window.ranks.view!;
        view.showStep(7);
        view.showTheta(0.3);
        view.showLayer(1);
      });
      await shows(page, 7);
      await again(page, 30, await state(page));
      await page.locator('.cot-ranks[data-step="7"][data-theta="0.3"][data-layer="1"]').waitFor();
      assert.match(await text(page, ".cot-verdict"), /is running: 30 steps so far/);
    });

    it("keeps a speed that the reader chose, and chooses another for more steps where they did not", async () => {
      const page = await open(browser, { ...ranksTrace({ steps: 2 }), status: "running" });
      const speed = () => page.locator(".cot-transport .cot-speed").inputValue();
      assert.equal(await speed(), "2");
      await again(page, 300, await state(page));
      assert.equal(await speed(), "60");
      await page.locator(".cot-transport .cot-speed").selectOption("5");
      await again(page, 310, await state(page));
      assert.equal(await speed(), "5");
    });

    it("takes a reader who is at the end to the end that there is now", async () => {
      const page = await open(browser, { ...ranksTrace({ steps: 20 }), status: "running" });
      await shows(page, 19);
      await again(page, 30, await state(page));
      await shows(page, 29);
    });
  });
});

/** The page's clock stands still until it is told to run: what is drawn meanwhile is waited for by what it makes. */
async function renderRanksUnderClock(page: Page, data: unknown): Promise<void> {
  const drawn = renderRanks(page, data);
  await page.locator(".cot-ranks").waitFor();
  await page.clock.runFor(1000);
  await drawn;
}
