import assert from "node:assert/strict";
import { RANKS_MIME, type RanksTrace } from "cotangent/trace";
import type { Page } from "playwright-core";
import { activity, countActivity } from "../support/activity.js";
import { encodeRanks, renderRanks } from "../support/ranks-page.js";
import { ranksTrace } from "../support/ranks-trace.js";
import { viewsBrowser } from "../support/views-browser.js";

const trace = ranksTrace({ steps: 20 });
const running = (steps: number): RanksTrace => ({ ...ranksTrace({ steps }), status: "running" });

/** Plotly.js asks once, when it is loaded, what the browser knows, with an event of its own making that is called "test". */
const ofViews = (listeners: readonly string[]) =>
  listeners.filter((name) => !name.startsWith("Window test "));

describe("the life of a ranks view", function () {
  this.timeout(60_000);
  const browser = viewsBrowser();

  it("leaves nothing behind when it is destroyed while playing", async () => {
    const page = await browser.open({}, countActivity);
    await renderRanks(page, encodeRanks(trace));
    await page.evaluate(() => window.ranks.view!.play());
    await page.locator('[data-playing="true"]').waitFor();
    const during = await activity(page);
    assert.ok(during.observers >= 2 && during.listeners.length >= 2, "the counters count");
    const children = await page.evaluate(async () => {
      const { view } = window.ranks;
      window.ranks.destroy();
      window.ranks.destroy();
      // A chart that plotly.js is drawing is taken away when it is done.
      await view!.drawn();
      return document.querySelector("main")!.childNodes.length;
    });
    assert.equal(children, 0);
    const { observers, listeners } = await activity(page);
    assert.deepEqual({ observers, listeners: ofViews(listeners) }, { observers: 0, listeners: [] });
  });

  it("gives every chart back to plotly.js", async () => {
    const page = await browser.open();
    await renderRanks(page, encodeRanks(trace));
    const purged = await page.evaluate(() => {
      const purged: Element[] = [];
      const { purge } = window.Plotly;
      window.Plotly.purge = (host) => {
        purged.push(host);
        purge(host);
      };
      const charts = document.querySelectorAll(".cot-chart");
      window.ranks.destroy();
      return [...charts].map((chart) => purged.includes(chart));
    });
    assert.deepEqual(purged, [true, true, true, true]);
  });

  it("draws nothing when it is destroyed before plotly.js has come", async () => {
    const page = await browser.open();
    const drawn = await page.evaluate(async (data) => {
      let drawn = 0;
      let arrive = () => {};
      const library = {
        react: () => Promise.resolve(drawn++),
        relayout: () => Promise.resolve(drawn++),
        purge: () => undefined,
      };
      const plotly = () => new Promise<typeof library>((loaded) => (arrive = () => loaded(library)));
      const shown = window.cotangent.views.renderRanks(document.querySelector("main")!, data, { plotly });
      shown.destroy();
      arrive();
      await shown.view!.drawn();
      return drawn;
    }, encodeRanks(trace));
    assert.equal(drawn, 0);
  });

  it("requests no animation frame while nothing moves", async () => {
    const page = await browser.open({}, countActivity);
    await renderRanks(page, encodeRanks(trace));
    await page.waitForFunction(() => window.activity.frames.size === 0);
    assert.equal((await activity(page)).frames, 0);
  });

  it("tells what the reader does", async () => {
    const page = await browser.open();
    await renderRanks(page, encodeRanks(trace));
    const told = await page.evaluate(async (data) => {
      const told: number[] = [];
      window.ranks.destroy();
      window.ranks = window.cotangent.views.renderRanks(document.querySelector("main")!, data, {
        plotly: () => Promise.resolve(window.Plotly),
        onStep: (step) => told.push(step),
      });
      window.ranks.view!.showStep(3);
      await new Promise(requestAnimationFrame);
      return told;
    }, encodeRanks(trace));
    assert.deepEqual(told, [19, 3]);
  });
});

