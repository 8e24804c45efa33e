/** Below the matrix, in Chromium: the token strip, the solver race, the eigenvalues that the damping moves. */
import assert from "node:assert/strict";
import { raceAttention, solveAttention } from "cotangent";
import { dampedRadius } from "cotangent/trace";
import type { Page } from "playwright-core";
import { toy } from "../lib/attention/toy.js";
import { encode, render, shows } from "../support/views-page.js";
import { viewsBrowser } from "../support/views-browser.js";

const problem = { ...toy(5, 2, 4), norm: "frobenius", mode: "absolute", tolerance: 1e-10, maxIterations: 120 } as const; // prettier-ignore
const raced = raceAttention(problem, [{ damping: 1 }, { damping: 0.5 }, { solver: "anderson" }]).trace;
const settled = solveAttention({ ...toy(11, 1.5, 4), freeze: true, damping: 0.7 }).trace;

const damping = (page: Page) => page.getByRole("slider", { name: "Damping" });
const setDamping = (page: Page, value: number) => damping(page).fill(String(value));
const eigenvaluesDrawn = (page: Page) =>
  page.evaluate(() => {
    const unit = Number(document.querySelector(".cot-disc-unit")!.getAttribute("r"));
    const at = (point: Element, name: string) => Number(point.getAttribute(name)) / unit;
    return [...document.querySelectorAll(".cot-eigenvalue")].map((p) => [at(p, "cx"), -at(p, "cy")]);
  });

describe("the eigenvalue disc", () => {
  const browser = viewsBrowser();

  it("opens at the solve's damping, and says that it does not converge there", async () => {
    const page = await browser.open();
    await render(page, encode(raced));
    assert.equal(await damping(page).inputValue(), "1");
    await page.getByText("does not converge near here").waitFor();
    assert.equal(await page.locator('.cot-eigenvalue[data-outside="true"]').count(), 1);
    await page.getByText("At the fixed point that Anderson's method finds").waitFor();
  });

  it("moves every eigenvalue to (1 − α) + α·λ with the slider, and says ρ: 0.788 at 0.7, 0.689 at 0.5", async () => {
    const page = await browser.open();
    await render(page, encode(raced));
    const { eigenvalues } = raced.spectrum!;
    for (const [alpha, rho, iterations] of [
      [0.7, "0.788", 30],
      [0.5, "0.689", 19],
    ] as const) {
      await setDamping(page, alpha);
      await page.getByText(`ρ ${rho}`, { exact: true }).waitFor();
      await page.getByText(`about ${iterations} iterations per factor 1,000`).waitFor();
      (await eigenvaluesDrawn(page)).forEach(([re, im], i) => {
        assert.ok(Math.abs(re! - (1 - alpha + alpha * eigenvalues[2 * i]!)) < 1e-3);
        assert.ok(Math.abs(im! - alpha * eigenvalues[2 * i + 1]!) < 1e-3);
      });
      assert.equal(await page.locator('.cot-eigenvalue[data-outside="true"]').count(), 0);
    }
  });

  it("takes the best damping by a button, and the arrow keys for itself", async () => {
    const page = await browser.open();
    await render(page, encode(raced));
    await page.getByRole("button", { name: "best 0.63" }).click();
    const best = dampedRadius(raced.spectrum!, 0.63).toPrecision(3);
    await page.getByText(`ρ ${Number(best)}`, { exact: true }).waitFor();
    const iteration = await page.locator(".cot-attention").getAttribute("data-iteration");
    await damping(page).press("ArrowRight");
    assert.equal(await damping(page).inputValue(), "0.64");
    assert.match((await damping(page).getAttribute("aria-valuetext"))!, /^damping 0.64: spectral radius 0.6/);
    assert.equal(await page.locator(".cot-attention").getAttribute("data-iteration"), iteration);
  });

  it("is not there where the trace has no spectrum", async () => {
    const page = await browser.open();
    await render(page, encode(solveAttention({ ...toy(777, 1, 1), spectrum: false }).trace));
    assert.equal(await page.locator(".cot-disc").count(), 0);
    assert.equal(await page.locator(".cot-analysis").isVisible(), false);
  });
});

