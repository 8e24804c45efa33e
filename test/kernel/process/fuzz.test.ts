/** Hostile wire input to a real kernel: ten thousand seeded messages over its own sockets. */
import assert from "node:assert/strict";

import fc from "fast-check";

import { requests } from "../../../kernel/src/core/requests.js";
import { useKernel } from "../../support/kernel-fixture.js";
import { damage, fuzzedContent, fuzzedHeader, inflict } from "../../support/wire-fuzz.js";

/** Rightly asked for, they end what is to be tested. */
const ENDING = new Set(["shutdown_request"]);

describe("fuzzed messages over the sockets", function () {
  this.timeout(180_000);
  const kernel = useKernel();

  it("of which 10,000 were sent leave a kernel that answers, and its variables (seeded)", async () => {
    const { signer } = kernel();
    await kernel().execute("%types off\nlet kept = 41; globalThis.forged = 0");
    const types = [...requests.keys()].filter((type) => !ENDING.has(type));
    await fc.assert(
      fc.asyncProperty(
        fuzzedHeader(types),
        fuzzedContent,
        damage,
        fc.constantFrom("shell" as const, "control" as const, "stdin" as const),
        async (header, content, harm, channel) => {
          const parts = [header, "{}", "{}", content].map((part) => Buffer.from(part));
          const message = [Buffer.from("<IDS|MSG>"), Buffer.from(signer.sign(parts)), ...parts];
          inflict(harm, message);
          await kernel()[channel].send(message);
        },
      ),
      { numRuns: 10_000, seed: 20261124 },
    );
    // One that was forged: the key is another one's.
    const forged = kernel().frames("execute_request", { code: "globalThis.forged = 1" });
    forged[1] = Buffer.from("0".repeat(64));
    await kernel().shell.send(forged as Buffer[]);
    await kernel().request("kernel_info_request", {}, "control");
    assert.equal((await kernel().execute("kept + globalThis.forged")).result, "41");
    assert.equal((await kernel().execute("typeof {}.polluted")).result, "'undefined'");
    assert.equal(await kernel().beat(), "ping");
    assert.doesNotMatch(kernel().log, /TypeError|RangeError|unhandled/i);
    await kernel().request("shutdown_request", { restart: false }, "control");
    assert.equal((await kernel().exited).code, 0);
  });
});
