import assert from "node:assert/strict";
import { RANKS_MIME } from "cotangent/trace";
import type { Page } from "playwright-core";
import { encodeRanks, ranksDrawn, renderRanks } from "../support/ranks-page.js";
import { ranksTrace } from "../support/ranks-trace.js";
import { attentionTrace } from "../support/attention-trace.js";
import { viewsBrowser } from "../support/views-browser.js";
import { encode } from "../support/views-page.js";

const good = encodeRanks(ranksTrace({ steps: 5 })) as Record<string, Record<string, object>>;
const bytes = good["bytes"]!;
const spectra = good["spectra"]!;
const message = (page: Page) => page.locator(".cot-message").innerText();

/** What may come out of a notebook from anywhere, and what its reader should be told. */
const broken: Record<string, [data: unknown, told: RegExp]> = {
  "nothing at all": [undefined, /cannot be read/],
  "a number": [42, /cannot be read/],
  "an empty object": [{}, /cannot be read/],
  "another kind": [{ ...good, kind: "tape" }, /cannot be read[^]*kind/],
  "no step": [{ ...good, steps: 0 }, /cannot be read[^]*steps/],
  "a missing field": [{ ...good, effectiveRank: undefined }, /cannot be read[^]*effectiveRank/],
  "a dtype that does not fit": [
    { ...good, bytes: { ...bytes, up: { ...bytes["up"], dtype: "float32" } } },
    /cannot be read[^]*bytes\.up\.dtype should be "float64"/,
  ],
  "too short an array": [
    { ...good, spectra: { ...spectra, values: { ...spectra["values"], base64: "AAAA" } } },
    /cannot be read[^]*spectra\.values/,
  ],
  "an array that claims a thousand million steps": [
    { ...good, steps: 1e9, recorded: { ...good["recorded"], shape: [1e9] } },
    /too large|cannot be read/,
  ],
  "thousands of sites": [{ ...good, sites: Array(5000).fill("x") }, /too large|cannot be read/],
  "steps that run backwards": [
    {
      ...good,
      recorded: {
        dtype: "int32",
        shape: [5],
        base64: Buffer.from(Int32Array.of(0, 2, 1, 3, 4).buffer).toString("base64"),
      },
    },
    /cannot be read[^]*recorded\[2\]/,
  ],
  "a θ that is not one": [
    { ...good, method: { ...good["method"], theta: NaN } },
    /cannot be read[^]*method\.theta/,
  ],
  "a newer major version": [{ ...good, version: "2.0" }, /needs a newer Cotangent[^]*Update/],
  "HTML in a field that is quoted": [
    { ...good, version: "<img src=x onerror=alert(1)>" },
    /cannot be read[^]*<img/,
  ],
};

describe("a ranks trace that cannot be drawn", function () {
  this.timeout(60_000);
  const browser = viewsBrowser();

  for (const [what, [data, told]] of Object.entries(broken))
    it(`gets a message instead: ${what}`, async () => {
      const page = await browser.open();
      await renderRanks(page, data, { fallback: "Distributed run\n<b>plain</b>" });
      const text = await message(page);
      assert.match(text, told);
      assert.ok(text.includes("<b>plain</b>"), "the plain text is shown, as text");
      assert.equal(await page.locator(".cot-message :is(img, b)").count(), 0);
    });

  it("gets the message of a newer version under a newer MIME type, whatever the data look like", async () => {
    const page = await browser.open();
    await renderRanks(page, good, { mimeType: RANKS_MIME.replace("v1", "v2") });
    assert.match(await message(page), /newer Cotangent/);
  });

  it("gets a message when it is a good one, of another kind", async () => {
    const page = await browser.open();
    await renderRanks(page, encode(attentionTrace({ tokens: 3 })));
    assert.match(await message(page), /of the kind "attention"; this view draws the kind "ranks"/);
  });

  it("gets a message when plotly.js cannot be loaded", async () => {
    const page = await browser.open();
    await page.evaluate(
      (data) =>
        void (window.ranks = window.cotangent.views.renderRanks(document.querySelector("main")!, data, {
          plotly: () => Promise.reject(new Error("the charts did not arrive")),
        })),
      good,
    );
    await page.locator(".cot-message").waitFor();
    assert.match(await message(page), /could not be drawn[^]*the charts did not arrive/);
    assert.equal(await page.locator(".cot-ranks").count(), 0);
  });

  it("gets a message when plotly.js fails halfway", async () => {
    const page = await browser.open();
    await page.evaluate(
      (data) =>
        void (window.ranks = window.cotangent.views.renderRanks(document.querySelector("main")!, data, {
          plotly: () =>
            Promise.resolve({
              react: () => Promise.reject(new Error("out of memory")),
              relayout: () => Promise.resolve(),
              purge: () => undefined,
            }),
        })),
      good,
    );
    await page.locator(".cot-message").waitFor();
    assert.match(await message(page), /could not be drawn[^]*out of memory/);
  });
});

describe("text from a ranks trace", function () {
  this.timeout(60_000);
  const browser = viewsBrowser();

  it("is shown as text, never as markup, in the charts too", async () => {
    const evil = `<img src=x onerror="window.hacked=1">`;
    const bold = "<b>bold</b> <a href='javascript:window.hacked=1'>$x$</a> %{y}";
    const trace = ranksTrace({ names: [bold, evil], sites: [bold, evil] });
    const page = await browser.open();
    const curve = {
      name: bold,
      measure: bold,
      steps: Int32Array.of(0, 9),
      up: Float64Array.of(1, 2),
      down: Float64Array.of(1, 2),
      values: Float64Array.of(0, 1),
    };
    await renderRanks(
      page,
      encodeRanks({
        ...trace,
        method: {
          ...trace.method,
          name: evil,
          sends: bold,
          aggregates: evil,
          options: [bold],
          notes: [evil],
        },
        measures: [{ ...trace.measures[0]!, name: bold }],
        others: [curve],
        failures: [{ site: 0, step: 3, message: bold }],
        omissions: [{ what: evil, kept: 1, of: 2, reason: bold }],
      }),
    );
    await page.locator(".cot-alternative summary").click();
    await page.locator(".cot-alternative tbody tr").first().waitFor();
    await page.locator(".cot-layer-select").selectOption("1");
    await ranksDrawn(page);
    assert.equal(await page.locator("main :is(img, script, b, a)").count(), 0);
    assert.equal(await page.evaluate(() => "hacked" in window), false);
    const legend = await page.locator('[data-panel="ranks"] .legend').textContent();
    assert.ok(legend!.includes("<b>bold</b> <a href='javascript:window.…"), legend!);
    assert.ok(
      (await page.locator('[data-panel="measure"] .infolayer .ytitle').textContent())!.includes(
        "<b>bold</b>",
      ),
    );
    assert.ok(
      (await page.locator('[data-panel="traffic"] .ytick').first().textContent())!.startsWith("<b>bold</b>"),
    );
    assert.ok((await page.locator(".cot-notes").innerText()).includes(evil));
    assert.equal(await page.locator("main svg [font-weight=bold], main svg tspan[style*=bold]").count(), 0);
  });
});
