/** Output in quantity: all of it, in order, in bounded memory. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { useKernel } from "../../support/kernel-fixture.js";

describe("much output", () => {
  const kernel = useKernel();
  before(() => kernel().execute("%types off"));

  it("of 100 MB arrives whole, and idle last", async () => {
    const cell = await kernel().execute(
      "for (let i = 0; i < 10_000; i++) console.log(String(i).padEnd(9_999, '.'))",
    );
    const lines = cell.stream("stdout").split("\n");
    assert.equal(lines.length, 10_001);
    assert.ok(lines.every((line, i) => i === 10_000 || line === String(i).padEnd(9_999, ".")));
    assert.equal(cell.types.at(-1), "status:idle");
  });

  it("in one string of 50 million characters arrives whole", async () => {
    const cell = await kernel().execute("process.stdout.write('é'.repeat(5e7)); 0");
    assert.ok(cell.stream("stdout") === "é".repeat(5e7));
  });

  it("keeps its order among displays, errors and results", async () => {
    const cell = await kernel().execute(
      "for (let i = 0; i < 500; i++) { console.log(i); display(i); console.error(i) } 'end'",
    );
    const story = cell.outputs.flatMap(({ type, content }) =>
      type === "stream"
        ? (content.text as string).trim().split("\n")
        : type === "display_data"
          ? [content.data["text/plain"] as string]
          : [],
    );
    assert.deepEqual(
      story,
      Array.from({ length: 1500 }, (_, i) => String(Math.trunc(i / 3))),
    );
    assert.deepEqual(cell.types.slice(-2), ["execute_result", "status:idle"]);
  });

  it("that never ends does not fill the memory", async () => {
    const memory = (): number =>
      Number(
        /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${kernel().process.pid}/status`, "utf8"))?.[1] ?? NaN,
      ) / 1024;
    if (process.platform !== "linux") return;
    const before = memory();
    const id = await kernel().send("execute_request", { code: "for (;;) console.log('x')" });
    let length = 0;
    await kernel().until(() => {
      for (const { parent, type, content } of kernel().received.splice(0))
        if (parent === id && type === "stream") length += (content.text as string).length;
      return length > 5e6;
    });
    await kernel().request("interrupt_request", {}, "control");
    assert.equal((await kernel().cell(id)).reply.content.ename, "Interrupted");
    assert.ok(memory() - before < 150, `${before} → ${memory()} MB`);
  });

  it("is seen by code that replaces process.stdout.write", async () => {
    const cell = await kernel().execute(
      "const { write } = process.stdout; let heard = ''; " +
        "process.stdout.write = ((text: string) => (heard += text, true)) as never; " +
        "console.log('to be heard'); process.stdout.write = write; heard",
    );
    assert.equal(cell.result, "'to be heard\\n'");
    assert.equal(cell.stream("stdout"), "");
  });
});
