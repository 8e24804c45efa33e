/** What a step of the set-up shows while it runs. */
import assert from "node:assert/strict";

import { step } from "../../../scripts/setup/progress.mjs";

function screen(isTTY: boolean) {
  const written: string[] = [];
  const times = [0, 2345];
  return {
    written,
    options: {
      out: { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream & {
        fd: 1;
      },
      now: () => times.shift()!,
    },
  };
}

describe("a step of the set-up", () => {
  it("is named when it begins and timed when it has ended", async () => {
    const { written, options } = screen(false);
    assert.equal(await step("Building", () => Promise.resolve(7), options), 7);
    assert.deepEqual(written, ["  Building …\n", "✓ Building (2.3 s)\n"]);
  });

  it("that fails is marked, and its error goes on", async () => {
    const { written, options } = screen(false);
    await assert.rejects(
      step("Building", () => Promise.reject(new Error("no")), options),
      /no/,
    );
    assert.equal(written.at(-1), "✗ Building (2.3 s)\n");
  });

  it("takes one line of a terminal", async () => {
    const { written, options } = screen(true);
    await step("Building", () => Promise.resolve(), options);
    assert.equal(written.join("").split("\n").length, 2);
    assert.match(written.join(""), /\r✓ Building \(2\.3 s\) +\n$/);
  });
});
