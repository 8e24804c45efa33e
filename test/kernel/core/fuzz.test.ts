/** Hostile wire input: ten thousand seeded mutations, through the decoder into the core. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { Kernel } from "../../../kernel/src/core/kernel.js";
import type { RequestChannel } from "../../../kernel/src/core/message.js";
import { OutputQueue } from "../../../kernel/src/core/output-queue.js";
import type { Evaluator } from "../../../kernel/src/core/ports.js";
import { requests } from "../../../kernel/src/core/requests.js";
import { createSigner, decode, WireError } from "../../../kernel/src/node/wire.js";
import { damage, fuzzedContent, fuzzedHeader, inflict } from "../../support/wire-fuzz.js";

const signer = createSigner("secret", "hmac-sha256");

function bench() {
  const ran: string[] = [];
  const sent: string[] = [];
  const log: string[] = [];
  const evaluator: Evaluator = {
    run: ({ code }) => (ran.push(code), Promise.resolve({ status: "ok", result: null })),
    deliver: () => Promise.resolve({ status: "ok", result: null }),
    interrupt: () => Promise.resolve(),
    steer: () => {},
    answer: () => {},
    onEvent: () => {},
  };
  const kernel = new Kernel({
    queue: new OutputQueue(
      // What cannot be written as JSON cannot be sent.
      {
        send: (_channel, message) => (
          sent.push(`${message.type} ${JSON.stringify(message.content)}`),
          Promise.resolve()
        ),
      },
      { now: () => 0, after: (_ms, callback) => (callback(), () => {}) },
      (error) => log.push(String(error)),
    ),
    evaluator,
    compile: (source, id) =>
      Promise.resolve({
        ok: true,
        cell: { id, code: source, positions: { firstLineShift: 0, lines: null } },
      }),
    isComplete: () => Promise.resolve({ status: "complete" }),
    onShutdown: () => {},
    log: (line) => log.push(line),
  });
  const receive = (channel: RequestChannel, frames: readonly Uint8Array[]) => {
    try {
      kernel.receive(channel, decode(frames, signer));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  };
  return { receive, ran, sent, log };
}

describe("fuzzed wire input", () => {
  it("of 10,000 messages does nothing that was not asked for, and leaves a kernel that answers", async () => {
    const { receive, ran, sent, log } = bench();
    const signed = new Set<string>();
    const frames = (head: string, body: string) => {
      const parts = [head, "{}", "{}", body].map((part) => Buffer.from(part));
      return [Buffer.from("client"), Buffer.from("<IDS|MSG>"), Buffer.from(signer.sign(parts)), ...parts];
    };
    await fc.assert(
      fc.asyncProperty(
        fuzzedHeader([...requests.keys()]),
        fuzzedContent,
        damage,
        fc.constantFrom<RequestChannel>("shell", "control", "stdin"),
        async (head, body, harm, channel) => {
          const message = frames(head, body);
          inflict(harm, message);
          const code = (JSON.parse(body) as { code?: unknown }).code;
          if (typeof code === "string") signed.add(code);
          receive(channel, message);
          if (harm.at % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
        },
      ),
      { numRuns: 10_000, seed: 20261124 },
    );
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      ran.filter((code) => !signed.has(code)),
      [],
    );
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    assert.deepEqual(
      log.filter((line) => line.includes("failed")),
      [],
    );
    sent.length = 0;
    receive("control", frames(JSON.stringify({ msg_id: "last", msg_type: "kernel_info_request" }), "{}"));
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(sent.some((message) => message.startsWith("kernel_info_reply")));
  });
});
