/** Plotly figures in a real JupyterLab: drawn, redrawn, in both themes, and a sentence where there is nothing to draw. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";

import { launchChromium } from "../support/browser.js";
import { type Lab, startLab } from "../support/lab.js";
import { NotebookPage } from "../support/notebook-page.js";

const MIME = "application/vnd.plotly.v1+json";

const figures: readonly unknown[] = [
  {
    data: [
      { x: [1, 2, 3, 4], y: [1, 4, 9, 16], name: "square" },
      { x: [1, 2, 3, 4], y: [1, 8, 27, 64], name: "cube" },
    ],
    layout: {
      title: { text: "Powers" },
      xaxis: { title: { text: "x" } },
      yaxis: { title: { text: "value" } },
    },
  },
  {
    data: [
      {
        z: [
          [1, 2],
          [3, null],
        ],
        type: "heatmap",
      },
    ],
  },
  { data: "no traces" },
];

const notebook = (outputs: readonly unknown[]): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "cotangent", display_name: "TypeScript (Cotangent)", language: "typescript" },
    },
    cells: outputs.map((figure, i) => ({
      id: `cell-${i}`,
      cell_type: "code",
      source: `// figure ${i}`,
      metadata: {},
      execution_count: i + 1,
      outputs: [
        {
          output_type: "display_data",
          data: { [MIME]: figure, "text/plain": "Plotly figure" },
          metadata: {},
        },
      ],
    })),
  });

describe("a Plotly figure", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "cotangent-plotly-"));
  let lab: Lab;
  let browser: Browser;
  let open: NotebookPage;

  before(async () => {
    writeFileSync(join(folder, "figures.ipynb"), notebook(figures));
    [lab, browser] = await Promise.all([startLab({ rootDir: folder }), launchChromium()]);
    open = await NotebookPage.open(browser, lab, "lab/tree/figures.ipynb");
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout: 60_000 });
  });
  after(async () => {
    await open?.close();
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const output = (index: number) => open.cell(index).locator(".cot-plotly");

  it("is drawn from the saved notebook, without a kernel's help, from this server alone", async () => {
    await output(0).locator(".scatterlayer .trace").nth(1).waitFor({ timeout: 60_000 });
    await output(1).locator(".heatmaplayer image").waitFor({ timeout: 60_000 });
    assert.equal(await output(0).locator(".gtitle").textContent(), "Powers");
    await open.screenshot("plotly-light");
    open.assertQuiet();
  });

  it("that is none says so in a sentence", async () => {
    await output(2).scrollIntoViewIfNeeded();
    assert.equal(await output(2).innerText(), "This Plotly figure has no list of traces (data).");
  });

  it("takes the colours of the page, and follows when they change", async () => {
    const colour = () =>
      output(0)
        .locator(".gtitle")
        .evaluate((title) => getComputedStyle(title).fill);
    const light = await colour();
    await open.choose("Settings", "Theme", "JupyterLab Dark");
    await output(0)
      .locator(".gtitle")
      .evaluate(
        (_title, [before, host]) =>
          new Promise<void>((changed) => {
            const look = () => {
              // Plotly makes the title anew when it draws.
              const title = document.querySelector(`${host} .gtitle`);
              if (title && getComputedStyle(title).fill !== before) changed();
              else requestAnimationFrame(look);
            };
            look();
          }),
        [light, ".cot-plotly"] as const,
      );
    // JupyterLab covers itself while it changes its clothes.
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
    await open.screenshot("plotly-dark");
    open.assertQuiet();
  });

  it("fits its output when the page becomes narrow", async () => {
    await open.page.setViewportSize({ width: 760, height: 900 });
    await output(0).evaluate(
      (node) =>
        new Promise<void>((fitted) => {
          const look = () => {
            const plot = node.querySelector(".main-svg");
            if (plot && plot.getBoundingClientRect().width <= node.getBoundingClientRect().width + 1)
              fitted();
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
  });
});
