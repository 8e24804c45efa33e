/** The message core with a made-up transport and evaluator: what is answered, where, and in which order. */
import assert from "node:assert/strict";

import { Kernel } from "../../../kernel/src/core/kernel.js";
import type { Json, Message, RequestChannel } from "../../../kernel/src/core/message.js";
import { OutputQueue } from "../../../kernel/src/core/output-queue.js";
import type { Evaluator, EvaluatorEvent, Outcome } from "../../../kernel/src/core/ports.js";

interface Sent {
  readonly channel: string;
  readonly type: string;
  readonly content: Json;
  readonly parent: string | undefined;
}

function bench() {
  const sent: Sent[] = [];
  const runs: { code: string; settle: (outcome: Outcome) => void }[] = [];
  const log: string[] = [];
  let current: ((outcome: Outcome) => void) | null = null;
  const start = (code: string) =>
    new Promise<Outcome>((resolve) => {
      current = resolve;
      runs.push({ code, settle: resolve });
    });
  const evaluator: Evaluator = {
    run: ({ code }) => start(code),
    deliver: (_id, { kind, target }) => start(`${kind} ${target}`),
    interrupt: () => {
      current?.({ status: "interrupted" });
      return Promise.resolve();
    },
    steer: (wish) => log.push(`steer ${wish}`),
    answer: (question, answer) => log.push(`answer ${question} ${JSON.stringify(answer)}`),
    onEvent: () => {},
  };
  const kernel = new Kernel({
    queue: new OutputQueue(
      {
        send: (channel, { type, content, parent }) => {
          sent.push({ channel, type, content, parent: parent?.header.msg_id });
          return Promise.resolve();
        },
      },
      { now: () => 0, after: (_ms, callback) => (callback(), () => {}) },
      (error) => log.push(String(error)),
    ),
    evaluator,
    compile: (source, id) =>
      Promise.resolve(
        source === "syntax error"
          ? { ok: false, message: "Unexpected token", place: { line: 1, column: 8 } }
          : { ok: true, cell: { id, code: source, positions: { firstLineShift: 0, lines: null } } },
      ),
    isComplete: () => Promise.resolve({ status: "complete" }),
    onShutdown: () => log.push("shutdown"),
    log: (line) => log.push(line),
  });
  const receive = (
    msg_type: string,
    content: Json = {},
    channel: RequestChannel = "shell",
    msg_id = msg_type,
  ) => {
    const message: Message = {
      identities: [],
      header: { msg_id, session: "s", username: "u", date: "", msg_type, version: "5.5" },
      parentHeader: {},
      metadata: {},
      content,
      buffers: [],
    };
    kernel.receive(channel, message);
  };
  const settle = async () => {
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  /** A line per message: what a client would see. */
  const story = () =>
    sent.map(({ channel, type, content }) =>
      `${channel} ${type} ${String(content["execution_state"] ?? content["status"] ?? "")}`.trim(),
    );
  const emit = (event: EvaluatorEvent) => evaluator.onEvent(event);
  return { receive, settle, sent, runs, log, story, emit };
}

const ok: Outcome = { status: "ok", result: null };
const failed: Outcome = {
  status: "error",
  error: { name: "RangeError", message: "too far", frames: [], cause: null },
};

describe("the kernel's core", () => {
  it("frames every request in busy and idle, with the reply between", async () => {
    const { receive, settle, story } = bench();
    receive("kernel_info_request");
    await settle();
    assert.deepEqual(story(), ["iopub status busy", "shell kernel_info_reply ok", "iopub status idle"]);
  });

  it("publishes input, output and result before the reply and idle", async () => {
    const { receive, settle, story, runs, emit } = bench();
    receive("execute_request", { code: "1" });
    await settle();
    emit({ type: "stream", origin: 1, name: "stdout", text: "hi" });
    emit({ type: "display", origin: 1, bundle: { data: {}, metadata: {} }, displayId: null, update: false });
    runs[0]!.settle({ status: "ok", result: { data: { "text/plain": "1" }, metadata: {} } });
    await settle();
    assert.deepEqual(story(), [
      "iopub status busy",
      "iopub execute_input",
      "iopub stream",
      "iopub display_data",
      "iopub execute_result",
      "shell execute_reply ok",
      "iopub status idle",
    ]);
  });

  it("runs cells one after the other, and answers control in between", async () => {
    const { receive, settle, runs, story } = bench();
    receive("execute_request", { code: "first" }, "shell", "a");
    receive("execute_request", { code: "second" }, "shell", "b");
    await settle();
    assert.deepEqual(
      runs.map(({ code }) => code),
      ["first"],
    );
    receive("kernel_info_request", {}, "control");
    await settle();
    assert.ok(story().includes("control kernel_info_reply ok"));
    runs[0]!.settle(ok);
    await settle();
    assert.deepEqual(
      runs.map(({ code }) => code),
      ["first", "second"],
    );
  });

  it("aborts the cells that wait when one fails, unless it was told not to stop", async () => {
    for (const stop_on_error of [true, false]) {
      const { receive, settle, runs, sent } = bench();
      receive("execute_request", { code: "fails", stop_on_error }, "shell", "a");
      receive("execute_request", { code: "waits" }, "shell", "b");
      receive("kernel_info_request", {}, "shell", "c");
      await settle();
      runs[0]!.settle(failed);
      await settle();
      assert.equal(runs.length, stop_on_error ? 1 : 2);
      if (!stop_on_error) continue;
      const replies = sent
        .filter(({ type }) => type.endsWith("_reply"))
        .map(({ parent, content }) => `${parent} ${String(content["status"])}`);
      // The one that failed comes to its end first.
      assert.deepEqual(replies, ["a error", "b aborted", "c ok"]);
      const idle = sent.filter(({ content }) => content["execution_state"] === "idle");
      assert.deepEqual(
        idle.map(({ parent }) => parent),
        ["a", "b", "c"],
      );
      // A count would make it look as if it had run.
      const aborted = sent.find(({ type, parent }) => type === "execute_reply" && parent === "b")!;
      assert.deepEqual(aborted.content, { status: "aborted" });
    }
  });

  it("aborts what had arrived but was not read yet, and nothing that comes after the reply", async () => {
    const { receive, settle, runs, sent } = bench();
    receive("execute_request", { code: "fails" }, "shell", "a");
    await settle();
    runs[0]!.settle(failed);
    // In the same turn of the event loop: it was in the socket.
    receive("execute_request", { code: "was there" }, "shell", "b");
    await settle();
    receive("execute_request", { code: "answers the reply" }, "shell", "c");
    await settle();
    const b = sent.find(({ type, parent }) => type === "execute_reply" && parent === "b")!;
    assert.equal(b.content["status"], "aborted");
    assert.deepEqual(
      runs.map(({ code }) => code),
      ["fails", "answers the reply"],
    );
  });

  it("aborts nothing when a silent request fails: it is not the reader's", async () => {
    const { receive, settle, runs } = bench();
    receive("execute_request", { code: "fails", silent: true }, "shell", "a");
    receive("execute_request", { code: "waits" }, "shell", "b");
    await settle();
    runs[0]!.settle(failed);
    await settle();
    assert.equal(runs.length, 2);
  });

  it("reports an error on iopub and in the reply alike", async () => {
    const { receive, settle, runs, sent } = bench();
    receive("execute_request", { code: "x" });
    await settle();
    runs[0]!.settle(failed);
    await settle();
    for (const type of ["error", "execute_reply"]) {
      const { content } = sent.find((message) => message.type === type)!;
      assert.equal(content["ename"], "RangeError");
      assert.equal(content["evalue"], "too far");
    }
  });

  it("gives a syntax error a code frame at its line and column, and runs nothing", async () => {
    const { receive, settle, runs, sent } = bench();
    receive("execute_request", { code: "syntax error" });
    await settle();
    assert.equal(runs.length, 0);
    const { content } = sent.find(({ type }) => type === "error")!;
    assert.equal(content["evalue"], "Unexpected token (Cell 1, line 1, column 8)");
    assert.match((content["traceback"] as string[])[1]!, /syntax error/);
  });

  it("interrupts the running cell and says that its variables are kept", async () => {
    const { receive, settle, sent } = bench();
    receive("execute_request", { code: "forever" });
    await settle();
    receive("interrupt_request", {}, "control");
    await settle();
    assert.equal(sent.find(({ type }) => type === "execute_reply")!.content["ename"], "Interrupted");
    assert.equal(sent.find(({ type }) => type === "interrupt_reply")!.content["status"], "ok");
  });

  it("interrupts a cell that is still being compiled: it never runs", async () => {
    const { receive, settle, sent, runs } = bench();
    receive("execute_request", { code: "forever" });
    receive("interrupt_request", {}, "control");
    await settle();
    assert.deepEqual(runs, []);
    assert.equal(sent.find(({ type }) => type === "execute_reply")!.content["ename"], "Interrupted");
  });

  it("counts cells, but not silent ones, and publishes nothing for those", async () => {
    const { receive, settle, runs, sent } = bench();
    for (const [index, content] of [{}, { silent: true }, { store_history: false }, {}].entries()) {
      receive("execute_request", { code: "1", ...content }, "shell", `m${index}`);
      await settle();
      runs[index]!.settle({ status: "ok", result: { data: {}, metadata: {} } });
      await settle();
    }
    const counts = sent
      .filter(({ type }) => type === "execute_reply")
      .map(({ content }) => content["execution_count"]);
    assert.deepEqual(counts, [1, 1, 1, 2]);
    assert.deepEqual(
      sent.filter(({ type, parent }) => parent === "m1" && type === "execute_result"),
      [],
    );
  });

  it("closes a comm to a target that nobody listens on, and keeps those to one that somebody does", async () => {
    const { receive, settle, sent, runs, emit } = bench();
    receive("comm_open", { comm_id: "1", target_name: "nobody", data: {} });
    await settle();
    assert.deepEqual(sent.find(({ type }) => type === "comm_close")?.content["comm_id"], "1");
    emit({ type: "commTarget", target: "here", registered: true });
    receive("comm_open", { comm_id: "2", target_name: "here", data: {} });
    await settle();
    runs[0]!.settle(ok);
    receive("comm_info_request", {}, "shell", "info");
    await settle();
    assert.deepEqual(sent.find(({ type }) => type === "comm_info_reply")?.content["comms"], {
      "2": { target_name: "here" },
    });
  });

  it("ignores requests it does not know, and message types that are names of Object's own", async () => {
    const { receive, settle, sent, log } = bench();
    for (const type of ["made_up_request", "constructor", "__proto__"]) receive(type);
    await settle();
    assert.deepEqual(sent, []);
    assert.equal(log.length, 3);
  });
});
