/** The tape view with 100,000 nodes: how soon it opens, and how evenly it pans, zooms and scrubs. */
import { launchChromium } from "../../support/browser.js";
import { encodeTape, largeTape } from "../../support/tape-trace.js";
import { nextFrame, renderTape, serveViews } from "../../support/views-page.js";
import { median, printTable } from "../table.js";

const NODES = 100_000;
const FRAMES = 150;

type Motion = "pan" | "zoom" | "scrub" | "play";

const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;

const server = await serveViews();
const browser = await launchChromium();
try {
  const page = await (await browser.newContext({ viewport: { width: 1100, height: 900 } })).newPage();
  await page.addInitScript("globalThis.__name = (compiled) => compiled");
  await page.goto(server.url);
  const data = encodeTape(largeTape(NODES));
  const opened: number[] = [];
  const arranged: number[] = [];
  for (let i = 0; i < 5; i++) {
    const [first, whole] = await page.evaluate(async (data) => {
      window.tape?.destroy();
      const start = performance.now();
      const main = document.querySelector("main")!;
      window.tape = window.cotangent.views.renderTape(main, data, {});
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const first = performance.now() - start;
      const wait = document.querySelector<HTMLElement>(".cot-tape-wait")!;
      while (!wait.hidden) await new Promise(requestAnimationFrame);
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return [first, performance.now() - start] as const;
    }, data);
    opened.push(first);
    arranged.push(whole);
  }
  await renderTape(page, data);
  await page.locator(".cot-tape-wait").waitFor({ state: "hidden" });
  await nextFrame(page);
  const rows: string[][] = [];
  for (const [look, motion] of [
    ["whole", "pan"],
    ["whole", "zoom"],
    ["near", "pan"],
    ["whole", "scrub"],
    ["near", "scrub"],
    ["near", "play"],
  ] as [string, Motion][]) {
    await page.getByLabel("Show all of it").click();
    if (look === "near") for (let i = 0; i < 12; i++) await page.getByLabel("Zoom in").click();
    await nextFrame(page);
    const gaps = await page.evaluate(
      ([motion, frames]) =>
        new Promise<number[]>((done) => {
          const canvas = document.querySelector<HTMLCanvasElement>(".cot-tape-canvas")!;
          const box = canvas.getBoundingClientRect();
          const at = { bubbles: true, pointerId: 1, button: 0 };
          const gaps: number[] = [];
          let last: number | undefined;
          if (motion === "pan") {
            canvas.setPointerCapture = () => {};
            canvas.dispatchEvent(
              new PointerEvent("pointerdown", { ...at, clientX: box.x + 200, clientY: box.y + 200 }),
            );
          }
          if (motion === "play") window.tape.view!.play();
          const tick = (now: number) => {
            if (last !== undefined) gaps.push(now - last);
            last = now;
            const i = gaps.length;
            if (i === frames) {
              if (motion === "pan")
                canvas.dispatchEvent(
                  new PointerEvent("pointerup", { ...at, clientX: box.x, clientY: box.y }),
                );
              window.tape.view!.pause();
              done(gaps);
              return;
            }
            if (motion === "pan")
              canvas.dispatchEvent(
                new PointerEvent("pointermove", {
                  ...at,
                  clientX: box.x + 200 + 100 * Math.sin(i / 9),
                  clientY: box.y + 200 + 60 * Math.cos(i / 7),
                }),
              );
            if (motion === "zoom")
              canvas.dispatchEvent(
                new WheelEvent("wheel", {
                  bubbles: true,
                  cancelable: true,
                  ctrlKey: true,
                  deltaY: i % 50 < 25 ? -12 : 12,
                  clientX: box.x + 250,
                  clientY: box.y + 200,
                }),
              );
            if (motion === "scrub")
              window.tape.view!.showStep(Math.round(200_000 * Math.abs(Math.sin(i / 40))));
            requestAnimationFrame(tick);
          };
          requestAnimationFrame(tick);
        }),
      [motion, FRAMES] as const,
    );
    rows.push([
      `${motion}, ${look}`,
      (1000 / median(gaps)).toFixed(0),
      median(gaps).toFixed(1),
      quantile(gaps, 0.95).toFixed(1),
    ]);
  }
  console.log(`${NODES.toLocaleString("en")} nodes, nothing of it folds; Chromium without a graphics card.`);
  console.log(
    `open: first paint ${median(opened).toFixed(0)} ms, graph arranged ${median(arranged).toFixed(0)} ms (medians of 5)`,
  );
  printTable(["motion", "frames/s", "median ms", "95 % ms"], rows);
} finally {
  await browser.close();
  server.close();
}
