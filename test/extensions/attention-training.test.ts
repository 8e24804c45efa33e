/** The attention view of a training run, in Chromium. */
import assert from "node:assert/strict";
import type { AttentionTrace } from "cotangent/trace";
import { attentionTrace, inTraining } from "../support/attention-trace.js";
import { encode, render, shows } from "../support/views-page.js";
import { viewsBrowser } from "../support/views-browser.js";

const solve = attentionTrace({ tokens: 5, heads: 2, maxIterations: 12, tolerance: 1e-12 });
const K = solve.outcome.iterations;
const trained = inTraining(solve);
const running: AttentionTrace = { ...trained, outcome: { ...trained.outcome, reason: "running" } };

describe("the attention view of a training run", function () {
  this.timeout(30_000);
  const browser = viewsBrowser();
  const open = async (trace: AttentionTrace, options = {}) => {
    const page = await browser.open();
    await render(page, encode(trace), options);
    const text = (selector: string) => page.locator(selector).first().innerText();
    return { page, text };
  };

  it("opens on the last step, and speaks of training steps", async () => {
    const { page, text } = await open(trained);
    await shows(page, K - 1);
    assert.equal(await text(".cot-counter"), "training step 110 of 110");
    assert.match(await text(".cot-verdict"), /Trained 111 steps/);
    assert.match(await text(".cot-verdict"), /3 of 12 solves did NOT converge, first at step 90/);
    assert.doesNotMatch(await text(".cot-attention"), /iteration \d/);
    await page.locator(".cot-slider").press("Home");
    await shows(page, 0);
    assert.equal(await text(".cot-counter"), "training step 0 of 110");
    assert.match((await page.locator(".cot-slider").getAttribute("aria-label"))!, /^Training step$/);
  });

  it("draws the loss, ρ(J) with the line ρ = 1 and the iterations, with the values of the step shown", async () => {
    const { page } = await open(trained);
    await page.locator(".cot-slider").press("Home");
    await shows(page, 0);
    await page.locator(".cot-slider").press("ArrowRight");
    await shows(page, 1);
    const strips = page.locator(".cot-series");
    const values = await strips.locator(".cot-value").allTextContents();
    assert.deepEqual(values, ["0.5", "NaN", "0.3", "4"]);
    assert.equal(await strips.nth(2).locator(".cot-level-label").textContent(), "ρ = 1");
    assert.equal(await strips.nth(3).locator(".cot-level-label").textContent(), "at most 12");
    assert.ok(
      (await strips.nth(3).locator(".cot-failed").count()) === 3,
      "a mark for each solve that failed",
    );
    assert.equal(await strips.nth(2).locator(".cot-gap").count(), 1, "where ρ is not known");
    assert.equal(await page.locator("img").count(), 0, "a name is text");
  });

  it("goes to the step at which the reader points in a strip", async () => {
    const { page } = await open(trained);
    const strip = page.locator(".cot-series").first();
    const { left, right } = await page.locator(".cot-series .cot-grid line").first().evaluate((line) => line.getBoundingClientRect()); // prettier-ignore
    const box = (await strip.boundingBox())!;
    const at = left + (right - left) * (4 / (K - 1));
    await page.mouse.click(at, box.y + 50);
    await shows(page, 4);
  });

  it("compares a cell with the step before, by its own number", async () => {
    const { page, text } = await open(trained);
    await page.locator(".cot-stage").hover({ position: { x: 20, y: 20 } });
    await page.locator('.cot-readout[data-empty="false"]').waitFor();
    assert.match(await text(".cot-readout"), /change since training step 100/);
  });

  it("says what its buttons do to a training", async () => {
    const page = await browser.open();
    await page.evaluate((data) => {
      const main = document.querySelector("main")!;
      window.rendered = window.cotangent.views.renderAttention(main, data, { steer: () => {} });
    }, encode(running));
    const stop = page.getByRole("button", { name: "Stop", exact: true });
    assert.match((await stop.getAttribute("title"))!, /^End the training after this training step/);
    assert.match(await page.locator(".cot-verdict strong").innerText(), /^Training, 111 steps so far$/);
  });

  it("tells of a run of one step, and one without numbers", async () => {
    const one = (values: Float64Array): Float64Array => values.slice(0, 1);
    const { training } = trained;
    const { page } = await open({
      ...trained,
      outcome: { ...trained.outcome, iterations: 1, bestIteration: 0 },
      frames: { iterations: Int32Array.of(0), weights: trained.frames.weights.slice(0, 50) },
      residuals: {
        absolute: one(trained.residuals.absolute),
        relative: one(trained.residuals.relative),
        perToken: trained.residuals.perToken.slice(0, 5),
      },
      drift: one(trained.drift),
      tokenSpread: one(trained.tokenSpread),
      training: {
        steps: training!.steps.slice(0, 1),
        iterations: training!.iterations.slice(0, 1),
        converged: training!.converged.slice(0, 1),
        series: [],
      },
    });
    await shows(page, 0);
    assert.equal(await page.locator(".cot-series").count(), 1);
    assert.equal(await page.locator(".cot-message").count(), 0);
  });
});
