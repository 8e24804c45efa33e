/** Output that comes late belongs to the cell that caused it, not to the newest one. */
import assert from "node:assert/strict";

import { useKernel } from "../../support/kernel-fixture.js";

/** Each calls `say(text)` when `go()` has been called by a later cell, or some time after. */
const causes: Readonly<Record<string, string>> = {
  "a timer": "setTimeout(() => go.then(() => console.log('late')), 1)",
  "an interval":
    "const every = setInterval(() => { if (gone) { clearInterval(every); console.log('late') } }, 1)",
  "a promise": "void go.then(() => console.log('late'))",
  "an await": "void (async () => { await go; await null; console.log('late') })()",
  "a display": "void go.then(() => display('late'))",
  "a timer that throws": "void go.then(() => setTimeout(() => { throw new Error('late') }, 1))",
  "an unhandled rejection": "void go.then(() => { throw new Error('late') })",
  "a nextTick": "void go.then(() => process.nextTick(() => console.log('late')))",
  "a child process":
    "void (async () => { const { spawn } = await import('node:child_process'); await go; " +
    "spawn(process.execPath, ['-p', '`late`']).stdout.on('data', (text) => process.stdout.write(text)) })()",
  "a file that was read":
    "void (async () => { const { readFile } = await import('node:fs'); await go; " +
    "readFile(process.execPath + '-not-there', () => console.log('late')) })()",
  "an emitter that a timer triggers":
    "const { EventEmitter } = await import('node:events'); const emitter = new EventEmitter(); " +
    "emitter.on('x', () => console.log('late')); void go.then(() => setTimeout(() => emitter.emit('x'), 1))",
  "a comm": "void go.then(() => jupyter.comms.open('late', { text: 'late' }))",
};

describe("late output", () => {
  const kernel = useKernel();

  for (const [what, code] of Object.entries(causes))
    it(`of ${what} has the cell that began it as its parent`, async () => {
      await kernel().execute("%types off");
      await kernel().execute(
        "let gone = false, leave: () => void; const go = new Promise<void>((r) => (leave = r))",
      );
      const from = kernel().received.length;
      const early = await kernel().execute(code);
      await kernel().execute("gone = true; leave(); console.log('newest')");
      const late = await kernel().find(
        (message) =>
          message.channel === "iopub" &&
          kernel().received.indexOf(message) >= from &&
          ["stream", "display_data", "comm_open"].includes(message.type) &&
          JSON.stringify(message.content).includes("late"),
      );
      assert.equal(late.parent, early.reply.parent);
    });

  it("of an interrupted cell's timer stays with that cell", async () => {
    const id = await kernel().send("execute_request", {
      code: "let ticks = 0; setInterval(() => console.log(`tick ${++ticks}`), 5).unref(); await new Promise(() => {})",
    });
    await kernel().find(({ type, parent }) => type === "stream" && parent === id);
    await kernel().request("interrupt_request", {}, "control");
    await kernel().cell(id);
    const next = await kernel().execute(
      "const before = ticks; while (ticks < before + 3) await new Promise((r) => setTimeout(r, 5))",
    );
    assert.equal(next.stream("stdout"), "");
    const texts = kernel().received.filter(({ type, parent }) => type === "stream" && parent === id);
    assert.match(texts.map(({ content }) => content.text as string).join(""), /tick 3\n/);
  });
});

describe("jupyter.signal", () => {
  const kernel = useKernel();

  it("is aborted by an interrupt, so that asynchronous code can stop", async () => {
    const id = await kernel().send("execute_request", {
      code:
        "const { signal } = jupyter; signal.addEventListener('abort', () => console.log('stopped:', signal.reason.message)); " +
        "console.log('on'); await new Promise(() => {})",
    });
    await kernel().find(({ type, parent }) => type === "stream" && parent === id);
    await kernel().request("interrupt_request", {}, "control");
    const stopped = await kernel().find(
      ({ type, content }) => type === "stream" && content.text.includes("stopped: The cell was interrupted."),
    );
    assert.equal(stopped.parent, id);
    assert.equal((await kernel().execute("jupyter.signal.aborted")).result, "false");
  });

  it("is not aborted when a cell ends by itself", async () => {
    await kernel().execute("var mine = jupyter.signal");
    await kernel().request("interrupt_request", {}, "control");
    assert.equal((await kernel().execute("mine.aborted")).result, "false");
  });
});
