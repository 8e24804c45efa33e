/** Questions of running code: asked, answered, refused, interrupted. */
import assert from "node:assert/strict";

import type { KernelClient, Received } from "../../support/kernel-client.js";
import { useKernel } from "../../support/kernel-fixture.js";

const ask = (kernel: KernelClient, code: string, allow_stdin = true): Promise<string> =>
  kernel.send("execute_request", { code, allow_stdin });

const question = (kernel: KernelClient, cell: string): Promise<Received> =>
  kernel.find(({ type, parent }) => type === "input_request" && parent === cell);

const answer = (
  kernel: KernelClient,
  value: unknown,
  parent: Record<string, unknown> = {},
): Promise<string> => kernel.send("input_reply", { value, status: "ok" }, "stdin", [], parent);

describe("a question of running code", () => {
  const kernel = useKernel();

  it("waits for the answer, and has it as its value", async () => {
    const cell = await ask(kernel(), "const name = input('Name? '); `Hello, ${name}`");
    const { content, channel } = await question(kernel(), cell);
    assert.equal(channel, "stdin");
    assert.deepEqual(content, { prompt: "Name? ", password: false });
    await answer(kernel(), "Zoë 🦊");
    assert.equal((await kernel().cell(cell)).result, "'Hello, Zoë 🦊'");
  });

  it("comes after what was printed before it", async () => {
    const cell = await ask(kernel(), "console.log('before'); input()");
    await question(kernel(), cell);
    await kernel().find(({ type, parent }) => type === "stream" && parent === cell);
    await answer(kernel(), "");
    assert.equal((await kernel().cell(cell)).result, "''");
  });

  it("takes an answer of any length", async () => {
    const cell = await ask(kernel(), "input().length");
    await question(kernel(), cell);
    await answer(kernel(), "é".repeat(3_000_000));
    assert.equal((await kernel().cell(cell)).result, "3000000");
  });

  it("hides a password", async () => {
    const cell = await ask(kernel(), "input('Key', { password: true }) === 'secret'");
    assert.equal((await question(kernel(), cell)).content.password, true);
    await answer(kernel(), "secret");
    assert.equal((await kernel().cell(cell)).result, "true");
  });

  it("may be asked as in a browser: prompt with a preset, confirm", async () => {
    const cell = await ask(kernel(), "[prompt('City', 'Oslo'), confirm('Sure?')]");
    await question(kernel(), cell);
    await answer(kernel(), "");
    await kernel().find(({ type, content, parent }) => {
      return type === "input_request" && parent === cell && content.prompt.startsWith("Sure?");
    });
    await answer(kernel(), "Yes");
    assert.equal((await kernel().cell(cell)).result, "[ 'Oslo', true ]");
  });

  it("is an error where nobody can answer, and one that can be caught", async () => {
    const cell = await kernel().cell(await ask(kernel(), "input('?')", false));
    assert.equal(cell.reply.content.ename, "InputUnavailableError");
    assert.match(cell.reply.content.evalue, /allow_stdin/);
    const caught = await kernel().cell(await ask(kernel(), "try { input() } catch { 'alone' }", false));
    assert.equal(caught.result, "'alone'");
  });

  it("can be interrupted, keeps the variables, and a late answer answers no other question", async () => {
    const cell = await ask(kernel(), "let before = 7; input('?')");
    const { id } = await question(kernel(), cell);
    await kernel().request("interrupt_request", {}, "control");
    assert.equal((await kernel().cell(cell)).reply.content.ename, "Interrupted");
    await answer(kernel(), "too late");
    const next = await ask(kernel(), "`${before} ${input('again')}`");
    await question(kernel(), next);
    await answer(kernel(), "too late, and says so", { msg_id: id, msg_type: "input_request" });
    await answer(kernel(), 5);
    await answer(kernel(), "right");
    assert.equal((await kernel().cell(next)).result, "'7 right'");
  });

  it("of a timer whose cell has ended is refused, not waited for", async () => {
    await kernel().execute("setTimeout(() => { try { input() } catch (e) { console.log(String(e)) } }, 0)", {
      allow_stdin: true,
    });
    const { content } = await kernel().find(
      ({ type, content }) => type === "stream" && String(content.text).includes("InputUnavailableError"),
    );
    assert.match(content.text, /this one has ended/);
  });

  it("never asked is never answered: a stray reply does nothing", async () => {
    await answer(kernel(), "stray");
    assert.equal((await kernel().execute("1 + 1")).result, "2");
  });
});
