/** Interrupt: whatever runs stops, and every variable is still there. */
import assert from "node:assert/strict";

import { useKernel } from "../../support/kernel-fixture.js";

/** Each prints when it is under way, so that the interrupt cannot come too early. */
const endless: Readonly<Record<string, string>> = {
  "while(true){}": "console.log('on'); while(true){}",
  "a loop that catches everything": "console.log('on'); for(;;){ try { for(;;){} } catch {} finally {} }",
  "deep recursion":
    "const fib = (n: number): number => n < 2 ? n : fib(n - 1) + fib(n - 2); console.log('on'); fib(60)",
  "an endless await null loop": "console.log('on'); await (async () => { for(;;) await null })()",
  "a busy loop after an await":
    "await new Promise((r) => setTimeout(r, 5)); console.log('on'); while(true){}",
  "a catastrophic regular expression": "console.log('on'); /^(a+)+$/.test('a'.repeat(40) + 'b')",
  "Atomics.wait": "console.log('on'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a loop in a later microtask":
    "queueMicrotask(() => { console.log('on'); for(;;); }); await new Promise(() => {})",
  "a loop in a timer": "setTimeout(() => { console.log('on'); for(;;); }); await new Promise(() => {})",
  "a loop of timers":
    "await new Promise(() => { const again = () => void setTimeout(again); again(); console.log('on') })",
  "a loop in an event":
    "const { EventEmitter } = await import('node:events'); const e = new EventEmitter(); " +
    "e.on('x', () => { console.log('on'); for(;;); }); setTimeout(() => e.emit('x')); await new Promise(() => {})",
  "a loop inside AsyncLocalStorage":
    "const { AsyncLocalStorage } = await import('node:async_hooks'); " +
    "await new AsyncLocalStorage().run(1, async () => { await null; console.log('on'); for(;;); })",
  "a loop inside the user's own async hooks":
    "const { createHook } = await import('node:async_hooks'); createHook({ before() {}, after() {} }).enable(); " +
    "await null; console.log('on'); for(;;);",
  "a cell that prints for ever": "console.log('on'); for(;;) console.log('and on')",
  "a cell that shows for ever": "console.log('on'); for(;;) display('and on')",
  "a child process that is waited for":
    "const { execSync } = await import('node:child_process'); console.log('on'); execSync('sleep 0.2'); for(;;);",
  "a promise that never settles": "console.log('on'); await new Promise(() => {})",
};

describe("interrupt", () => {
  const kernel = useKernel();

  const interrupted = async (code: string, stop: () => Promise<unknown> | unknown) => {
    const seen = kernel().received.length;
    const id = await kernel().send("execute_request", { code });
    await kernel().until(() =>
      kernel()
        .received.slice(seen)
        .some(({ type, content }) => type === "stream" && content.text.includes("on")),
    );
    await stop();
    return kernel().cell(id);
  };

  before(async () => {
    await kernel().execute("let kept = 41");
  });

  for (const [what, code] of Object.entries(endless))
    it(`stops ${what} and keeps the variables`, async () => {
      const cell = await interrupted(code, () => kernel().request("interrupt_request", {}, "control"));
      assert.equal(cell.reply.content.ename, "Interrupted");
      assert.equal((await kernel().execute("kept")).result, "41");
      assert.equal(
        (await kernel().execute("await new Promise((r) => setTimeout(() => r('tick'), 1))")).result,
        "'tick'",
      );
    });

  it("works by SIGINT too, in a busy loop and after an await", async () => {
    for (const what of ["while(true){}", "a busy loop after an await", "a promise that never settles"]) {
      const cell = await interrupted(endless[what]!, () => kernel().process.kill("SIGINT"));
      assert.equal(cell.reply.content.ename, "Interrupted", what);
    }
    assert.equal((await kernel().execute("kept")).result, "41");
  });

  it("of nothing does nothing, and does not hit the next cell", async () => {
    for (let i = 0; i < 20; i++) {
      assert.equal((await kernel().request("interrupt_request", {}, "control")).content.status, "ok");
      assert.equal((await kernel().execute(`${i} + 1`)).result, String(i + 1));
    }
    kernel().process.kill("SIGINT");
    // The signal means whatever runs when it arrives, which may be the cell that comes right behind it; not the next.
    await kernel().execute("'right behind'");
    assert.equal(
      (await kernel().execute("await new Promise((r) => setTimeout(() => r(1), 60))")).result,
      "1",
    );
  });

  it("stops at whatever moment it comes, early and late, a hundred times", async () => {
    const codes = [
      "for(;;);",
      "await (async () => { for(;;) await null })()",
      "for (let i = 0; i < 1e5; i++);",
      "await null; 1",
    ];
    for (let i = 0; i < 100; i++) {
      const id = await kernel().send("execute_request", { code: codes[i % codes.length]! });
      // Anywhere between before the cell's compilation and after its end.
      if (i % 3 > 0) await kernel().find(({ type, parent }) => type === "execute_input" && parent === id);
      for (let beats = i % 7; beats > 0; beats--) await kernel().beat();
      await kernel().request("interrupt_request", {}, "control");
      // One that came before the request itself hit nothing.
      while (!kernel().received.some(({ type, parent }) => type === "execute_reply" && parent === id))
        await kernel().request("interrupt_request", {}, "control");
      await kernel().cell(id);
    }
    assert.equal((await kernel().execute("kept")).result, "41");
  });

  it("in a storm of a hundred stops one cell and leaves the next alone", async () => {
    const cell = await interrupted(endless["while(true){}"]!, () =>
      Promise.all(Array.from({ length: 100 }, () => kernel().request("interrupt_request", {}, "control"))),
    );
    assert.equal(cell.reply.content.ename, "Interrupted");
    assert.equal((await kernel().execute("kept")).result, "41");
  });

  it("also frees the thread from an earlier cell's timer that never ends", async () => {
    await kernel().execute("setTimeout(() => { console.log('hogs'); for(;;); }); 0");
    await kernel().find(({ type, content }) => type === "stream" && content.text.includes("hogs"));
    await kernel().request("interrupt_request", {}, "control");
    assert.equal((await kernel().execute("kept")).result, "41");
  });

  it("aborts the cells that wait", async () => {
    const seen = kernel().received.length;
    const first = await kernel().send("execute_request", { code: endless["while(true){}"]! });
    const second = await kernel().send("execute_request", { code: "1" });
    await kernel().until(() =>
      kernel()
        .received.slice(seen)
        .some(({ type }) => type === "stream"),
    );
    await kernel().request("interrupt_request", {}, "control");
    assert.equal((await kernel().cell(first)).reply.content.ename, "Interrupted");
    assert.equal((await kernel().cell(second)).status, "aborted");
  });

  it("is not needed for control and heartbeat: both answer while a cell loops", async () => {
    const cell = await interrupted(endless["while(true){}"]!, async () => {
      assert.equal((await kernel().request("kernel_info_request", {}, "control")).content.status, "ok");
      assert.equal(await kernel().beat(), "ping");
      await kernel().request("interrupt_request", {}, "control");
    });
    assert.equal(cell.status, "error");
  });
});
