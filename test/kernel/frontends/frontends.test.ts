/** The kernel under the programs that people run notebooks with, besides JupyterLab. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { jupyterEnvironment, venvProgram } from "../../../scripts/setup/paths.mjs";

const cell = (source: string, i: number) => ({
  id: `cell-${i}`,
  cell_type: "code",
  source,
  metadata: i === 0 ? { tags: ["parameters"] } : {},
  execution_count: null,
  outputs: [],
});

const notebook = (...sources: readonly string[]): string =>
  JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "cotangent", display_name: "TypeScript (Cotangent)", language: "typescript" },
    },
    cells: sources.map(cell),
  });

interface Output {
  readonly output_type: string;
  readonly text?: string | string[];
  readonly data?: Record<string, string | string[]>;
  readonly ename?: string;
}

describe("our kernel under", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cotangent-frontend-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function python(...args: readonly string[]) {
    const child = spawn(venvProgram("python"), args, {
      cwd: folder,
      env: jupyterEnvironment(join(folder, "home")),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    const [code] = (await once(child, "close")) as [number];
    return { code, said };
  }

  const outputs = (name: string): Output[] =>
    (
      JSON.parse(readFileSync(join(folder, name), "utf8")) as { cells: { outputs: Output[] }[] }
    ).cells.flatMap((each) => each.outputs);

  it("jupyter console: a cell, a type error, a question, Ctrl+C, exit", async () => {
    const { code, said } = await python(join(import.meta.dirname, "console.py"));
    assert.equal(code, 0, said);
  });

  it("papermill, from one file to another", async () => {
    writeFileSync(join(folder, "in.ipynb"), notebook("const rate = 0.5", "rate * 2"));
    const { code, said } = await python("-m", "papermill", "--no-progress-bar", "in.ipynb", "out.ipynb");
    assert.equal(code, 0, said);
    assert.deepEqual(
      outputs("out.ipynb").map(({ data }) => [data!["text/plain"]].flat().join("")),
      ["1"],
    );
  });

  it("nbconvert: executed to HTML, and as a script with our ending", async () => {
    writeFileSync(
      join(folder, "in.ipynb"),
      notebook("display.html('<b>bold</b>')", "const a: number = 5; a"),
    );
    const html = await python("-m", "nbconvert", "--execute", "--to", "html", "in.ipynb");
    assert.equal(html.code, 0, html.said);
    assert.match(readFileSync(join(folder, "in.html"), "utf8"), /<b>bold<\/b>/);
    const executed = await python(
      "-m",
      "nbconvert",
      "--execute",
      "--to",
      "notebook",
      "--inplace",
      "in.ipynb",
    );
    assert.equal(executed.code, 0, executed.said);
    const script = await python("-m", "nbconvert", "--to", "script", "in.ipynb");
    assert.equal(script.code, 0, script.said);
    assert.match(readFileSync(join(folder, "in.ts"), "utf8"), /const a: number = 5; a/);
  });

  it("nbconvert, going on after errors where it is allowed to, and stopping cells that take too long", async () => {
    writeFileSync(
      join(folder, "in.ipynb"),
      notebook("let kept = 1", "throw new Error('on purpose')", "kept"),
    );
    const args = ["-m", "nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb"];
    const allowed = await python(...args, "--allow-errors", "in.ipynb");
    assert.equal(allowed.code, 0, allowed.said);
    assert.deepEqual(
      outputs("out.ipynb").map(({ output_type, ename }) => ename ?? output_type),
      ["Error", "execute_result"],
    );
    writeFileSync(join(folder, "slow.ipynb"), notebook("while (true) {}", "'after'"));
    const slow = await python(
      ...args,
      "--allow-errors",
      "--ExecutePreprocessor.timeout=2",
      "--ExecutePreprocessor.interrupt_on_timeout=True",
      "slow.ipynb",
    );
    assert.equal(slow.code, 0, slow.said);
    assert.deepEqual(
      outputs("out.ipynb").map(({ output_type, ename }) => ename ?? output_type),
      ["Interrupted", "execute_result"],
    );
  });
});
