/** The buttons of a solve that runs, in Chromium. */
import assert from "node:assert/strict";
import type { AttentionTrace } from "cotangent/trace";
import { attentionTrace } from "../support/attention-trace.js";
import { encode, render } from "../support/views-page.js";
import { viewsBrowser } from "../support/views-browser.js";

const ended = attentionTrace({ tokens: 4, maxIterations: 8 });
const running: AttentionTrace = {
  ...ended,
  outcome: { ...ended.outcome, reason: "running", converged: false },
};

describe("a solve that runs", () => {
  const browser = viewsBrowser();
  const openWith = async (trace: AttentionTrace) => {
    const page = await browser.open();
    await page.evaluate((data) => {
      const wishes: string[] = [];
      Object.assign(window, { wishes });
      const main = document.querySelector("main")!;
      window.rendered = window.cotangent.views.renderAttention(main, data, {
        steer: (wish) => wishes.push(wish),
      });
    }, encode(trace));
    await page.locator(".cot-attention[data-iteration]").waitFor();
    return { page, wishes: () => page.evaluate(() => (window as unknown as { wishes: string[] }).wishes) };
  };

  it("has buttons that ask it once each to pause, step, go on and stop, by mouse and by key", async () => {
    const { page, wishes } = await openWith(running);
    for (const name of ["Pause", "Step", "Go on", "Stop"])
      await page.getByRole("button", { name, exact: true }).click();
    assert.deepEqual(await wishes(), ["pause", "step", "run", "stop"]);
    await page.getByRole("button", { name: "Step", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Pause", exact: true }).press(" ");
    assert.deepEqual((await wishes()).slice(4), ["step", "pause"]);
    assert.equal(await page.locator(".cot-attention").getAttribute("data-playing"), "false");
  });

  it("has asked at the press already, because it may be drawn anew before the release", async () => {
    const { page, wishes } = await openWith(running);
    await page.getByRole("button", { name: "Pause", exact: true }).hover();
    await page.mouse.down();
    assert.deepEqual(await wishes(), ["pause"]);
    await page.mouse.up();
    assert.deepEqual(await wishes(), ["pause"]);
  });

  it("has none when it has ended, or when there is nobody to ask", async () => {
    const { page } = await openWith(ended);
    assert.equal(await page.locator(".cot-steering").count(), 0);
    await render(page, encode(running));
    assert.equal(await page.locator(".cot-steering").count(), 0);
  });
});
