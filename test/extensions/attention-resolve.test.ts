/** The sliders that solve again, in Chromium, with a solver in the page's stead. */
import assert from "node:assert/strict";
import { solveAttention } from "cotangent";
import { toy } from "../lib/attention/toy.js";
import { encode } from "../support/views-page.js";
import { viewsBrowser } from "../support/views-browser.js";

const solved = (temperature: number, damping = 1) =>
  encode({ ...solveAttention({ ...toy(777, 1, 2), temperature, damping }).trace, resolve: "it" });

interface Asked {
  asked: { temperature: readonly number[]; damping: number }[];
  answer: (data: unknown) => void;
  refuse: (why: string) => void;
}

describe("the sliders that solve again", () => {
  const browser = viewsBrowser();
  const open = async (data: unknown) => {
    const page = await browser.open();
    await page.evaluate((data) => {
      const asked: Asked["asked"] = [];
      Object.assign(window, { asked });
      const main = document.querySelector("main")!;
      window.rendered = window.cotangent.views.renderAttention(main, data, {
        resolve: (settings) =>
          new Promise((resolve, reject) => {
            asked.push(settings);
            Object.assign(window, {
              answer: (data: unknown) => resolve({ data, buffers: [] }),
              refuse: (why: string) => reject(new Error(why)),
            });
          }),
      });
    }, data);
    await page.locator(".cot-attention[data-iteration]").waitFor();
    const asked = () => page.evaluate(() => (window as unknown as Asked).asked);
    const answer = (data: unknown) => page.evaluate((data) => (window as unknown as Asked).answer(data), data); // prettier-ignore
    const slider = (name: string) => page.getByRole("slider", { name, exact: true });
    return { page, asked, answer, slider };
  };

  it("ask with the temperatures and the damping, and show the answer in place, the slider still in hand", async () => {
    const { page, asked, answer, slider } = await open(solved(1));
    const damping = slider("damping of the solve");
    await damping.focus();
    await damping.fill("0.5");
    assert.deepEqual(await asked(), [{ temperature: [1], damping: 0.5 }]);
    await answer(solved(1, 0.5));
    await page.locator(".cot-verdict-details", { hasText: "damping 0.5" }).waitFor();
    assert.equal(await damping.evaluate((element) => element === document.activeElement), true);
    await slider("temperature of the solve").fill("1");
    assert.deepEqual((await asked())[1], { temperature: [10], damping: 0.5 });
    await answer(solved(10, 0.5));
    await page.locator(".cot-section-title", { hasText: "temperature 10" }).waitFor();
    assert.equal(await page.locator(".cot-attention").count(), 1);
  });

  it("ask one question at a time, and last for where the slider came to rest", async () => {
    const { page, asked, answer, slider } = await open(solved(1));
    for (const value of ["0.9", "0.8", "0.7", "0.6"]) await slider("damping of the solve").fill(value);
    assert.deepEqual((await asked()).map(({ damping }) => damping), [0.9]); // prettier-ignore
    await answer(solved(1, 0.9));
    await page.waitForFunction(() => (window as unknown as Asked).asked.length === 2);
    assert.deepEqual((await asked()).map(({ damping }) => damping), [0.9, 0.6]); // prettier-ignore
  });

  it("say why there is no answer, and keep the picture", async () => {
    const { page, slider } = await open(solved(1));
    await slider("damping of the solve").fill("0.4");
    await page.evaluate(() => (window as unknown as Asked).refuse("The kernel no longer has this solve."));
    await page.getByRole("status").filter({ hasText: "no longer has this solve" }).waitFor();
    assert.equal(await page.locator(".cot-matrix").count(), 1);
  });

  it("are not there where the trace cannot be solved again, and leave nothing behind", async () => {
    const { page } = await open(encode(solveAttention(toy(777, 1, 2)).trace));
    assert.equal(await page.locator(".cot-resolve").count(), 0);
    const other = await open(solved(1));
    await other.page.evaluate(() => window.rendered.destroy());
    assert.equal(await other.page.locator("main > *").count(), 0);
  });
});
