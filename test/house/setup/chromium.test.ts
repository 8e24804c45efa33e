/** Where the Chromium of the browser tests comes from. */
import assert from "node:assert/strict";
import { delimiter, join } from "node:path";

import { ensureChromium } from "../../../scripts/setup/chromium.mjs";
import { Trouble } from "../../../scripts/setup/trouble.mjs";

const OWN = join("/", "playwrights", "chrome");
const DEBIANS = join("/", "usr", "bin", "chromium");

/** A machine on which some files exist, and some commands make others appear. */
function machine(there: readonly string[], makes: Record<string, string> = {}, isRoot = false) {
  const files = new Set(there);
  const commands: string[] = [];
  return {
    commands,
    chromium: (env: Record<string, string> = {}) =>
      ensureChromium({
        root: join("/", "clone"),
        env: { PATH: ["/usr/local/bin", "/usr/bin"].join(delimiter), ...env },
        isRoot,
        playwrightsOwn: OWN,
        exists: (file) => files.has(String(file)),
        run: (program: string, args: readonly string[]) => {
          const command = [program === process.execPath ? "playwright" : program, ...args.slice(-2)].join(
            " ",
          );
          commands.push(command);
          const made = makes[command];
          if (made) files.add(made);
          return Promise.resolve({ code: made ? 0 : 1, output: `${command}: no\n` });
        },
      }),
  };
}

describe("Chromium for the browser tests", () => {
  it("is the one that the variable CHROMIUM names", async () => {
    const { chromium } = machine(["/mine", DEBIANS]);
    assert.equal(await chromium({ CHROMIUM: "/mine" }), "/mine");
    await assert.rejects(chromium({ CHROMIUM: "/gone" }), /CHROMIUM names \/gone, which does not exist/);
  });

  it("is one that is installed, else Playwright's own, with nothing run", async () => {
    for (const [there, found] of [
      [[OWN, DEBIANS], DEBIANS],
      [[OWN], OWN],
    ] as const) {
      const { chromium, commands } = machine(there);
      assert.equal(await chromium(), found);
      assert.deepEqual(commands, []);
    }
  });

  it("is installed by Playwright when there is none", async () => {
    assert.equal(await machine([], { "playwright install chromium": OWN }).chromium(), OWN);
  });

  it("is Debian's package when that fails too and root may install it", async () => {
    const { chromium, commands } = machine(["/usr/bin/apt-get"], { "apt-get -qq chromium": DEBIANS }, true);
    assert.equal(await chromium(), DEBIANS);
    assert.deepEqual(commands, ["playwright install chromium", "apt-get update -qq", "apt-get -qq chromium"]);
  });

  it("is missed with a sentence when there is no way to get one", async () => {
    const { chromium, commands } = machine(["/usr/bin/apt-get"]);
    await assert.rejects(
      chromium(),
      (error) =>
        error instanceof Trouble &&
        /need Chromium; none is installed and none could be installed/.test(error.message) &&
        /Install Chromium or Chrome/.test(error.remedy) &&
        /playwright install chromium: no/.test(error.details),
    );
    assert.deepEqual(commands, ["playwright install chromium"]);
  });
});
