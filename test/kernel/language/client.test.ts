/** The language port when its engine fails. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The port starts a thread, which needs compiled files.
import { LanguageClient } from "../../../kernel/dist/node/language-client.js";

describe("the language port", () => {
  const log: string[] = [];
  let client: LanguageClient | undefined;
  afterEach(() => client?.close());
  const start = (options: { executable?: string; patience?: number }) =>
    (client = new LanguageClient({ folder: tmpdir(), log: (line: string) => log.push(line), ...options }));

  it("lets cells run where the engine cannot be started, and says so once", async () => {
    for (const executable of [join(tmpdir(), "no-such-engine"), "/bin/false"]) {
      const language = start({ executable });
      const wrong = { id: 1, source: "let n: number = 'text'" };
      const { diagnostics, notice } = await language.check(wrong);
      assert.deepEqual(diagnostics, []);
      assert.match(
        notice!,
        /^Cells run without type checks and completions, because TypeScript could not be started: /,
      );
      language.accept(wrong);
      assert.deepEqual(await language.check(wrong), { diagnostics: [] });
      assert.deepEqual((await language.complete("n.", 2)).matches, []);
      assert.equal(await language.inspect("n", 1, 0), null);
      language.close();
    }
  });

  it("knows cells that ran unchecked when it is asked, in their order", async () => {
    const language = start({});
    for (let id = 1; id <= 30; id++) language.accept({ id, source: `let seen = { was${id}: ${id} }` });
    const { matches } = await language.complete("seen.was", 8);
    assert.deepEqual(
      matches.map(({ text }) => text),
      ["was30"],
    );
    language.accept({ id: 31, source: "let seen = 'text'" });
    const { diagnostics } = await language.check({ id: 32, source: "const n: number = seen" });
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      [2322],
    );
  });

  it("gives up an engine that does not answer, says so, and in the end leaves it alone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cotangent-mute-"));
    const executable = join(folder, "mute");
    writeFileSync(executable, "#!/bin/sh\nexec sleep 1000\n", { mode: 0o755 });
    try {
      const language = start({ executable, patience: 20 });
      const cell = { id: 1, source: "let n: number = 'text'" };
      const notices: (string | undefined)[] = [];
      for (let i = 0; i < 3; i++) notices.push((await language.check(cell)).notice);
      assert.equal(notices[0], "The type check took longer than 0.02 s; this cell ran unchecked.");
      assert.match(notices[1]!, /could not be started: it did not answer within 0\.02 s, 3 times in a row$/);
      assert.equal(notices[2], undefined);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
