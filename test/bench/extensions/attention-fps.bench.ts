/** How evenly the attention view moves: times between animation frames, and the view's own work in each. */
import { cpus } from "node:os";
import type { Page } from "playwright-core";
import { attentionTrace } from "../../support/attention-trace.js";
import { launchChromium } from "../../support/browser.js";
import { encode, render, serveViews } from "../../support/views-page.js";

interface Frames {
  /** Milliseconds between one animation frame and the next. */
  readonly gaps: number[];
  /** Milliseconds of the view's own script in each animation frame. */
  readonly work: number[];
}

/** Long enough for a 95th percentile. */
const FRAMES = 240;

/** Record animation frames while `act` moves the view on from frame to frame. */
const record = (page: Page, motion: "still" | "playing" | "scrubbing"): Promise<Frames> =>
  page.evaluate(
    ([motion, count]) =>
      new Promise<Frames>((done) => {
        const view = window.rendered.view!;
        const gaps: number[] = [];
        const work: number[] = [];
        const request = window.requestAnimationFrame;
        window.requestAnimationFrame = (callback) =>
          request.call(window, (now) => {
            const start = performance.now();
            callback(now);
            work.push(performance.now() - start);
          });
        let last: number | undefined;
        let frame = 0;
        if (motion === "playing") {
          document.querySelector<HTMLButtonElement>('.cot-loop[aria-pressed="false"]')?.click();
          view.play();
        }
        const watch = (now: number) => {
          if (last !== undefined) gaps.push(now - last);
          last = now;
          if (gaps.length === count) {
            view.pause();
            window.requestAnimationFrame = request;
            done({ gaps, work });
            return;
          }
          // Back and forth over all iterations, a new one every frame: the hardest drag there is.
          if (motion === "scrubbing") view.showIteration(Math.abs((frame++ % 118) - 59));
          request.call(window, watch);
        };
        request.call(window, watch);
      }),
    [motion, FRAMES] as const,
  );

const quantile = (values: readonly number[], share: number): string => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length > 0
    ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(2)
    : "–";
};

const server = await serveViews();
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
await page.addInitScript("globalThis.__name = (compiled) => compiled");
await page.goto(server.url);
const trace = attentionTrace({ tokens: 128, heads: 8, maxIterations: 60, tolerance: 1e-300 });
const data = encode(trace);
await render(page, data);
/** From JSON that is in the page already to the first picture: decoding, checking, laying out, drawing. */
const opened = await page.evaluate((data) => {
  window.rendered.destroy();
  const start = performance.now();
  window.rendered = window.cotangent.views.renderAttention(document.querySelector("main")!, data, {});
  return performance.now() - start;
}, data);
await page.locator(".cot-speed").selectOption("10");

console.log(
  `attention view, ${trace.tokens.length} × ${trace.tokens.length} × ${trace.heads.length} heads × ` +
    `${trace.frames.iterations.length} iterations, ${(JSON.stringify(data).length / 1e6).toFixed(1)} MB of JSON`,
);
console.log(
  `Chromium ${browser.version()}, no GPU, ${cpus().length} CPU cores; ${FRAMES} animation frames each`,
);
console.log(`decoded, checked and drawn in ${opened.toFixed(0)} ms\n`);
console.log("motion       gap median  gap p95  gap max   work median  work p95   frames over 17.5 ms");
for (const motion of ["still", "playing", "scrubbing"] as const) {
  const { gaps, work } = await record(page, motion);
  const late = gaps.filter((gap) => gap > 17.5).length;
  console.log(
    [
      motion.padEnd(12),
      quantile(gaps, 0.5).padStart(7),
      quantile(gaps, 0.95).padStart(10),
      quantile(gaps, 1).padStart(9),
      quantile(work, 0.5).padStart(12),
      quantile(work, 0.95).padStart(11),
      `${late} of ${gaps.length}`.padStart(14),
    ].join(" "),
  );
}
await browser.close();
server.close();
