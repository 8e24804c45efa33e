/** One browser and one server for a file of view tests, and a fresh page for each test. */
import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium } from "./browser.js";
import { complaints, serveViews, type ViewsServer } from "./views-page.js";

export interface ViewsBrowser {
  /** Open the test page; a test that leaves a complaint in its console fails. */
  open(options?: BrowserContextOptions, prepare?: (page: Page) => Promise<unknown>): Promise<Page>;
}

/** Call inside `describe`: it registers the hooks. */
export function viewsBrowser(): ViewsBrowser {
  let browser: Browser;
  let server: ViewsServer;
  let pages: { page: Page; found: string[] }[] = [];

  before(async function () {
    this.timeout(60_000);
    server = await serveViews();
    browser = await launchChromium();
  });
  afterEach(async () => {
    const all = pages;
    pages = [];
    await Promise.all(all.map(({ page }) => page.context().close()));
    for (const { found } of all) assert.deepEqual(found, [], "the page's console is silent");
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });

  return {
    async open(options = {}, prepare) {
      const context = await browser.newContext({ viewport: { width: 900, height: 900 }, ...options });
      const page = await context.newPage();
      pages.push({ page, found: complaints(page) });
      // tsx names the functions that it compiles through a helper, which a page that is sent one lacks.
      await page.addInitScript("globalThis.__name = (compiled) => compiled");
      await prepare?.(page);
      await page.goto(server.url);
      return page;
    },
  };
}
