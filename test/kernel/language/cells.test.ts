/** Cells that are right and cells that are wrong, each in one long session with the engine. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Session } from "../../../kernel/src/language/session.js";
import { goodCells } from "./good-cells.js";
import { wrongCells } from "./wrong-cells.js";

const PACKAGES = resolve(import.meta.dirname, "../../../node_modules");

describe("the type check of cells", () => {
  let folder: string;
  let session: Session;
  let id: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cotangent-types-"));
    symlinkSync(PACKAGES, join(folder, "node_modules"));
    session = new Session(folder, { onStart: () => {} });
    session.open();
    id = 0;
  });
  afterEach(() => {
    session.engine.close();
    rmSync(folder, { recursive: true });
  });

  /** Code and line of each error; a cell without errors is accepted. */
  function errorsOf(source: string): string[] {
    const cell = { id: ++id, source };
    const { diagnostics } = session.check(cell);
    if (diagnostics.length === 0) session.accept(cell);
    return diagnostics.map(
      ({ code, start, message }) =>
        `${code}:${source.slice(0, start).split("\n").length} ${message.split("\n")[0]}`,
    );
  }

  it(`finds nothing wrong with ${goodCells.length} cells that are right`, () => {
    for (const cell of goodCells) assert.deepEqual(errorsOf(cell), [], cell);
    const scope = session.engine.program((program) => program.getSyntacticDiagnostics(session.files.scope));
    assert.deepEqual(scope, []);
  });

  it("finds in each wrong cell just what is wrong with it, on the right line", () => {
    for (const [cell, ...expected] of wrongCells)
      assert.deepEqual(
        errorsOf(cell).map((error) => error.replace(/ .*/, "")),
        expected,
        cell,
      );
  });

  it("gives the same verdicts when the session's cells run twice", () => {
    const some = goodCells.slice(0, 60);
    for (const cell of [...some, ...some]) assert.deepEqual(errorsOf(cell), [], cell);
  });

  it("goes on with all that was declared when the engine's process has died", () => {
    let pid: number | undefined;
    const other = new Session(folder, { onStart: (started) => (pid = started) });
    try {
      other.open();
      const first = { id: 1, source: "interface P { x: number }; const p: P = { x: 1 }" };
      other.check(first);
      other.accept(first);
      process.kill(pid!, "SIGKILL");
      const { diagnostics } = other.check({ id: 2, source: "p.x.toFixed(); p.y" });
      assert.deepEqual(
        diagnostics.map(({ message }) => message),
        ["Property 'y' does not exist on type 'P'."],
      );
    } finally {
      other.engine.close();
    }
  });

  it("names the place in an earlier cell that an error is about", () => {
    const earlier = "// A comment.\nexport interface P {\n  x: number;\n}";
    errorsOf(earlier);
    const { diagnostics } = session.check({ id: 9, source: "const p: P = { x: 'text' }" });
    const [place] = diagnostics[0]!.related;
    assert.match(place!.message, /^The expected type comes from property 'x'/);
    assert.equal(place!.where!.cell, 1);
    assert.equal(earlier.slice(place!.where!.start, place!.where!.end), "x");
  });

  it("keeps nothing of names that were declared again", () => {
    const cells = [
      "interface P { x: number }",
      "const p: P = { x: 1 }",
      "class K<T> { constructor(readonly v: T) {} }",
      "const anon = new (class { w = p.x })()",
      "function f(q: P) { return new K(q) }",
      "const [k1, k2] = [f(p), anon]",
    ];
    for (const cell of cells) errorsOf(cell);
    const once = session.scope.text().replace(/\$\d+/g, "$");
    for (let i = 0; i < 5; i++) for (const cell of cells) assert.deepEqual(errorsOf(cell), []);
    // The first time round, nothing had to be held to an older meaning.
    const size = session.scope.text().replace(/\$\d+/g, "$").length;
    assert.ok(size < once.length * 2, `${once.length} → ${size}`);
  });
});
