/** What is generated from the table of scalar operations is what the table says now. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "../../scripts/setup/paths.mjs";

describe("the code generated from scalar-rules.ts", () => {
  it("is up to date (npm run rules)", function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "cotangent-rules-"));
    const committed = join(ROOT, "lib/src/rules/generated");
    try {
      execFileSync(process.execPath, [join(ROOT, "scripts/rules.mjs"), folder], { stdio: "pipe" });
      assert.deepEqual(readdirSync(folder), readdirSync(committed));
      for (const file of readdirSync(folder))
        assert.equal(
          readFileSync(join(committed, file), "utf8"),
          readFileSync(join(folder, file), "utf8"),
          file,
        );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
