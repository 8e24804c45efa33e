/** A page with the library, gpu.js and the checks of an engine, in a Chromium whose GPU is emulated: for correctness alone. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";

import type * as page from "../lib/engine/gpu/page.js";
import { launchChromium } from "./browser.js";

declare global {
  interface Window {
    gpuPage: typeof page;
  }
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** WebGL 2 and WebGPU on SwiftShader. */
const EMULATED = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-webgpu-adapter=swiftshader",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

export interface GpuPage {
  readonly page: Page;
  close(): Promise<void>;
}

export async function openGpuPage(): Promise<GpuPage> {
  const bundled = await build({
    entryPoints: [here("../lib/engine/gpu/page.ts")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "gpuPage",
    platform: "browser",
    // Loaded when a picture is drawn, or for Node alone.
    external: ["node:*", "@resvg/*"],
    alias: { "node:assert/strict": here("browser-assert.ts") },
    logLevel: "error",
  });
  const files: Record<string, [type: string, text: string]> = {
    "/": [
      "text/html",
      `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script src="gpu.js"></script>`,
    ],
    "/gpu.js": ["text/javascript", bundled.outputFiles[0]!.text],
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? "/"];
    response.writeHead(file ? 200 : 404, {
      "content-type": `${file?.[0] ?? "text/plain"}; charset=utf-8`,
      // For memory that threads share.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(file?.[1] ?? "not here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let browser: Browser | undefined;
  try {
    browser = await launchChromium(EMULATED);
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(error));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const own = browser;
    return {
      page,
      async close() {
        await own.close();
        server.close();
      },
    };
  } catch (error) {
    await browser?.close();
    server.close();
    throw error;
  }
}
