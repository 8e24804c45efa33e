/** The ordered outgoing queue, with a clock that the test moves. */
import assert from "node:assert/strict";

import type { Channel, Outgoing } from "../../../kernel/src/core/message.js";
import { OutputQueue } from "../../../kernel/src/core/output-queue.js";

/** A transport that sends when it is told to, and a clock that stands still until it is moved. */
function bench() {
  const sent: string[] = [];
  const sends: (() => void)[] = [];
  let time = 1000;
  let timer: { at: number; callback: () => void } | null = null;
  const errors: unknown[] = [];
  const queue = new OutputQueue(
    {
      send: (channel: Channel, { type, content }: Outgoing) =>
        new Promise((resolve, reject) => {
          sends.push(() => {
            sent.push(type === "stream" ? `${content["name"]}:${content["text"]}` : `${channel}:${type}`);
            if (type === "fails") reject(new Error("no route"));
            else resolve();
          });
        }),
    },
    {
      now: () => time,
      after: (ms, callback) => {
        timer = { at: time + ms, callback };
        return () => (timer = null);
      },
    },
    (error) => errors.push(error),
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  /** Let every send that has begun end, and those that follow from it. */
  const flush = async () => {
    for (await turn(); sends.length > 0; await turn()) sends.shift()!();
  };
  const advance = (ms: number) => {
    time += ms;
    if (timer && timer.at <= time) {
      const { callback } = timer;
      timer = null;
      callback();
    }
  };
  const push = (type: string) => queue.push("iopub", { type, parent: null, content: {} });
  return { queue, sent, sends, flush, advance, push, errors };
}

describe("the output queue", () => {
  it("keeps one send in flight and the order of everything", async () => {
    const { queue, sent, sends, flush, push } = bench();
    push("busy");
    queue.pushStream(null, "stdout", "a");
    push("display_data");
    queue.pushStream(null, "stderr", "b");
    push("idle");
    assert.equal(sends.length, 1);
    await flush();
    assert.deepEqual(sent, ["iopub:busy", "stdout:a", "iopub:display_data", "stderr:b", "iopub:idle"]);
  });

  it("joins text that waits, but never across streams", async () => {
    const { queue, sent, flush, push } = bench();
    push("busy");
    for (const text of ["a", "b", "c"]) queue.pushStream(null, "stdout", text);
    queue.pushStream(null, "stderr", "x");
    queue.pushStream(null, "stdout", "d");
    push("idle");
    await flush();
    assert.deepEqual(sent, ["iopub:busy", "stdout:abc", "stderr:x", "stdout:d", "iopub:idle"]);
  });

  it("sends the first line at once and what follows in steady batches", async () => {
    const { queue, sent, flush, advance } = bench();
    queue.pushStream(null, "stdout", "1");
    await flush();
    assert.deepEqual(sent, ["stdout:1"]);
    queue.pushStream(null, "stdout", "2");
    queue.pushStream(null, "stdout", "3");
    await flush();
    assert.deepEqual(sent, ["stdout:1"]);
    advance(25);
    await flush();
    assert.deepEqual(sent, ["stdout:1", "stdout:23"]);
  });

  it("does not hold text back when something comes after it", async () => {
    const { queue, sent, flush, push } = bench();
    queue.pushStream(null, "stdout", "1");
    await flush();
    queue.pushStream(null, "stdout", "2");
    push("idle");
    await flush();
    assert.deepEqual(sent, ["stdout:1", "stdout:2", "iopub:idle"]);
  });

  it("reports a send that failed and goes on", async () => {
    const { sent, flush, push, errors } = bench();
    push("fails");
    push("idle");
    await flush();
    assert.deepEqual(sent, ["iopub:fails", "iopub:idle"]);
    assert.equal(errors.length, 1);
  });

  it("drains: resolves when all is sent, without waiting for the clock", async () => {
    const { queue, sent, flush } = bench();
    queue.pushStream(null, "stdout", "1");
    await flush();
    queue.pushStream(null, "stdout", "2");
    const drained = queue.drain();
    await flush();
    await drained;
    assert.deepEqual(sent, ["stdout:1", "stdout:2"]);
  });
});
