/** Pictures of a view in many situations, in test-artefacts; those whose name contains an argument, or all. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { launchChromium } from "../../support/browser.js";
import { serveViews } from "../../support/views-page.js";

const folder = fileURLToPath(new URL("../../../test-artefacts/", import.meta.url));

export interface Situation {
  readonly width?: number;
  readonly dark?: boolean;
  readonly act?: (page: Page) => Promise<unknown>;
}

/** How a view is brought onto the page, and when it has drawn what `act` did. */
export interface Stage<S extends Situation> {
  readonly view: string;
  readonly width: number;
  readonly draw: (page: Page, situation: S) => Promise<unknown>;
  readonly drawn: (page: Page) => Promise<unknown>;
}

export async function takePictures<S extends Situation>(
  { view, width: usual, draw, drawn }: Stage<S>,
  situations: Readonly<Record<string, S>>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const wanted = process.argv.slice(2);
  const server = await serveViews();
  const browser = await launchChromium();
  for (const [name, situation] of Object.entries(situations)) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const { width = usual, dark = false, act } = situation;
    const page = await browser.newPage({
      viewport: { width, height: 400 },
      deviceScaleFactor: 1.5,
      colorScheme: dark ? "dark" : "light",
    });
    page.on("pageerror", (error) => console.error(name, error));
    page.on("console", (message) => message.type() === "error" && console.error(name, message.text()));
    // What tsx compiles calls a helper that the page does not have.
    await page.addInitScript("globalThis.__name = (compiled) => compiled");
    await page.goto(server.url);
    await draw(page, situation);
    await act?.(page);
    await drawn(page);
    await page.screenshot({ path: `${folder}${view}-${name}.png`, fullPage: true });
    await page.close();
  }
  await browser.close();
  server.close();
}