describe("the MIME renderer of ranks", function () {
  this.timeout(60_000);
  const browser = viewsBrowser();

  const show = (page: Page, of: unknown, mimeType = RANKS_MIME) =>
    page.evaluate(
      async ([mimeType, data]) => {
        const { ranksExtension, Widget } = window.cotangent;
        const held = window as unknown as {
          renderer?: ReturnType<typeof ranksExtension.rendererFactory.createRenderer>;
        };
        const isFirst = held.renderer === undefined;
        const options = {
          mimeType,
          sanitizer: null as never,
          resolver: null,
          linkHandler: null,
          latexTypesetter: null,
        };
        held.renderer ??= ranksExtension.rendererFactory.createRenderer(options);
        await held.renderer.renderModel({
          data: { [mimeType]: data } as never,
          metadata: {},
          trusted: false,
          setData() {},
        });
        if (isFirst) Widget.attach(held.renderer, document.querySelector("main")!);
      },
      [mimeType, of] as const,
    );
  const shows = (page: Page, step: number) => page.locator(`.cot-ranks[data-step="${step}"]`).waitFor();

  it("is offered for this version and later ones, safe and first of all", async () => {
    const page = await browser.open();
    const { safe, mimeTypes, rank } = await page.evaluate(() => {
      const { rendererFactory, rank } = window.cotangent.ranksExtension;
      return { safe: rendererFactory.safe, mimeTypes: [...rendererFactory.mimeTypes], rank };
    });
    assert.deepEqual({ safe, rank, types: mimeTypes.length }, { safe: true, rank: 0, types: 9 });
    assert.ok(mimeTypes.includes(RANKS_MIME));
  });

  it("loads plotly.js by itself, when there is something to draw", async () => {
    const page = await browser.open();
    assert.equal(await page.evaluate(() => "Plotly" in window), false);
    await show(page, encodeRanks(trace));
    await page.locator('[data-panel="traffic"] .main-svg').first().waitFor();
    assert.equal((await page.locator(".cot-chart .main-svg").count()) > 4, true);
  });

  it("keeps the reader's step, θ and layer when the output is updated, as a run that goes on does", async () => {
    const page = await browser.open();
    await show(page, encodeRanks(running(10)));
    await shows(page, 9);
    await show(page, encodeRanks(running(12)));
    await shows(page, 11);
    await page.locator(".cot-time .cot-slider").press("Home");
    await page.locator(".cot-layer-select").selectOption("1");
    await page.locator(".cot-theta-slider").press("ArrowRight");
    await page.locator('.cot-ranks[data-step="0"][data-layer="1"]:not([data-theta="0.05"])').waitFor();
    const theta = await page.locator(".cot-ranks").getAttribute("data-theta");
    await show(page, encodeRanks(trace));
    await page.locator(`.cot-ranks[data-step="0"][data-layer="1"][data-theta="${theta}"]`).waitFor();
    assert.match(await page.locator(".cot-verdict").innerText(), /rank-dAD, 20 steps/);
    assert.equal(await page.locator(".cot-ranks").count(), 1);
  });

  it("goes on in the same view while a run does: what the reader holds stays in hand", async () => {
    const page = await browser.open();
    await show(page, encodeRanks(running(10)));
    await page.locator('[data-panel="traffic"] .main-svg').first().waitFor();
    await page.locator(".cot-theta-slider").focus();
    const marked = () => page.locator("[data-kept]").count();
    await page.evaluate(() =>
      document
        .querySelectorAll(".cot-slider, .cot-chart, .main-svg")
        .forEach((each) => each.setAttribute("data-kept", "")),
    );
    const before = await marked();
    await show(page, encodeRanks(running(40)));
    await shows(page, 39);
    assert.match(await page.locator(".cot-verdict").innerText(), /is running: 40 steps so far/);
    assert.equal(await page.locator(".cot-time .cot-slider").getAttribute("max"), "39");
    // The slider is filled as far as its thumb, whatever the run's length was when the view was made.
    await page.locator(".cot-time .cot-slider").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowRight");
    await shows(page, 10);
    const filled = await page
      .locator(".cot-time .cot-slider")
      .evaluate((slider) => parseFloat((slider as HTMLElement).style.getPropertyValue("--cot-share")));
    assert.ok(Math.abs(filled - (100 * 10) / 39) < 1e-6, `${filled} %`);
    await page.keyboard.press("End");
    await shows(page, 39);
    await page.locator(".cot-theta-slider").focus();
    // The charts are drawn on; that they reach the new end is seen at their axis.
    await page
      .locator('[data-panel="ranks"] .xtick', { hasText: /^[3]\d$/ })
      .first()
      .waitFor();
    assert.equal(await marked(), before);
    assert.ok(
      await page.locator(".cot-theta-slider").evaluate((slider) => slider === document.activeElement),
    );
  });

  it("makes a new view for another run, and a message of what cannot be read", async () => {
    const page = await browser.open();
    await show(page, encodeRanks(running(10)));
    await page.evaluate(() => document.querySelector(".cot-ranks")!.setAttribute("data-old", ""));
    await show(page, encodeRanks(ranksTrace({ steps: 12, widths: [[9, 9]] })));
    await shows(page, 11);
    assert.equal(await page.locator("[data-old]").count(), 0);
    await show(page, { kind: "ranks" });
    assert.match(await page.locator(".cot-message").innerText(), /cannot be read/);
    await show(page, encodeRanks(trace));
    await shows(page, 19);
  });

  it("disposes of its view", async () => {
    const page = await browser.open({}, countActivity);
    await show(page, encodeRanks(trace));
    await page.locator('[data-panel="traffic"] .main-svg').first().waitFor();
    await page.evaluate(() => (window as unknown as { renderer: { dispose(): void } }).renderer.dispose());
    assert.equal(await page.locator(".cot-view").count(), 0);
    const { observers, listeners } = await activity(page);
    assert.deepEqual({ observers, listeners: ofViews(listeners) }, { observers: 0, listeners: [] });
  });
});
