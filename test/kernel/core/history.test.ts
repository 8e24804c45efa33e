/** History: the end of what was typed, a stretch of it, what matches; and its file, which several kernels share. */
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";

import { globTest } from "../../../kernel/src/core/glob.js";
import { forgetfulStore, History, type HistoryEntry } from "../../../kernel/src/core/history.js";
import { HistoryFile, parseHistory } from "../../../kernel/src/node/history-file.js";

const earlier: HistoryEntry[] = [
  { session: 10, line: 1, source: "let a = 1" },
  { session: 10, line: 2, source: "a + 1" },
  { session: 20, line: 1, source: "let b = 2" },
];

function sample(): History {
  const history = new History({ load: () => earlier, append: () => {} }, 30);
  history.record(1, "a + 1");
  history.record(2, "b * 2");
  history.setOutput(2, "4");
  return history;
}

const sources = (entries: readonly HistoryEntry[]): string[] => entries.map(({ source }) => source);

describe("history", () => {
  it("gives the last entries, the newest last, across sessions", () => {
    assert.deepEqual(sources(sample().tail(3)), ["let b = 2", "a + 1", "b * 2"]);
    assert.deepEqual(sample().tail(0), []);
    assert.equal(sample().tail(1000).length, 5);
  });

  it("gives lines of a session by its number, or counted back from this one", () => {
    assert.deepEqual(sources(sample().range(10, 1, null)), ["let a = 1", "a + 1"]);
    assert.deepEqual(sources(sample().range(0, 2, 3)), ["b * 2"]);
    assert.deepEqual(sources(sample().range(-1, 1, null)), ["let b = 2"]);
    assert.deepEqual(sources(sample().range(-2, 1, 2)), ["let a = 1"]);
    assert.deepEqual(sample().range(-9, 0, null), []);
    assert.deepEqual(sample().range(11, 0, null), []);
  });

  it("finds what matches a pattern, each text once if that is wanted", () => {
    assert.deepEqual(sources(sample().search("let*", null, false)), ["let a = 1", "let b = 2"]);
    assert.deepEqual(sources(sample().search("? + 1", null, false)), ["a + 1", "a + 1"]);
    assert.deepEqual(
      sample()
        .search("a + 1", null, true)
        .map(({ session }) => session),
      [30],
    );
    assert.deepEqual(sources(sample().search("*", 2, false)), ["a + 1", "b * 2"]);
  });

  it("knows the results of this session", () => {
    assert.deepEqual(
      sample()
        .range(0, 1, null)
        .map(({ output }) => output),
      [null, "4"],
    );
  });

  it("works without a file", () => {
    const history = new History(forgetfulStore, 1);
    history.record(1, "x");
    assert.deepEqual(sources(history.tail(5)), ["x"]);
  });
});

describe("a search pattern", () => {
  it("takes every character but * and ? for itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const literal = text.replace(/[*?]/g, "!");
        assert.ok(globTest(literal)(literal));
        assert.ok(!globTest(literal)(`${literal}x`));
        assert.ok(globTest(`*${literal}*`)(`line\n${literal}\nline`));
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe("the history file", () => {
  let folder: string;
  const silent = () => {};
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cotangent-history-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps what two kernels append at the same time, for its owner alone", () => {
    const path = join(folder, "deep", "history.jsonl");
    const [one, two] = [new HistoryFile(path, silent), new HistoryFile(path, silent)];
    for (let line = 1; line <= 3; line++) {
      two.append({ session: 2, line, source: `two ${line}\n"quoted"` });
      one.append({ session: 1, line, source: `one ${line}` });
    }
    assert.deepEqual(
      new HistoryFile(path, silent).load().map(({ session, line }) => [session, line]),
      [1, 2].flatMap((session) => [1, 2, 3].map((line) => [session, line])),
    );
    if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("skips lines that are broken", () => {
    const good = JSON.stringify(earlier[0]);
    assert.deepEqual(parseHistory(`\n{"session":1}\nnull\n${good}\n{"session":1,"line":2,"sou`), [
      earlier[0],
    ]);
  });

  it("is cut to its newest half when it has grown too large", () => {
    const path = join(folder, "history.jsonl");
    const line = (n: number) => `${JSON.stringify({ session: 1, line: n, source: "x".repeat(5000) })}\n`;
    writeFileSync(path, "");
    for (let n = 1; n <= 1000; n++) appendFileSync(path, line(n));
    const loaded = new HistoryFile(path, silent).load();
    assert.equal(loaded.at(-1)!.line, 1000);
    assert.ok(loaded.length > 400 && loaded.length < 600, String(loaded.length));
    assert.equal(parseHistory(readFileSync(path, "utf8")).length, loaded.length);
  });

  it("that cannot be written is said once, and nothing else happens", () => {
    const log: string[] = [];
    writeFileSync(join(folder, "file"), "");
    const history = new HistoryFile(join(folder, "file", "history.jsonl"), (said) => log.push(said));
    history.append(earlier[0]!);
    history.append(earlier[1]!);
    assert.deepEqual(history.load(), []);
    assert.equal(log.length, 1);
    assert.match(log[0]!, /^History is kept for this session only: /);
  });
});
