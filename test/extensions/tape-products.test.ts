/** The gradient of a weight in the tape view: singular values of its factors, ranks at θ, marks in the graph. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { DEFAULT_THETA, ranksOf, type TapeTrace } from "cotangent/trace";
import { encodeTape, productsTape, smallTape } from "../support/tape-trace.js";
import { viewsBrowser } from "../support/views-browser.js";
import { nextFrame, renderTape } from "../support/views-page.js";

const tape = productsTape();
const N = tape.nodes.id.length;
/** In the order of the function. */
const [first, , last] = [...tape.products].reverse();
const explained = (page: Page) => page.locator('.cot-tape[data-explained="true"]').waitFor();
const panel = (page: Page) => page.locator(".cot-product");
const goTo = async (page: Page, node: number) => {
  await page.evaluate((n) => window.tape.view!.showNode(n), node);
  await page.locator(`.cot-node[data-node="${node}"]`).waitFor();
  await explained(page);
};
const rank = (page: Page, of: string) =>
  page.locator(`.cot-product tr[data-of="${of}"] td:last-child`).innerText();

describe("the gradient of a weight in the tape view", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();
  const open = async (trace: TapeTrace, options: Parameters<typeof renderTape>[2] = {}) => {
    const page = await browser.open();
    await renderTape(page, encodeTape(trace), options);
    await explained(page);
    return page;
  };

  it("is shown at the product, at its result and at the weight, once its adjoint is known", async () => {
    const page = await open(tape);
    for (const node of [first!.node, first!.node + 1, first!.weight]) {
      await goTo(page, node);
      assert.match(await panel(page).innerText(), /^Gradient of argument\.first: W̄ = AᵀΔ/);
      assert.match(await panel(page).innerText(), /No rank above min\(rows 10, inputs 12, outputs 8\) = 8\./);
    }
    await page.locator(".cot-slider").first().press("Home");
    await page.locator('.cot-tape[data-step="0"]').waitFor();
    await explained(page);
    assert.equal(await panel(page).isVisible(), false);
  });

  it("has the ranks of A, Δ and AᵀΔ at the usual θ, and at another one chosen by keyboard", async () => {
    const page = await open(tape);
    await goTo(page, first!.node);
    const expected = (theta: number) => {
      const ranks = ranksOf(first!.spectra!, theta);
      return [`${ranks.input} of 10`, `${ranks.delta} of 8`, `${ranks.gradient} of 8`];
    };
    const shown = () => Promise.all(["input", "delta", "gradient"].map((of) => rank(page, of)));
    assert.deepEqual(await shown(), expected(DEFAULT_THETA));
    const slider = page.locator(".cot-theta-slider");
    const line = () => page.locator(".cot-sigma-theta").getAttribute("y1");
    const before = await line();
    for (let i = 0; i < 20; i++) await slider.press("ArrowRight");
    const theta = Number(await page.locator(".cot-theta-value").innerText());
    assert.ok(theta > DEFAULT_THETA, `${theta}`);
    assert.deepEqual(await shown(), expected(theta));
    assert.notEqual(await line(), before);
    assert.match(
      (await slider.getAttribute("aria-valuetext"))!,
      /^θ 0\.\d+\. effective rank \d of at most 8/,
    );
    assert.equal(await page.evaluate(() => window.tape.view!.state.theta), theta);
    assert.ok(await slider.evaluate((element) => element === document.activeElement), "it keeps the focus");
    await slider.press("Home");
    assert.deepEqual(await shown(), expected(0));
    await page.getByRole("button", { name: "usual" }).click();
    assert.deepEqual(await shown(), expected(DEFAULT_THETA));
  });

  it("draws every singular value, each by its largest, with words for those who do not see it", async () => {
    const page = await open(tape);
    await goTo(page, first!.node);
    const { input, delta, gradient } = first!.spectra!;
    const count = input.length + delta.length + gradient.length;
    assert.equal(await page.locator(".cot-sigma .cot-sigma-mark").count(), count);
    const heights = await page.locator('.cot-sigma circle[data-of="input"]').evaluateAll((all) => all.map((each) => Number(each.getAttribute("cy")))); // prettier-ignore
    assert.deepEqual(
      heights,
      heights.toSorted((a, b) => a - b),
    );
    assert.match((await page.locator(".cot-sigma").getAttribute("aria-label"))!, /^Singular values: effective rank/); // prettier-ignore
    assert.equal(await page.locator(".cot-sigma-ceiling").count(), 1);
  });

  it("offers each use of a weight that is used twice", async () => {
    const page = await open(tape);
    await goTo(page, last!.weight);
    assert.match(await panel(page).innerText(), /one term for each use/);
    const uses = page.locator(".cot-product-uses");
    const names = await uses.locator("option").allInnerTexts();
    assert.deepEqual(names, [1, 2].map((i) => `${i} of 2: argument.second at %${tape.products[i - 1]!.node} matmul`)); // prettier-ignore
    const before = await rank(page, "gradient");
    await uses.selectOption({ index: 1 });
    assert.notEqual(await rank(page, "gradient"), before);
  });

  it("says why there are no singular values, and still what bounds the rank", async () => {
    const why = "a factor has 999 singular values; <b>at most</b> 256 are computed";
    const products = tape.products.map((product) => ({ ...product, spectra: null, why }));
    const page = await open({ ...tape, products });
    await goTo(page, first!.node);
    const said = await panel(page).innerText();
    assert.ok(said.includes(`No singular values: ${why}.`), said);
    assert.match(said, /No rank above/);
    assert.equal(await page.locator(".cot-theta-slider").isVisible(), false);
  });

  it("marks such nodes in the graph, and explains the mark", async () => {
    const picture = (page: Page) => page.evaluate(() => document.querySelector<HTMLCanvasElement>(".cot-tape-canvas")!.toDataURL()); // prettier-ignore
    const page = await open(tape);
    await nextFrame(page);
    assert.match(await page.locator(".cot-heat-scale").innerText(), /Falling bars: the gradient of a weight/);
    const plain = await open({ ...tape, products: [] });
    await nextFrame(plain);
    assert.notEqual(await picture(page), await picture(plain));
    assert.doesNotMatch(await plain.locator(".cot-heat-scale").innerText(), /Falling bars/);
  });

  it("is in the tape as text, at the weight, once for each use", async () => {
    const page = await open(tape);
    await page.locator(".cot-listing summary").click();
    await nextFrame(page);
    const said = await page.locator(".cot-listing-text").innerText();
    assert.equal(said.match(/W̄ = AᵀΔ: effective rank \d+ of at most 8 at θ = 0\.001/g)!.length, 3);
  });

  it("draws singular values that are all 0, and factors without rows", async () => {
    const spectra = {
      input: new Float64Array(10),
      delta: new Float64Array(8),
      gradient: new Float64Array(8),
    };
    const none = { input: new Float64Array(0), delta: new Float64Array(0), gradient: new Float64Array(0) };
    const page = await open({ ...tape, products: [{ ...first!, spectra }, { ...first!, rows: 0, spectra: none }] }); // prettier-ignore
    await goTo(page, first!.node);
    assert.equal(await rank(page, "gradient"), "0 of 8");
    assert.match(await page.locator(".cot-sigma").innerHTML(), /≈ 0/);
    await page.locator(".cot-product-uses").selectOption({ index: 1 });
    assert.equal(await rank(page, "gradient"), "0 of 0");
    assert.doesNotMatch(await page.locator(".cot-sigma").innerHTML(), /NaN/);
  });

  it("opens with the θ that its reader chose, has its elements marked, and is none of a tape of numbers", async () => {
    const state = { step: 2 * N - 1, playing: false, rate: 2, loop: false, folded: true, theta: 0.5 };
    const page = await open(tape, { state });
    assert.equal(await page.evaluate(() => window.tape.view!.state.theta), 0.5);
    const unmarked = await page.locator("button, input, select, [tabindex]").evaluateAll((all) =>
      all.filter((element) => !element.hasAttribute("data-lm-suppress-shortcuts")).length); // prettier-ignore
    assert.equal(unmarked, 0);
    const plain = await open(smallTape());
    assert.equal(await panel(plain).isVisible(), false);
    assert.equal("theta" in (await plain.evaluate(() => window.tape.view!.state)), false);
  });
});