describe("the solver race", () => {
  const browser = viewsBrowser();

  it("draws every solver on one time axis, as long as the longest, and says how each ended", async () => {
    const page = await browser.open();
    await render(page, encode(raced));
    assert.equal(await page.locator(".cot-race-plot path.cot-runner").count(), 3);
    assert.deepEqual(
      (await page.locator(".cot-race-legend li").allTextContents()).map((text) => text.trim()),
      [
        "picard, damping 1not in 120 iterations",
        "picard, damping 0.5in 68 iterations",
        "andersonin 24 iterations",
      ],
    );
    const ends = await page.locator(".cot-runner-end").evaluateAll((all) => all.map((end) => Number(end.getAttribute("cx")))); // prettier-ignore
    const width = ends[0]! - 52;
    assert.ok(Math.abs((ends[1]! - 52) / width - 67 / 119) < 1e-3);
    assert.ok(Math.abs((ends[2]! - 52) / width - 23 / 119) < 1e-3);
  });

  it("has every element that can be focused keep a notebook's shortcuts away", async () => {
    const page = await browser.open();
    await render(page, encode(raced));
    const unmarked = page.locator(":is(button, input, select, summary, [tabindex]):not([data-lm-suppress-shortcuts])"); // prettier-ignore
    assert.equal(await unmarked.count(), 0);
  });
});

describe("the token strip", () => {
  const browser = viewsBrowser();

  it("has a tick in each token's row at the iteration since which it has been settled", async () => {
    const page = await browser.open();
    await render(page, encode(settled));
    const last = settled.outcome.iterations - 1;
    const found = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".cot-tokens-picture")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: 6 }, (_, i) => {
        const line = data.subarray(4 * canvas.width * Math.floor(((i + 0.5) * canvas.height) / 6));
        const green = (x: number) => line[4 * x + 1]! > line[4 * x]! + 40 && line[4 * x + 1]! > line[4 * x + 2]! + 40; // prettier-ignore
        const ticks = Array.from({ length: canvas.width }, (_, x) => x).filter(green);
        return ticks.map((x) => x / canvas.width);
      });
    });
    settled.residuals.stoppedAt!.forEach((k, i) => {
      assert.ok(k >= 0 && found[i]!.length >= 1);
      for (const share of found[i]!) assert.ok(Math.abs(share - k / last) < 0.01, `token ${i}: ${share}`);
    });
    await page.getByRole("img", { name: "6 of 6 tokens settled at the end" }).waitFor();
  });

  it("is as dark as the residual is large", async () => {
    const page = await browser.open();
    await render(page, encode(settled));
    const greys = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".cot-tokens-picture")!;
      const line = canvas.getContext("2d")!.getImageData(0, 3, canvas.width, 1).data;
      return [0, canvas.width >> 1].map((x) => line[4 * x]!);
    });
    assert.ok(greys[0]! < greys[1]! - 40, greys.join());
  });

  it("scrubs when it is dragged", async () => {
    const page = await browser.open();
    await render(page, encode(settled));
    const { x, y, width } = (await page.locator(".cot-tokens-picture").boundingBox())!;
    await page.mouse.move(x + (width * 8) / (settled.outcome.iterations - 1), y + 10);
    await page.mouse.down();
    await shows(page, 8);
    await page.mouse.up();
  });
});

describe("the verdict above the picture", () => {
  const browser = viewsBrowser();
  const cases = [
    ["a cycle", raced, "Cycles with period 2: did not converge in 120 iterations", "ρ(J) 1.55", /damping 0.63 would by 0.609/], // prettier-ignore
    ["too few iterations", solveAttention({ ...toy(777, 1, 2), damping: 0.05, maxIterations: 100 }).trace, "Slow: did not converge in 100 iterations", "0.976 with damping 0.05", /still falling: allow more/], // prettier-ignore
    ["collapse", solveAttention({ ...toy(777, 1, 1), inject: false }).trace, "Collapsed to uniform in 4 iterations", "tolerance 1e-5", /Inject the input at every step/], // prettier-ignore
  ] as const;
  for (const [what, trace, title, evidence, advice] of cases)
    it(`of ${what} has its evidence and what to try`, async () => {
      const page = await browser.open();
      await render(page, encode(trace));
      assert.equal(await page.locator(".cot-verdict strong").textContent(), title);
      await page.locator(".cot-verdict-details", { hasText: evidence }).waitFor();
      assert.match((await page.locator(".cot-notes li").first().textContent())!, advice);
    });
});
