import assert from "node:assert/strict";
import { encodeRanksTrace, RANKS_MIME } from "cotangent/trace";
import type { Page } from "playwright-core";
import { sampleRanks } from "../lib/trace/ranks/sample.js";
import { attentionTrace } from "../support/attention-trace.js";
import { viewsBrowser } from "../support/views-browser.js";
import { encode, render } from "../support/views-page.js";

const good = encode(attentionTrace({ tokens: 5, heads: 2 })) as Record<string, unknown>;
const frames = good.frames as Record<string, object>;
const message = (page: Page) => page.locator(".cot-message").innerText();

/** What may come out of a notebook from anywhere, and what its reader should be told. */
const broken: Record<string, [data: unknown, told: RegExp]> = {
  "nothing at all": [undefined, /cannot be read/],
  "a number": [42, /cannot be read/],
  "an empty object": [{}, /cannot be read/],
  "another kind": [{ ...good, kind: "tape" }, /cannot be read[^]*kind/],
  "a missing field": [{ ...good, residuals: undefined }, /cannot be read[^]*residuals/],
  "too short an array": [
    { ...good, frames: { ...frames, weights: { ...frames.weights, base64: "AAAA" } } },
    /cannot be read[^]*frames\.weights/,
  ],
  "an array that claims gigabytes": [
    {
      ...good,
      tokens: Array(1024).fill("x"),
      frames: { ...frames, weights: { ...frames.weights, shape: [40, 2, 1024, 1024] } },
    },
    /cannot be read|too large/,
  ],
  "thousands of tokens": [{ ...good, tokens: Array(5000).fill("x") }, /too large|cannot be read/],
  "a newer major version": [{ ...good, version: "2.0" }, /needs a newer Cotangent[^]*Update/],
  "HTML in a field that is quoted": [
    { ...good, version: "<img src=x onerror=alert(1)>" },
    /cannot be read[^]*<img/,
  ],
};

describe("a trace that cannot be drawn", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();

  for (const [what, [data, told]] of Object.entries(broken)) {
    it(`gets a message instead: ${what}`, async () => {
      const page = await browser.open();
      await render(page, data, { fallback: "attention: 5 tokens\n<b>plain</b>" });
      const text = await message(page);
      assert.match(text, told);
      assert.ok(text.includes("<b>plain</b>"), "the plain text is shown, as text");
      assert.equal(await page.locator(".cot-message :is(img, b)").count(), 0);
    });
  }

  it("gets the message of a newer version under a newer MIME type, whatever the data look like", async () => {
    const page = await browser.open();
    await render(page, good, { mimeType: "application/vnd.cotangent.attention.v2+json" });
    assert.match(await message(page), /newer Cotangent/);
  });

  it("gets a message when it is a good one, of another kind", async () => {
    const page = await browser.open();
    await render(page, encodeRanksTrace(sampleRanks()).data, { mimeType: RANKS_MIME });
    assert.match(await message(page), /of the kind "ranks"; this view draws the kind "attention"/);
  });

  it("leaves nothing when it is destroyed", async () => {
    const page = await browser.open();
    await render(page, {});
    await page.evaluate(() => window.rendered.destroy());
    assert.equal(await page.locator("main > *").count(), 0);
  });

  it("gets a message when drawing fails halfway", async () => {
    const page = await browser.open({}, (page) =>
      page.addInitScript(() => {
        CanvasRenderingContext2D.prototype.drawImage = () => {
          throw new Error("out of memory");
        };
      }),
    );
    await render(page, good);
    assert.match(await message(page), /could not be drawn[^]*out of memory/);
    assert.equal(await page.locator(".cot-attention").count(), 0);
  });
});

describe("text from a trace", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();

  it("is shown as text, never as markup", async () => {
    const evil = `<img src=x onerror="window.hacked=1">`;
    const trace = attentionTrace({
      tokens: [evil, "</svg><script>window.hacked=1</script>", "ok"],
      heads: 2,
    });
    const page = await browser.open();
    const data = encode({
      ...trace,
      preset: evil,
      heads: trace.heads.map((head) => ({ ...head, name: evil })),
      solver: { ...trace.solver, name: evil },
      omissions: [{ what: evil, kept: 1, of: 2, reason: evil }],
    });
    await render(page, data);
    await page.locator(".cot-alternative summary").click();
    await page.locator(".cot-stage").press("ArrowDown");
    await page.locator(".cot-alternative tbody tr").first().waitFor();
    assert.equal(await page.locator("main :is(img, script)").count(), 0);
    assert.equal(await page.evaluate(() => "hacked" in window), false);
    assert.ok((await page.locator(".cot-notes").innerText()).includes(evil));
    assert.ok((await page.locator(".cot-full-labels").textContent())!.includes("<img src=x"));
  });
});
