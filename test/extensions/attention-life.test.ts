import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { activity, countActivity } from "../support/activity.js";
import { attentionTrace } from "../support/attention-trace.js";
import { viewsBrowser } from "../support/views-browser.js";
import { encode, nextFrame, render, shows } from "../support/views-page.js";

const trace = attentionTrace({ tokens: 8, heads: 3 });

describe("the life of an attention view", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();

  it("leaves nothing behind when it is destroyed while playing", async () => {
    const page = await browser.open({}, countActivity);
    await render(page, encode(trace));
    await page.evaluate(() => window.rendered.view!.play());
    await page.locator('[data-playing="true"]').waitFor();
    const during = await activity(page);
    assert.ok(during.observers >= 2 && during.listeners.length >= 2, "the counters count");
    // Destroyed and counted in one go: the page's own animation frame is not counted in.
    const after = await page.evaluate(() => {
      window.rendered.destroy();
      window.rendered.destroy();
      return {
        frames: window.activity.frames.size,
        children: document.querySelector("main")!.childNodes.length,
      };
    });
    assert.deepEqual(after, { frames: 0, children: 0 });
    const { timers, observers, listeners } = await activity(page);
    assert.deepEqual({ timers, observers, listeners }, { timers: 0, observers: 0, listeners: [] });
  });

  it("requests no animation frame while nothing moves", async () => {
    const page = await browser.open({}, countActivity);
    await render(page, encode(trace));
    await page.waitForFunction(() => window.activity.frames.size === 0);
    assert.equal((await activity(page)).frames, 0);
  });

  it("stops by itself when its host is thrown away without a goodbye", async () => {
    const page = await browser.open({}, countActivity);
    await render(page, encode(trace));
    await page.evaluate(() => {
      window.rendered.view!.play();
      document.querySelector("main")!.remove();
    });
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    assert.equal((await activity(page)).frames, 0);
  });

  it("tells what the reader does", async () => {
    const page = await browser.open();
    const told = await page.evaluate(async (data) => {
      const told: string[] = [];
      window.rendered = window.cotangent.views.renderAttention(document.querySelector("main")!, data, {
        onFrame: (iteration) => told.push(`iteration ${iteration}`),
        onHead: (head) => told.push(`head ${head}`),
      });
      window.rendered.view!.showIteration(2);
      window.rendered.view!.showHead(1);
      await new Promise(requestAnimationFrame);
      return told;
    }, encode(trace));
    assert.deepEqual(told, [`iteration ${trace.outcome.bestIteration}`, "head 1", "iteration 2"]);
  });
});

describe("the MIME renderer", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();

  /** Render a MIME bundle the way JupyterLab does: render first, attach then. */
  const show = (page: Page, mimeType: string, data: Record<string, unknown>, attachFirst = false) =>
    page.evaluate(
      async ([mimeType, data, attachFirst]) => {
        const { extension, Widget } = window.cotangent;
        const renderer = extension.rendererFactory.createRenderer({
          mimeType,
          sanitizer: null as never,
          resolver: null,
          linkHandler: null,
          latexTypesetter: null,
        });
        Object.assign(window, { renderer });
        const attach = () => Widget.attach(renderer, document.querySelector("main")!);
        if (attachFirst) attach();
        await renderer.renderModel({ data: data as never, metadata: {}, trusted: false, setData() {} });
        if (!attachFirst) attach();
      },
      [mimeType, data, attachFirst] as const,
    );
  const v1 = "application/vnd.cotangent.attention.v1+json";
  const v2 = v1.replace("v1", "v2");

  it("is offered for this version and later ones, safe and first of all", async () => {
    const page = await browser.open();
    const { safe, mimeTypes, rank } = await page.evaluate(() => {
      const { rendererFactory, rank } = window.cotangent.extension;
      return { safe: rendererFactory.safe, mimeTypes: [...rendererFactory.mimeTypes], rank };
    });
    assert.deepEqual({ safe, rank }, { safe: true, rank: 0 });
    assert.ok(mimeTypes.includes(v1) && mimeTypes.includes(v2) && mimeTypes.length === 9);
  });

  it("draws a view that was rendered before it was attached", async () => {
    const page = await browser.open();
    await show(page, v1, { [v1]: encode(trace), "text/plain": "attention" });
    await shows(page, trace.outcome.bestIteration);
    assert.equal(await page.locator(".cot-figure .cot-matrix").count(), 1);
  });

  it("shows the plain text when the data are broken", async () => {
    const page = await browser.open();
    await show(page, v1, { [v1]: { kind: "attention" }, "text/plain": "attention, 8 tokens" });
    assert.match(await page.locator(".cot-message").innerText(), /cannot be read[^]*attention, 8 tokens/);
  });

  it("says that a later version is one", async () => {
    const page = await browser.open();
    await show(page, v2, { [v2]: { entirely: "different" }, "text/plain": ["attention"] });
    assert.match(await page.locator(".cot-message").innerText(), /needs a newer Cotangent/);
  });

  it("keeps the reader's head and iteration when the output is updated", async () => {
    const page = await browser.open();
    await show(page, v1, { [v1]: encode(trace) });
    await page.locator(".cot-head").nth(1).click();
    await page.locator(".cot-slider").press("Home");
    await page.locator(".cot-slider").press("ArrowRight");
    await shows(page, 1);
    await page.evaluate(
      ([mimeType, data]) =>
        (
          window as unknown as { renderer: { renderModel(model: unknown): Promise<void> } }
        ).renderer.renderModel({
          data: { [mimeType]: data },
        }),
      [v1, encode(attentionTrace({ tokens: 8, heads: 3, gain: 1 }))] as const,
    );
    await page.locator('.cot-attention[data-iteration="1"][data-head="1"]').waitFor();
    assert.equal(await page.locator(".cot-attention").count(), 1);
  });

  it("disposes of its view", async () => {
    const page = await browser.open({}, countActivity);
    await show(page, v1, { [v1]: encode(trace) }, true);
    await shows(page, trace.outcome.bestIteration);
    await page.evaluate(() => (window as unknown as { renderer: { dispose(): void } }).renderer.dispose());
    await nextFrame(page);
    const { observers, listeners } = await activity(page);
    assert.deepEqual({ observers, listeners }, { observers: 0, listeners: [] });
    assert.equal(await page.locator(".cot-view").count(), 0);
  });
});
