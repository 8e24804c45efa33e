/** Hostile wire input: ten thousand seeded mutations, through the decoder into the core. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { Kernel } from "../../../kernel/src/core/kernel.js";
import type { RequestChannel } from "../../../kernel/src/core/message.js";
import { OutputQueue } from "../../../kernel/src/core/output-queue.js";
import type { Evaluator } from "../../../kernel/src/core/ports.js";
import { requests } from "../../../kernel/src/core/requests.js";
import { createSigner, decode, WireError } from "../../../kernel/src/node/wire.js";

const signer = createSigner("secret", "hmac-sha256");

function bench() {
  const ran: string[] = [];
  const sent: string[] = [];
  const log: string[] = [];
  const evaluator: Evaluator = {
    run: ({ code }) => (ran.push(code), Promise.resolve({ status: "ok", result: null })),
    deliver: () => Promise.resolve({ status: "ok", result: null }),
    interrupt: () => Promise.resolve(),
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

const FIELDS = [
  "code",
  "silent",
  "store_history",
  "stop_on_error",
  "allow_stdin",
  "user_expressions",
  "cursor_pos",
  "detail_level",
  "comm_id",
  "target_name",
  "data",
  "restart",
  "hist_access_type",
  "n",
  "session",
  "start",
  "stop",
  "pattern",
  "raw",
  "output",
  "unique",
  "subshell_id",
  "value",
  "__proto__",
  "constructor",
  "toString",
];

const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
};

const nonsense = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1e308,
    "",
    "x",
    "🐎",
    "\ud800",
    "__proto__",
    [],
    {},
    [[]],
    deep(1000),
    { __proto__: { polluted: 1 } },
    JSON.parse('{"__proto__": {"polluted": true}}'),
  ),
  fc.jsonValue(),
  fc.string({ maxLength: 50 }),
);

const content = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), nonsense), { maxLength: 6 })
  .map(
    (entries) =>
      `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`,
  );

const header = fc
  .record({
    type: fc.constantFrom(...requests.keys(), "made_up_request", "constructor", "__proto__", ""),
    id: fc.oneof(fc.uuid(), fc.constantFrom("", "same", "__proto__")),
    extra: nonsense,
  })
  .map(({ type, id, extra }) =>
    JSON.stringify({
      msg_id: id,
      msg_type: type,
      session: extra,
      username: extra,
      date: extra,
      version: extra,
      subshell_id: extra,
    }),
  );

/** What is done to the frames of a rightly signed message, after it was signed. */
const damage = fc.record({
  kind: fc.constantFrom("none", "none", "drop", "repeat", "flip", "cut", "swap"),
  at: fc.nat(),
  by: fc.integer({ min: 1, max: 255 }),
});

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
        header,
        content,
        damage,
        fc.constantFrom<RequestChannel>("shell", "control", "stdin"),
        async (head, body, { kind, at, by }, channel) => {
          const message = frames(head, body);
          const place = at % message.length;
          const victim = message[place]!;
          if (kind === "drop") message.splice(place, 1);
          else if (kind === "repeat") message.splice(place, 0, victim);
          else if (kind === "flip" && victim.length > 0) victim[at % victim.length]! ^= by;
          else if (kind === "cut") message[place] = victim.subarray(0, at % (victim.length + 1));
          else if (kind === "swap") message.reverse();
          const code = (JSON.parse(body) as { code?: unknown }).code;
          if (typeof code === "string") signed.add(code);
          receive(channel, message);
          if (at % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
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
