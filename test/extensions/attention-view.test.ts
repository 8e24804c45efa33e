import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { attentionTrace, editWeights, thinned } from "../support/attention-trace.js";
import { viewsBrowser } from "../support/views-browser.js";
import { colourOf, encode, nextFrame, picture, pixelsOf, render, shows } from "../support/views-page.js";

const six = attentionTrace({ tokens: 6 });
const last = six.outcome.iterations - 1;
const heads = attentionTrace({ tokens: 8, heads: 3 });
const weightOf = (trace: typeof six, frame: number, head: number, query: number, key: number): number => {
  const [N, H] = [trace.tokens.length, trace.heads.length];
  return trace.frames.weights[((frame * H + head) * N + query) * N + key]!;
};
const luminance = ([r, g, b]: number[]) => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
const text = (page: Page, selector: string) => page.locator(selector).innerText();
const center = (index: number, tokens: number, side: number) => ((index + 0.5) * side) / tokens;

async function hover(page: Page, query: number, key: number, tokens: number): Promise<void> {
  const { width } = (await page.locator(".cot-matrix").boundingBox())!;
  const position = { x: center(key, tokens, width), y: center(query, tokens, width) };
  await page.locator(".cot-stage").hover({ position });
  await page.locator('.cot-readout[data-empty="false"]').waitFor();
}

