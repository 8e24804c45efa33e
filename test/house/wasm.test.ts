/** The bytes of the WebAssembly kernels are what their sources say now. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "../../scripts/setup/paths.mjs";

describe("the kernels compiled from lib/wasm", () => {
  it("are up to date (npm run wasm)", function () {
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), "cotangent-wasm-"));
    const committed = join(ROOT, "lib/src/engine/wasm/generated");
    try {
      execFileSync(process.execPath, [join(ROOT, "scripts/wasm.mjs"), folder], { stdio: "pipe" });
      assert.deepEqual(readdirSync(folder), readdirSync(committed));
      for (const file of readdirSync(folder))
        assert.ok(
          readFileSync(join(committed, file), "utf8") === readFileSync(join(folder, file), "utf8"),
          `${file} is not what lib/wasm says`,
        );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
