/** Every notebook runs from top to bottom, and is committed with outputs that say something without a kernel. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ATTENTION_MIME, decodeAttentionTrace, decodeRanksTrace, decodeTapeTrace, RANKS_MIME, TAPE_MIME } from "cotangent/trace"; // prettier-ignore

import { jupyterEnvironment, ROOT, venvProgram } from "../../scripts/setup/paths.mjs";

const FOLDER = join(ROOT, "notebooks");
const TRACES = {
  [ATTENTION_MIME]: decodeAttentionTrace,
  [TAPE_MIME]: decodeTapeTrace,
  [RANKS_MIME]: decodeRanksTrace,
} as const;
const PNG_SIGNATURE = "iVBORw0KGgo";

interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface CodeCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join("") : String(value));

function read(file: string): { readonly text: string; readonly cells: readonly CodeCell[] } {
  const text = readFileSync(file, "utf8");
  return { text, cells: (JSON.parse(text) as { cells: CodeCell[] }).cells };
}

/** How long a loop took is another time every time. */
const untimed = (text: string): string => text.replace(/ in [\d.]+ (?:s|min|h)\b.*/g, " in …");

const codeCells = (cells: readonly CodeCell[]) => cells.filter((cell) => cell.cell_type === "code");

async function execute(source: string, target: string): Promise<string> {
  const script = join(ROOT, "test", "notebooks", "execute.py");
  const home = mkdtempSync(join(tmpdir(), "cotangent-nbclient-"));
  try {
    const child = spawn(venvProgram("python"), [script, source, target], {
      env: jupyterEnvironment(home),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let trouble = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (trouble += text));
    const [code] = (await once(child, "close")) as [number];
    return code === 0 ? "" : trouble || `status ${code}`;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".ipynb"))) {
  describe(`notebook ${name}`, () => {
    const saved = read(join(FOLDER, name));
    const scratch = mkdtempSync(join(tmpdir(), "cotangent-notebook-"));
    after(() => rmSync(scratch, { recursive: true, force: true }));

    it("runs from top to bottom, and says in words what it says as committed", async () => {
      const target = join(scratch, name);
      assert.equal(await execute(join(FOLDER, name), target), "");
      const words = (cells: readonly CodeCell[]) =>
        codeCells(cells).map(({ outputs = [] }) =>
          outputs.map(({ data }) => untimed(textOf(data?.["text/plain"]))),
        );
      assert.deepEqual(words(read(target).cells), words(saved.cells));
    });

    it("is committed as it runs: every cell executed in order, no error among the outputs", () => {
      const cells = codeCells(saved.cells);
      assert.deepEqual(
        cells.map(({ execution_count }) => execution_count),
        cells.map((_, index) => index + 1),
      );
      assert.ok(
        cells.every(({ outputs = [] }) => outputs.every(({ output_type }) => output_type !== "error")),
      );
    });

    it("has, with every trace, a picture and words for those who have neither kernel nor extension", () => {
      const bundles = codeCells(saved.cells).flatMap(({ outputs = [] }) =>
        outputs.flatMap(({ data }) => (data ? [data] : [])),
      );
      for (const [mime, decode] of Object.entries(TRACES)) {
        for (const data of bundles.filter((data) => mime in data)) {
          assert.ok(textOf(data["image/png"]).startsWith(PNG_SIGNATURE), mime);
          assert.notEqual(textOf(data["text/plain"]).trim(), "");
          decode(data[mime]);
        }
      }
    });

    it("names no path of the machine it was made on", () => {
      assert.doesNotMatch(saved.text, /\/(home|Users|root|work|tmp)\/|[A-Z]:\\\\/);
    });

    it("has no cell longer than a screen", () => {
      for (const { source } of codeCells(saved.cells)) assert.ok(textOf(source).split("\n").length <= 25);
    });
  });
}
