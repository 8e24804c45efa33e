/** Every example in the README and in the library's docstrings runs, in our own kernel. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { useKernel } from "../support/kernel-fixture.js";
import { ROOT } from "../support/lab.js";

/** What an example in a docstring may use without importing it: everything that the library exports. */
const prelude = async (): Promise<string> => {
  const taken = new Set<string>();
  let imports = "";
  for (const name of ["cotangent", "cotangent/dad", "cotangent/finance", "cotangent/words", "cotangent/nn"]) {
    // Where two entries have the same name, the first one's is meant.
    const exported = Object.keys((await import(name)) as object).filter((each) => !taken.has(each));
    for (const each of exported) taken.add(each);
    imports += `import { ${exported.join(", ")} } from "${name}"; `;
  }
  return imports;
};

const codeBlocks = (markdown: string): string[] =>
  [...markdown.matchAll(/```ts\n([^]*?)```/g)].map(([, code = ""]) => code);

/** The lines after @example, up to the next tag or the end of the comment, without their asterisks. */
const docExamples = (source: string): string[] =>
  [...source.matchAll(/@example\n((?: \*(?!\/) ?(?!@).*\n)*)/g)].map(([, block = ""]) =>
    block.replace(/^ \* ?/gm, ""),
  );

describe("examples", () => {
  const kernel = useKernel({ cwd: ROOT });

  const runs = async (code: string) => {
    const cell = await kernel().execute(code);
    assert.equal(cell.status, "ok", cell.status === "ok" ? "" : cell.traceback);
    return cell;
  };

  it("of the README run, and show a picture", async () => {
    const blocks = codeBlocks(readFileSync(join(ROOT, "README.md"), "utf8"));
    assert.ok(blocks.length > 0);
    for (const block of blocks) {
      const { outputs } = await runs(block);
      const result = outputs.find(({ type }) => type === "execute_result");
      assert.ok(result?.content.data["image/png"]);
    }
  });

  it("of the library's README run", async () => {
    const [first] = codeBlocks(readFileSync(join(ROOT, "lib", "README.md"), "utf8"));
    assert.match((await runs(first!)).result!, /98\.01[^]*spot: 0\.98[^]*vol: -19\.60/);
  });

  it("in the library's docstrings run", async () => {
    const files = readdirSync(join(ROOT, "lib", "src"), { recursive: true, encoding: "utf8" });
    const examples = files
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => docExamples(readFileSync(join(ROOT, "lib", "src", file), "utf8")));
    assert.ok(examples.length > 0);
    await runs(await prelude());
    for (const example of examples) await runs(`{\n${example}\n}`);
  });
});
