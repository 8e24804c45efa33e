/** "use ad" in cells: derivatives of ordinary arithmetic, with errors that say where. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

import { KernelClient } from "../../support/kernel-client.js";

describe("a cell that says use ad", () => {
  const folder = mkdtempSync(join(tmpdir(), "cotangent-use-ad-"));
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ cwd: folder });
    await kernel.execute('import { grad, hessian } from "cotangent"');
  });
  after(async () => {
    await kernel?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const result = async (code: string) => {
    const cell = await kernel.execute(code);
    assert.equal(cell.status, "ok", cell.status === "ok" ? "" : cell.traceback);
    return cell.result;
  };

  it("has functions that can be differentiated, types and all", async () => {
    assert.equal(
      await result('function cube(x: number): number {\n  "use ad";\n  return x * x * x;\n}\ngrad(cube)(2)'),
      "12",
    );
    assert.equal(await result('const f = ([x, y]: [number, number]) => {\n  "use ad";\n  return x ** 2 * y;\n};\nhessian(f)([2, 3])'), "[ [ 6, 4 ], [ 4, 0 ] ]"); // prettier-ignore
    assert.equal(await result("cube(3)"), "27");
  });

  it("means all of its functions when it says so in its first line", async () => {
    assert.equal(
      await result(
        '"use ad";\nconst g = (x: number) => x / 2;\nconst h = (x: number) => g(x) * x;\ngrad(h)(3)',
      ),
      "3",
    );
  });

  it("may import what it needs in the same cell", async () => {
    assert.equal(
      await result(
        'import { grad as slope, vjp } from "cotangent";\nfunction here(x: number) { "use ad"; return x * x }\n[slope(here)(2), vjp(here, 3)[1](1)[0]]',
      ),
      "[ 4, 6 ]",
    );
  });

  it("shows nothing where it only declares", async () => {
    for (const code of [
      'function f1(x: number) { "use ad"; return x * x }',
      '"use ad";\nconst f2 = (x: number) => x * 2;',
      "// a note\n'use ad';\nfunction f3(x: number) { return x * 3 }",
    ])
      assert.equal(await result(code), undefined, code);
    assert.equal(await result("grad(f2)(1) + grad(f3)(1)"), "5");
  });

  it("may define again what an earlier cell defined", async () => {
    await result('function again(x: number) { "use ad"; return x * 2 }');
    await result('function again(x: number) { "use ad"; return x * 3 }');
    assert.equal(await result("grad(again)(1)"), "3");
  });

  it("keeps its lines and columns in stack traces, whichever body runs", async () => {
    const cell = await kernel.execute(
      'function fails(x: number): number {\n  "use ad";\n  const y = x * 2;\n  if (y > 1) throw new Error("big");\n  return y;\n}\nfails(5)',
    );
    const place = /at fails \(Cell \d+, line 4, column 20\)|Cell \d+, line 4/;
    assert.match(cell.traceback, place);
    assert.match((await kernel.execute("grad(fails)(5)")).traceback, place);
  });

  it("says which value escaped, and from which line", async () => {
    await kernel.execute("const plain = (x: number) => x + 1");
    const cell = await kernel.execute(
      'const leaks = (x: number) => {\n  "use ad";\n  const y = x * 3;\n  return plain(y);\n};\ngrad(leaks)(2)',
    );
    assert.match(
      cell.traceback,
      /EscapedValueError: A recorded value \(6, from `x \* 3` at Cell \d+, line 3\)/,
    );
  });

  it("may be a file beside the notebook", async () => {
    writeFileSync(
      join(folder, "model.ts"),
      'export function price(s: number, v: number): number {\n  "use ad";\n  return s * v + s;\n}\n',
    );
    assert.equal(await result('import { price } from "./model.ts";\ngrad(price)(2, 3)'), "4");
  });
});
