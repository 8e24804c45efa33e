/** A page with the built views and the MIME renderer in it, served from memory: `window.cotangent` has both. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type AttentionTrace, encodeAttentionTrace } from "cotangent/trace";
import type * as views from "@cotangent/views";
import type {
  AttentionView,
  AttentionViewOptions,
  Rendered,
  RenderOptions,
  TapeView,
  TapeViewOptions,
} from "@cotangent/views";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { Widget } from "@lumino/widgets";
import { build } from "esbuild";
import type { Page } from "playwright-core";

const require = createRequire(import.meta.url);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the page's script offers; see test/extensions/harness/page.ts. */
export interface Harness {
  readonly views: typeof views;
  readonly extension: IRenderMime.IExtension;
  readonly ranksExtension: IRenderMime.IExtension;
  readonly Widget: typeof Widget;
}

declare global {
  interface Window {
    cotangent: Harness;
    rendered: Rendered<AttentionView>;
    tape: Rendered<TapeView>;
  }
}

export interface ViewsServer {
  readonly url: string;
  close(): void;
}

/** Bundle the built views and serve them on the loopback interface. */
export async function serveViews(): Promise<ViewsServer> {
  const bundle = (entry: string) =>
    build({
      entryPoints: [here(entry)],
      bundle: true,
      // Loaded when a figure is drawn, which the page never does.
      external: ["plotly.js-dist-min"],
      write: false,
      format: "iife",
      globalName: "cotangent",
      logLevel: "silent",
    });
  const script = await bundle("../extensions/harness/page.ts");
  const style = await bundle("../../extensions/views/style/index.css");
  const files: Record<string, [type: string, text: string]> = {
    "/": [
      "text/html",
      `<!doctype html><meta charset="utf-8"><title>Cotangent views</title><link rel="icon" href="data:,">
       <script type="importmap">{ "imports": { "plotly.js-dist-min": "./plotly-module.js" } }</script>
       <link rel="stylesheet" href="views.css"><script src="views.js"></script>
       <style>body { margin: 16px; background: Canvas; color-scheme: light dark }</style><main></main>`,
    ],
    "/views.js": ["text/javascript", script.outputFiles[0]!.text],
    "/views.css": ["text/css", style.outputFiles[0]!.text],
    // In a file of its own, as in JupyterLab: a page that shows no chart does not ask for it.
    "/plotly-module.js": ["text/javascript", `import "./plotly.js"; export default globalThis.Plotly;`],
    "/plotly.js": ["text/javascript", readFileSync(require.resolve("plotly.js-dist-min"), "utf8")],
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? "/"];
    response.writeHead(file ? 200 : 404, { "content-type": `${file?.[0] ?? "text/plain"}; charset=utf-8` });
    response.end(file?.[1] ?? "not here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
  };
}

/** Plain JSON for the page. */
export const encode = (trace: AttentionTrace): unknown => encodeAttentionTrace(trace).data;

/** Render data in the page's `main` and wait until it is drawn or a message is shown. */
export async function render(
  page: Page,
  data: unknown,
  options: RenderOptions<AttentionViewOptions> = {},
): Promise<void> {
  await page.evaluate(
    ([data, options]) => {
      window.rendered?.destroy();
      const main = document.querySelector("main")!;
      window.rendered = window.cotangent.views.renderAttention(
        main,
        data,
        options as RenderOptions<AttentionViewOptions>,
      );
    },
    [data, options] as const,
  );
  await page.locator(".cot-attention[data-iteration], .cot-message").waitFor();
}

/** Render a tape in the page's `main` and wait until it is drawn and explained, or a message is shown. */
export async function renderTape(
  page: Page,
  data: unknown,
  options: RenderOptions<TapeViewOptions> = {},
): Promise<void> {
  await page.evaluate(
    ([data, options]) => {
      window.tape?.destroy();
      const main = document.querySelector("main")!;
      window.tape = window.cotangent.views.renderTape(main, data, options as RenderOptions<TapeViewOptions>);
    },
    [data, options] as const,
  );
  await page.locator('.cot-tape[data-explained="true"], .cot-message').waitFor();
}

/** Wait until the view shows an iteration. */
export const shows = (page: Page, iteration: number): Promise<void> =>
  page.locator(`.cot-attention[data-iteration="${iteration}"]`).waitFor();

/** Wait until whatever was requested has been drawn. */
export const nextFrame = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** The picture of the matrix, to be compared. */
export const picture = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector<HTMLCanvasElement>(".cot-matrix")!.toDataURL());

/** Pixels of a rectangle of the matrix, [red, green, blue], given in cells. */
export async function pixelsOf(
  page: Page,
  tokens: number,
  [query, key]: readonly [query: number, key: number],
  /** Left out at each edge of the cell, as a share of it. */
  inset: number,
): Promise<number[][]> {
  const data = await page.evaluate(
    ([tokens, query, key, inset]) => {
      const canvas = document.querySelector<HTMLCanvasElement>(".cot-matrix")!;
      const cell = canvas.width / tokens;
      const size = Math.max(1, Math.floor(cell * (1 - 2 * inset)));
      const pen = new OffscreenCanvas(size, size).getContext("2d")!;
      pen.drawImage(canvas, -Math.floor((key + inset) * cell), -Math.floor((query + inset) * cell));
      return [...pen.getImageData(0, 0, size, size).data];
    },
    [tokens, query, key, inset] as const,
  );
  return Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 3));
}

/** The colour in the middle of a cell: red, green, blue. */
export const colourOf = async (page: Page, query: number, key: number, tokens: number): Promise<number[]> =>
  (await pixelsOf(page, tokens, [query, key], 0.45))[0]!;

/** Everything that went wrong in the page, collected from now on. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") found.push(message.text());
  });
  return found;
}
