/** How evenly the attention view moves: times between animation frames, and the view's own work in each. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus } from "node:os";
import { type AttentionTrace, encodeAttentionTrace } from "cotangent/trace";
import type { Page } from "playwright-core";
import { attentionTrace } from "../../support/attention-trace.js";
import { launchChromium } from "../../support/browser.js";
import { serveViews } from "../../support/views-page.js";

interface Frames {
  /** Milliseconds between one animation frame and the next. */
  readonly gaps: number[];
  /** Milliseconds of the view's own script in each animation frame. */
  readonly work: number[];
}

/** Long enough for a 95th percentile. */
const FRAMES = 240;

/** Record animation frames while `act` moves the view on from frame to frame. */
const record = (page: Page, motion: "still" | "playing" | "scrubbing", end: number): Promise<Frames> =>
  page.evaluate(
    ([motion, count, end]) =>
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
          if (motion === "scrubbing") view.showIteration(Math.abs((frame++ % (2 * end)) - end));
          request.call(window, watch);
        };
        request.call(window, watch);
      }),
    [motion, FRAMES, end] as const,
  );

const quantile = (values: readonly number[], share: number): string => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length > 0
    ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(2)
    : "–";
};

interface Size {
  readonly tokens: number;
  readonly heads: number;
  readonly iterations: number;
}

/** The second is what the view is held to: at least 50 frames a second while scrubbing, the first picture within a second. */
const sizes: readonly Size[] = [
  { tokens: 128, heads: 8, iterations: 60 },
  { tokens: 256, heads: 8, iterations: 40 },
];
const BAR = { framesPerSecond: 50, firstPaint: 1000 };

/** Serves the trace of the moment, JSON and binary buffers: tens of megabytes are too much for a message to the page. */
async function serveTrace() {
  let files: Record<string, Uint8Array | string> = {};
  const server = createServer((request, response) => {
    response.writeHead(200, { "access-control-allow-origin": "*" });
    response.end(files[request.url ?? ""]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    /** Bring a trace into the page, as a comm would: JSON beside binary buffers. */
    async put(page: Page, trace: AttentionTrace): Promise<void> {
      const { data, buffers } = encodeAttentionTrace(trace, { arrays: "buffers" });
      const named = buffers.map((bytes, i) => [`/${i}`, bytes] as const);
      files = { "/data": JSON.stringify(data), ...Object.fromEntries(named) };
      await page.evaluate(
        async ([url, count]) => {
          const get = (name: string | number) => fetch(`${url}/${name}`);
          const data: unknown = await (await get("data")).json();
          const buffers = await Promise.all(
            Array.from({ length: count }, async (_, i) => (await get(i)).arrayBuffer()),
          );
          Object.assign(window, { traced: { data, buffers } });
        },
        [url, buffers.length] as const,
      );
    },
    close: () => server.close(),
  };
}

/** From a message that is in the page already to the first picture on the screen: decoding, checking, laying out, drawing, painting. */
const open = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<{ drawn: number; painted: number }>((done) => {
        const start = performance.now();
        const { data, buffers } = (window as unknown as { traced: { data: unknown; buffers: ArrayBuffer[] } })
          .traced;
        const main = document.querySelector("main")!;
        window.rendered = window.cotangent.views.renderAttention(main, data, { buffers });
        const drawn = performance.now() - start;
        requestAnimationFrame(() => setTimeout(() => done({ drawn, painted: performance.now() - start })));
      }),
  );

const server = await serveViews();
const traces = await serveTrace();
const browser = await launchChromium();
console.log(
  `Chromium ${browser.version()}, no GPU, ${cpus().length} CPU cores; ${FRAMES} animation frames each`,
);
for (const { tokens, heads, iterations } of sizes) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
  await page.addInitScript("globalThis.__name = (compiled) => compiled");
  await page.goto(server.url);
  const trace = attentionTrace({ tokens, heads, maxIterations: iterations, tolerance: 1e-300 });
  await traces.put(page, trace);
  const { drawn, painted } = await open(page);
  await page.locator(".cot-speed").selectOption("10");
  const size = (trace.frames.weights.byteLength / 2 ** 20).toFixed(0);
  console.log(
    `\nattention view, ${tokens} × ${tokens} × ${heads} heads × ${iterations} iterations, ${size} MiB of weights`,
  );
  console.log(
    `first picture: drawn after ${drawn.toFixed(0)} ms, painted after ${painted.toFixed(0)} ms (bar ${BAR.firstPaint})\n`,
  );
  console.log(
    "motion       frames/s  gap median  gap p95  gap max   work median  work p95   frames over 20 ms",
  );
  for (const motion of ["still", "playing", "scrubbing"] as const) {
    const { gaps, work } = await record(page, motion, iterations - 1);
    const late = gaps.filter((gap) => gap > 1000 / BAR.framesPerSecond).length;
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    console.log(
      [
        motion.padEnd(12),
        (1000 / mean).toFixed(1).padStart(8),
        quantile(gaps, 0.5).padStart(11),
        quantile(gaps, 0.95).padStart(8),
        quantile(gaps, 1).padStart(8),
        quantile(work, 0.5).padStart(13),
        quantile(work, 0.95).padStart(9),
        `${late} of ${gaps.length}`.padStart(19),
      ].join(" "),
    );
  }
  await page.close();
}
console.log(`\nbar while scrubbing: at least ${BAR.framesPerSecond} frames/s`);
await browser.close();
server.close();
traces.close();
