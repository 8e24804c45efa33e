/** A page with the built views in it, served from memory: `window.cotangent` has the views and the codec. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type AttentionTrace, encodeAttentionTrace } from "cotangent/trace";
import type * as views from "@cotangent/views";
import type { RenderOptions, Rendered } from "@cotangent/views";
import { build } from "esbuild";
import type { Page } from "playwright-core";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the page's script offers; see test/extensions/harness/page.ts. */
export interface Harness {
  readonly views: typeof views;
}

declare global {
  interface Window {
    cotangent: Harness;
    rendered: Rendered;
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
       <link rel="stylesheet" href="views.css"><script src="views.js"></script>
       <style>body { margin: 16px; background: Canvas; color-scheme: light dark }</style><main></main>`,
    ],
    "/views.js": ["text/javascript", script.outputFiles[0]!.text],
    "/views.css": ["text/css", style.outputFiles[0]!.text],
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
export async function render(page: Page, data: unknown, options: RenderOptions = {}): Promise<void> {
  await page.evaluate(
    ([data, options]) => {
      window.rendered?.destroy();
      window.rendered = window.cotangent.views.renderAttention(
        document.querySelector("main")!,
        data,
        options as RenderOptions,
      );
    },
    [data, options] as const,
  );
  await page.locator(".cot-attention[data-iteration], .cot-message").waitFor();
}