describe("the attention view", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();

  describe("over the iterations", () => {
    it("opens on the iterate that the solve returned, and says how it ended", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      await shows(page, last);
      assert.match(await text(page, ".cot-verdict"), new RegExp(`Converged in ${last + 1} iterations`));
      assert.equal(await text(page, ".cot-counter"), `iteration ${last} of ${last}`);
    });

    it("draws another matrix for another iteration", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      const before = await picture(page);
      await page.locator(".cot-slider").press("Home");
      await shows(page, 0);
      assert.notEqual(await picture(page), before);
      await page.locator(".cot-slider").press("End");
      await shows(page, last);
      assert.equal(await picture(page), before);
    });

    it("draws stronger weights darker on a light page", async () => {
      const page = await browser.open();
      await render(page, encode(editWeights(six, (_f, _h, q, k) => (q === k ? 1 : 0))));
      assert.ok(luminance(await colourOf(page, 2, 2, 6)) < 60);
      assert.ok(luminance(await colourOf(page, 2, 3, 6)) > 230);
    });

    it("goes one iteration with an arrow key, ten with shift, to the ends with Home and End", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      const slider = page.locator(".cot-slider");
      for (const [key, expected] of [
        ["Home", 0],
        ["ArrowRight", 1],
        ["Shift+ArrowRight", 11],
        ["ArrowLeft", 10],
        ["Shift+ArrowLeft", 0],
        ["ArrowLeft", 0],
        ["End", last],
      ] as const) {
        await slider.press(key);
        await shows(page, expected);
      }
      assert.match((await slider.getAttribute("aria-valuetext"))!, /^iteration \d+ of \d+, residual \S+$/);
    });

    it("carries, on every element that can be focused, the mark that keeps a notebook's shortcuts away", async () => {
      const page = await browser.open();
      await render(page, encode(heads));
      const unmarked = await page.evaluate(() =>
        [...document.querySelectorAll("button, input, select, summary, [tabindex]")]
          .filter((element) => !element.hasAttribute("data-lm-suppress-shortcuts"))
          .map((element) => element.className),
      );
      assert.deepEqual(unmarked, []);
    });

    it("follows a drag of the slider", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      const { x, y, width, height } = (await page.locator(".cot-slider").boundingBox())!;
      await page.mouse.move(x + width - 7, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + 7 + ((width - 14) * 9) / last, y + height / 2, { steps: 4 });
      await shows(page, 9);
      await page.mouse.move(x - 50, y + height / 2, { steps: 4 });
      await shows(page, 0);
      await page.mouse.up();
    });

    it("follows a drag on the residual strip, whose marker stands under the slider's thumb", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      const { x, y, width } = (await page.locator(".cot-slider").boundingBox())!;
      const at = x + 7 + ((width - 14) * 5) / last;
      const strip = (await page.locator(".cot-strip").boundingBox())!;
      await page.mouse.move(at, strip.y + 60);
      await page.mouse.down();
      await shows(page, 5);
      const marker = (await page.locator(".cot-marker").boundingBox())!;
      assert.ok(Math.abs(marker.x + marker.width / 2 - at) < 1);
      await page.mouse.move(at + 1000, strip.y + 60, { steps: 3 });
      await shows(page, last);
      await page.mouse.up();
      assert.ok(y < strip.y);
      await page.locator(".cot-slider:focus").waitFor();
    });

    it("plays from the beginning to the end and stops there; playing again restarts", async () => {
      const page = await browser.open({}, (page) => page.clock.install());
      await render(page, encode(six));
      const play = page.locator(".cot-play");
      await play.click();
      await page.clock.runFor(1000);
      const middle = Number(await page.locator(".cot-attention").getAttribute("data-iteration"));
      assert.ok(middle > 0 && middle < last);
      assert.equal(await play.getAttribute("aria-label"), "Pause (space)");
      await page.clock.runFor(20_000);
      await shows(page, last);
      await page.locator('[data-playing="false"]').waitFor();
      await page.locator(".cot-slider").press(" ");
      await page.clock.runFor(100);
      await shows(page, 0);
      await page.locator(".cot-slider").press(" ");
      await page.clock.runFor(100);
      await page.locator('[data-playing="false"]').waitFor();
    });

    it("plays on, when told to loop, after a rest on the last iteration", async () => {
      const page = await browser.open({}, (page) => page.clock.install());
      await render(page, encode(attentionTrace({ tokens: 4, maxIterations: 5 })));
      await page.locator(".cot-loop").click();
      await page.locator(".cot-play").click();
      await page.clock.runFor(30_000);
      await page.locator('[data-playing="true"]').waitFor();
    });

    it("says the true iteration when not all of them are stored, and that they are not", async () => {
      const page = await browser.open();
      await render(page, encode(thinned(six, [0, 1, 5, last])));
      await page.locator(".cot-slider").press("ArrowLeft");
      await shows(page, 5);
      assert.equal(await text(page, ".cot-counter"), `iteration 5 of ${last}`);
      assert.match(await text(page, ".cot-notes"), /^4 of \d+ iterations stored/);
    });
  });

  describe("of a cell", () => {
    it("reads tokens, weight and signed change under the pointer", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      await page.evaluate(() => window.rendered.view!.showIteration(3));
      await shows(page, 3);
      await hover(page, 1, 4, 6);
      const [weight, before] = [weightOf(six, 3, 0, 1, 4), weightOf(six, 2, 0, 1, 4)];
      assert.deepEqual(await page.locator(".cot-token").allInnerTexts(), ["bank", "river"]);
      assert.equal(await text(page, ".cot-weight"), weight.toFixed(4));
      const change = weight - before;
      const sign = change > 0 ? "+" : "−";
      const size = Math.abs(change);
      const digits = size < 1e-3 ? size.toExponential(1) : size.toFixed(4);
      assert.equal(await text(page, ".cot-change"), sign + digits);
      assert.match(await text(page, ".cot-readout"), /change since iteration 2/);
      assert.deepEqual(await page.locator(".cot-full-labels text").allTextContents(), ["bank", "river"]);
    });

    it("moves nothing when a cell is read", async () => {
      const page = await browser.open();
      await render(page, encode(heads));
      const places = () =>
        page.evaluate(() =>
          [".cot-matrix", ".cot-heads", ".cot-legend", ".cot-slider", ".cot-strip", ".cot-view"].map(
            (selector) => JSON.stringify(document.querySelector(selector)!.getBoundingClientRect()),
          ),
        );
      const before = await places();
      await hover(page, 1, 4, 8);
      assert.deepEqual(await places(), before);
    });

    it("is read by keyboard too, and spoken", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      const stage = page.locator(".cot-stage");
      for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await stage.press(key);
      await page
        .locator('.cot-readout [aria-live]:text-matches("^bank to bank: weight ")')
        .waitFor({ state: "attached" });
      await stage.press("Escape");
      await page.locator('.cot-readout[data-empty="true"]').waitFor();
    });
  });

  describe("of several heads", () => {
    it("shows the head that is chosen", async () => {
      const page = await browser.open();
      await render(page, encode(heads));
      const before = await picture(page);
      await page.locator(".cot-head").nth(2).click();
      await page.locator('[data-head="2"].cot-attention').waitFor();
      assert.notEqual(await picture(page), before);
      assert.equal(await page.locator('.cot-head[aria-checked="true"]').getAttribute("data-head"), "2");
    });

    it("is one stop of the tab key with arrows inside", async () => {
      const page = await browser.open();
      await render(page, encode(heads));
      assert.equal(await page.locator('.cot-head[tabindex="0"]').count(), 1);
      await page.locator(".cot-head").first().press("ArrowLeft");
      await page.locator('[data-head="2"].cot-attention').waitFor();
      await page.locator('.cot-head[data-head="2"]:focus').waitFor();
    });

    it("draws all of 64 small pictures, without holding up the large one", async () => {
      const page = await browser.open();
      await render(page, encode(attentionTrace({ tokens: 96, heads: 64, maxIterations: 1 })));
      await page.waitForFunction(() => {
        const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
        return [...document.querySelectorAll<HTMLCanvasElement>(".cot-thumbnail")].every((canvas) => {
          pen.drawImage(canvas, -20, -20);
          return pen.getImageData(0, 0, 1, 1).data[0] !== 0;
        });
      });
      assert.equal(await page.locator(".cot-thumbnail").count(), 64);
    });
  });

  describe("of what is not a number", () => {
    const broken = editWeights(heads, (f, h, q, k, w) => (h === 0 && f > 0 && q === 2 && k === 3 ? NaN : w));

    it("hatches it, like no value of the scale, and counts it", async () => {
      const page = await browser.open();
      await render(page, encode(broken));
      const pixels = await pixelsOf(page, 8, [2, 3], 0.1);
      assert.ok(
        pixels.every(([r, , b]) => r! > b! + 10),
        "every pixel of the cell is warm",
      );
      assert.ok(new Set(pixels.map(([, g]) => g)).size > 2, "lines on a ground");
      const count = heads.outcome.iterations - 1;
      assert.match(await text(page, ".cot-notes"), new RegExp(`^${count} weights are not finite .* hatched`));
    });

    it("reads it by name", async () => {
      const page = await browser.open();
      await render(page, encode(broken));
      await hover(page, 2, 3, 8);
      assert.equal(await text(page, ".cot-weight"), "NaN");
    });

    it("shows a trace of nothing but NaN", async () => {
      const page = await browser.open();
      const residuals = {
        absolute: six.residuals.absolute.map(() => NaN),
        relative: six.residuals.relative.map(() => NaN),
        perToken: six.residuals.perToken.map(() => NaN),
      };
      await render(page, encode({ ...editWeights(six, () => NaN), residuals }));
      assert.match((await page.locator(".cot-strip").textContent())!, /no finite residual/);
      assert.match(await text(page, ".cot-residual"), /NaN/);
    });
  });

  describe("on a page", () => {
    it("follows a change of theme, at once and without being told", async () => {
      const page = await browser.open();
      await page.addStyleTag({
        content: `body[data-jp-theme-light="false"] { --jp-layout-color0: #111; --jp-ui-font-color1: #eee }`,
      });
      await render(page, encode(editWeights(six, (_f, _h, q, k) => (q === k ? 1 : 0))));
      await page.evaluate(() => (document.body.dataset.jpThemeLight = "false"));
      await page.locator('.cot-view[data-scheme="dark"]').waitFor();
      await nextFrame(page);
      assert.ok(luminance(await colourOf(page, 2, 2, 6)) > 200, "strong is bright");
      assert.ok(luminance(await colourOf(page, 2, 3, 6)) < 40, "weak sinks into the page");
    });

    it("notices a style sheet of a theme that arrives late", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      await page.addStyleTag({ content: ":root { --jp-layout-color0: #002b36 }" });
      await page.locator('.cot-view[data-scheme="dark"]').waitFor();
    });

    it("is dark on a dark page of its own", async () => {
      const page = await browser.open({ colorScheme: "dark" });
      await render(page, encode(six));
      assert.equal(await page.locator(".cot-view").getAttribute("data-scheme"), "dark");
      await page.emulateMedia({ colorScheme: "light" });
      await page.locator('.cot-view[data-scheme="light"]').waitFor();
    });

    it("neither starts by itself nor blends when the reader asked for less motion", async () => {
      const page = await browser.open({ reducedMotion: "reduce" }, (page) => page.clock.install());
      await render(page, encode(six), { autoplay: true });
      await page.clock.runFor(2000);
      assert.equal(await page.locator(".cot-attention").getAttribute("data-playing"), "false");
      await page.locator(".cot-play").click();
      const seen = new Set<string>();
      for (let i = 0; i < 20; i++) {
        await page.clock.runFor(200);
        seen.add(await page.locator(".cot-slider").inputValue());
      }
      assert.ok(seen.size >= 3 && seen.size <= 6, `${[...seen].join()} in four seconds`);
      assert.ok([...seen].every((value) => Number.isInteger(Number(value))));
    });

    it("starts by itself only when asked to", async () => {
      const page = await browser.open({}, (page) => page.clock.install());
      await render(page, encode(six), { autoplay: true });
      await page.clock.runFor(500);
      assert.equal(await page.locator(".cot-attention").getAttribute("data-playing"), "true");
    });

    for (const width of [320, 480, 700, 1600]) {
      it(`fits into ${width} pixels`, async () => {
        const page = await browser.open({ viewport: { width, height: 800 } });
        await render(page, encode(heads));
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
      });
    }

    it("fits again when its room changes, without losing its place", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      await page.locator(".cot-slider").press("Home");
      await page.setViewportSize({ width: 400, height: 800 });
      await page.locator('[data-stacked="true"]').waitFor();
      await shows(page, 0);
    });

    it("has words for its picture, and a table", async () => {
      const page = await browser.open();
      await render(page, encode(six));
      await page.locator(".cot-slider").press("Home");
      await page
        .locator('.cot-matrix[role="img"][aria-label*="iteration 0 of"][aria-label*="Strongest: "]')
        .waitFor();
      await page.locator(".cot-alternative summary").click();
      await page.locator(".cot-alternative tbody tr").nth(5).waitFor();
      assert.match(await text(page, ".cot-alternative caption"), /iteration 0 of/);
    });
  });

  describe("of the smallest solves", () => {
    it("disables playing when there is one iteration", async () => {
      const page = await browser.open();
      await render(page, encode(attentionTrace({ tokens: 3, maxIterations: 1 })));
      assert.equal(
        await page.locator(":is(.cot-play, .cot-slider, .cot-speed, .cot-loop):disabled").count(),
        4,
      );
      assert.equal(await text(page, ".cot-counter"), "iteration 0 of 0");
    });

    it("draws a single token", async () => {
      const page = await browser.open();
      await render(page, encode(attentionTrace({ tokens: 1 })));
      await hover(page, 0, 0, 1);
      assert.equal(await text(page, ".cot-weight"), "1.0000");
    });

    it("draws 512 tokens, and says where cells share a pixel", async () => {
      const page = await browser.open({ viewport: { width: 420, height: 800 } });
      await render(page, encode(attentionTrace({ tokens: 512, maxIterations: 1 })));
      assert.match(await text(page, ".cot-notes"), /Several cells share a pixel/);
    });
  });
});
