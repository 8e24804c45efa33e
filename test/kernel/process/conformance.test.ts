/** Jupyter's own test suite for kernels (jupyter_kernel_test), all of it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { jupyterEnvironment, venvProgram } from "../../../scripts/setup/paths.mjs";

/** Twelve of KernelTests, one of IopubWelcomeTests. */
const TESTS = 13;

describe("jupyter_kernel_test", () => {
  it("passes, every test, with none skipped", async () => {
    const home = mkdtempSync(join(tmpdir(), "cotangent-conformance-"));
    try {
      const child = spawn(venvProgram("python"), [join(import.meta.dirname, "conformance.py")], {
        env: jupyterEnvironment(home),
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      await once(child, "close");
      assert.match(said, new RegExp(`Ran ${TESTS} tests`), said);
      assert.match(said, /\nOK\n$/, said);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
