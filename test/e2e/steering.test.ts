/** Steering in a real JupyterLab: the menu pauses, steps and stops a solve in a cell that never yields. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser } from "playwright-core";

import { launchChromium } from "../support/browser.js";
import { type Lab, startLab } from "../support/lab.js";
import { NotebookPage } from "../support/notebook-page.js";

// It never meets its tolerance, and tells of every iteration. A tenth of a second each: a step is one line.
const source = `import { matrix, solve } from "cotangent";
const turned = solve((z) => ({ ...z, data: z.data.map((x) => -x) }), matrix([[1]]), {
  maxIterations: 100_000,
  observe: ({ iteration }) => {
    const until = performance.now() + 100;
    while (performance.now() < until);
    console.log("iteration", iteration);
  },
});
console.log(turned.reason, "with the iterate of", turned.bestIteration);`;

// The same, as attention that shows itself while it runs: it cycles, and so never meets its tolerance.
const live = `import { matrix, solveAttention } from "cotangent";
const one = matrix([[1]]);
const shown = solveAttention({
  tokens: ["a"], x: one, z0: matrix([[2]]), preset: "inject",
  weights: { query: one, key: one, value: matrix([[-1]]), output: one },
  tolerance: 1e-300, damping: 0.01, maxIterations: 100_000, live: display,
  observe: ({ iteration }) => {
    const until = performance.now() + 100;
    while (performance.now() < until);
  },
});
console.log("attention", shown.reason);`;

// 64 tokens and 4 heads: what the sliders are held to.
const again = `import { mulberry32, normalMatrix, solveAttention } from "cotangent";
const uniform = mulberry32(3);
const drawn = () => normalMatrix(uniform, 32, 32, 1 / Math.sqrt(32));
solveAttention({
  tokens: Array.from({ length: 64 }, (_, i) => "t" + i), heads: 4, x: normalMatrix(uniform, 64, 32),
  weights: { query: drawn(), key: drawn(), value: drawn(), output: drawn() },
})`;

const notebook = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "cotangent", display_name: "TypeScript (Cotangent)", language: "typescript" },
  },
  cells: [
    { id: "solve", cell_type: "code", source, metadata: {}, execution_count: null, outputs: [] },
    { id: "live", cell_type: "code", source: live, metadata: {}, execution_count: null, outputs: [] },
    { id: "again", cell_type: "code", source: again, metadata: {}, execution_count: null, outputs: [] },
  ],
});

describe("steering a computation from JupyterLab", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "cotangent-steering-"));
  let lab: Lab;
  let browser: Browser;
  let open: NotebookPage;

  /** The cell's lines so far. */
  const lines = async (): Promise<string[]> =>
    (await open.page.locator(".jp-OutputArea-output").allInnerTexts()).join("\n").split("\n").filter(Boolean);
  /** Resolves when the cell has printed more than `n` lines. */
  const untilMoreThan = (n: number) =>
    open.page.waitForFunction(
      (least) => {
        const outputs = [...document.querySelectorAll(".jp-OutputArea-output")];
        return outputs.map((output) => output.textContent).join("\n").split("\n").filter(Boolean).length > least; // prettier-ignore
      },
      n,
      { timeout: 30_000 },
    );

  before(async () => {
    writeFileSync(join(folder, "steering.ipynb"), notebook);
    [lab, browser] = await Promise.all([startLab({ rootDir: folder }), launchChromium()]);
    open = await NotebookPage.open(browser, lab, "lab/tree/steering.ipynb");
    await open.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout: 60_000 });
    await open.untilIdle();
    await open.cell(0).locator(".cm-content").click();
    await open.page.keyboard.press("Control+Enter");
    await untilMoreThan(1);
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await open?.screenshot("failed-steering");
  });
  after(async () => {
    await open?.close();
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("pauses it, lets it take single steps, and stops it with its result kept", async () => {
    await open.choose("Kernel", "Pause Computation");
    await open.choose("Kernel", "Step Computation");
    // After a pause nothing comes but what is asked for: each step is one line more, and the next waits for the next step.
    const before = (await lines()).length;
    for (const more of [1, 2, 3]) {
      await open.choose("Kernel", "Step Computation");
      await untilMoreThan(before + more - 1);
    }
    const stepped = (await lines()).length;
    assert.ok(stepped <= before + 6, `${stepped - before} iterations for three steps`);
    await open.choose("Kernel", "Stop Computation, Keep Result");
    await open.page
      .locator(".jp-OutputArea-output", { hasText: "stopped with the iterate of" })
      .waitFor({ timeout: 30_000 });
    assert.match((await lines()).at(-1)!, /^stopped with the iterate of \d+$/);
    await open.screenshot("lab-steering");
    open.assertQuiet();
  });

  it("does so from the picture of a solve that runs, too", async () => {
    const cell = open.cell(1);
    await cell.locator(".cm-content").click();
    await open.page.keyboard.press("Control+Enter");
    const button = (name: string) => cell.getByRole("button", { name, exact: true });
    /** The iterations that the picture tells of. */
    const told = async () =>
      Number(/Running: (\d+)/.exec((await cell.locator(".cot-verdict strong").textContent()) ?? "")?.[1]);
    await button("Pause").waitFor({ timeout: 30_000 });
    await button("Pause").press("Enter");
    await button("Step").press("Enter");
    const before = await told();
    for (const more of [1, 2]) {
      await button("Step").press("Enter");
      await open.page.waitForFunction(
        (least) => {
          const title = [...document.querySelectorAll(".cot-verdict strong")].at(-1)?.textContent ?? "";
          return Number(/\d+/.exec(title)?.[0]) >= least;
        },
        before + more,
        { timeout: 30_000 },
      );
    }
    await button("Stop").press("Enter");
    await cell
      .locator(".jp-OutputArea-output", { hasText: "attention stopped" })
      .waitFor({ timeout: 30_000 });
    await cell.locator(".cot-verdict strong", { hasText: "Was stopped after" }).waitFor({ timeout: 30_000 });
    assert.equal(await cell.locator(".cot-steering").count(), 0);
    await open.screenshot("lab-steering-picture");
    open.assertQuiet();
  });

  it("solves again in the kernel when a slider of the picture is moved", async () => {
    const cell = open.cell(2);
    await cell.locator(".cm-content").click();
    await open.page.keyboard.press("Control+Enter");
    const slider = cell.getByRole("slider", { name: "damping of the solve", exact: true });
    await slider.waitFor({ timeout: 30_000 });
    for (const damping of ["0.5", "0.7"]) {
      await slider.fill(damping);
      await cell
        .locator(".cot-verdict-details", { hasText: `damping ${damping}` })
        .waitFor({ timeout: 30_000 });
    }
    await cell.getByRole("slider", { name: "temperature of the solve", exact: true }).fill("0.3");
    await cell.locator(".cot-section-title", { hasText: "temperature 2" }).waitFor({ timeout: 30_000 });
    await open.screenshot("lab-resolve");
    open.assertQuiet();
  });
});
