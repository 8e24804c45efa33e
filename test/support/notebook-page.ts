/** A notebook in a real browser page, as a reader uses it. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

import { type Lab, ROOT } from "./lab.js";

export const ARTEFACTS = join(ROOT, "test-artefacts");

export class NotebookPage {
  readonly page: Page;
  /** Errors in the console that name our extension. */
  readonly complaints: string[] = [];
  /** Requests to any host but the server. */
  readonly outside: string[] = [];

  private constructor(page: Page, lab: Lab) {
    this.page = page;
    page.on("pageerror", (error) => this.#note(`${error.message}\n${error.stack}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.#note(`${message.text()} ${message.location().url}`);
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(lab.baseUrl) && !/^(data|blob):/.test(url)) this.outside.push(url);
    });
  }

  /** @param path after the server's address, for example "lab/tree/x.ipynb" */
  static async open(
    browser: Browser,
    lab: Lab,
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<NotebookPage> {
    const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, ...options });
    const notebook = new NotebookPage(await context.newPage(), lab);
    // tsx names the functions that it compiles through a helper, which a page that is sent one lacks.
    await notebook.page.addInitScript("globalThis.__name = (compiled) => compiled");
    await notebook.page.goto(`${lab.baseUrl}${path}?reset&token=${lab.token}`);
    return notebook;
  }

  /** The views, in the order of their cells; controls that stand beside one are none. */
  get views(): Locator {
    return this.page.locator(".jp-OutputArea section.cot-view");
  }

  cell(index: number): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  }

  /**
   * Resolves when the kernel is there and idle, in JupyterLab. Its status bar says it; the indicator beside the kernel's
   * name says "idle" before there is a kernel, and what is run then runs nowhere.
   */
  async untilIdle(): Promise<void> {
    await this.page
      .locator("#jp-main-statusbar .jp-StatusBar-TextItem", { hasText: /\| Idle$/ })
      .first()
      .waitFor({ timeout: 60_000 });
  }

  /** The pixels of the large matrix of a view. */
  pixels(view: Locator): Promise<string> {
    return view
      .locator("canvas")
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }

  /** The slider of a view that goes over the iterations. */
  slider(view: Locator): Locator {
    return view.locator("input.cot-slider").first();
  }

  /** Resolves when the slider stands at `value`: the view moves it on an animation frame. */
  untilAt(view: Locator, value: string): Promise<void> {
    return this.slider(view).evaluate(
      (element, wanted) =>
        new Promise<void>((arrived) => {
          const look = () =>
            (element as HTMLInputElement).value === wanted ? arrived() : requestAnimationFrame(look);
          look();
        }),
      value,
    );
  }

  /** Resolves to the picture of the large matrix when it is another one than `picture`. */
  async untilRedrawn(view: Locator, picture: string): Promise<string> {
    return view
      .locator("canvas")
      .first()
      .evaluate(
        (canvas, before) =>
          new Promise<string>((redrawn) => {
            const look = () => {
              const now = (canvas as HTMLCanvasElement).toDataURL();
              if (now !== before) redrawn(now);
              else requestAnimationFrame(look);
            };
            look();
          }),
        picture,
      );
  }

  /** Choose from the menu bar: the menu, then the items in it, each by its label. */
  async choose(menu: string, ...items: readonly string[]): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${menu}$`) }).click();
    for (const item of items)
      await this.page.locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${item}$`) }).click();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(ARTEFACTS, { recursive: true });
    await this.page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
  }

  /** Nothing of ours complained, and nobody else was asked for anything. */
  assertQuiet(): void {
    assert.deepEqual(this.complaints, []);
    assert.deepEqual(this.outside, []);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  #note(text: string): void {
    if (/cotangent/.test(text)) this.complaints.push(text);
  }
}
