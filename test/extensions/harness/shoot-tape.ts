/** Take pictures of the tape view in many situations, to be looked at: `npx tsx test/extensions/harness/shoot-tape.ts`. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TapeTrace } from "cotangent/trace";
import type { Page } from "playwright-core";
import { launchChromium } from "../../support/browser.js";
import { encodeTape, loopTape, pathsTape, productsTape, smallTape } from "../../support/tape-trace.js";
import { nextFrame, renderTape, serveViews } from "../../support/views-page.js";

const folder = fileURLToPath(new URL("../../../test-artefacts/", import.meta.url));

interface Picture {
  readonly trace: TapeTrace;
  readonly width?: number;
  readonly dark?: boolean;
  readonly act?: (page: Page) => Promise<unknown>;
}

const goTo = (node: number) => (page: Page) => page.evaluate((n) => window.tape.view!.showNode(n), node);
const nodeOf = ({ nodes, operations }: TapeTrace, operation: string) =>
  nodes.operation.findIndex((of) => operations[of] === operation);
const products = productsTape();
const paths = pathsTape();
const atWeight = goTo(products.products[0]!.weight);
const atProduct = goTo(products.products.at(-1)!.node);

const pictures: Record<string, Picture> = {
  "small-light": { trace: smallTape() },
  "loop-dark": { trace: loopTape(), dark: true },
  "products-weight-light": { trace: products, act: atWeight },
  "products-weight-dark": { trace: products, dark: true, act: atWeight },
  "products-product-light": { trace: products, act: atProduct },
  "products-narrow-dark": { trace: products, dark: true, width: 420, act: atProduct },
  "paths-light": { trace: paths, act: goTo(nodeOf(paths, "max")) },
  "paths-dark": { trace: paths, dark: true, act: goTo(nodeOf(paths, "max")) },
};

mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2);
const server = await serveViews();
const browser = await launchChromium();
for (const [name, { trace, width = 1100, dark = false, act }] of Object.entries(pictures)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  const page = await browser.newPage({
    viewport: { width, height: 400 },
    deviceScaleFactor: 1.5,
    colorScheme: dark ? "dark" : "light",
  });
  page.on("pageerror", (error) => console.error(name, error));
  page.on("console", (message) => message.type() === "error" && console.error(name, message.text()));
  await page.goto(server.url);
  await renderTape(page, encodeTape(trace));
  await act?.(page);
  await nextFrame(page);
  await page.locator('.cot-tape[data-explained="true"]').waitFor();
  await nextFrame(page);
  await page.screenshot({ path: `${folder}tape-${name}.png`, fullPage: true });
  await page.close();
}
await browser.close();
server.close();
