/** The last line of a test run: its totals, and a status that agrees with them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "../../scripts/setup/paths.mjs";
import { run } from "../../scripts/setup/run.mjs";

/** Run made-up tests with our reporter. */
async function mocha(tests: string, ...options: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "cotangent-totals-"));
  try {
    const file = join(folder, "made-up.cjs");
    writeFileSync(file, tests);
    const bin = join(ROOT, "node_modules", "mocha", "bin", "mocha.js");
    const reporter = join(ROOT, "test", "support", "reporter.cjs");
    const args = [bin, "--no-config", "--reporter", reporter, ...options, file];
    const { code, output } = await run(process.execPath, args, { cwd: folder });
    return { code, last: output.trimEnd().split("\n").at(-1), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("a test run", () => {
  it("ends with its totals", async () => {
    const { code, last } = await mocha(`it("a", () => {}); it("b", () => {}); it("c");`);
    assert.deepEqual([code, last], [0, "2 passed, 0 failed, 1 skipped"]);
  });

  it("that fails ends with them, too, and with a status that says so", async () => {
    const { code, last } = await mocha(`it("a", () => {}); it("b", () => { throw new Error("no"); });`);
    assert.deepEqual([code, last], [1, "1 passed, 1 failed, 0 skipped"]);
  });

  it("counts what fails outside of a test", async () => {
    const hook = await mocha(
      `describe("x", () => { before(() => { throw new Error("no"); }); it("a", () => {}); });`,
    );
    assert.deepEqual([hook.code, hook.last], [1, "0 passed, 1 failed, 0 skipped"]);
    const stray = await mocha(`it("a", () => { setImmediate(() => { throw new Error("stray"); }); });`);
    assert.notEqual(stray.code, 0);
    assert.match(stray.output, /stray/);
  });

  it("in CI refuses a forgotten .only", async () => {
    const { code, output } = await mocha(`it.only("a", () => {});`, "--forbid-only");
    assert.notEqual(code, 0);
    assert.match(output, /\.only/);
  });
});
