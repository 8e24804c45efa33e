/** A headless Chromium for tests: the one that is installed, or a plain sentence about how to get one. */
import { type Browser, chromium } from "playwright-core";

import { findChromium } from "../../scripts/setup/chromium.mjs";

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @throws Error saying how to get one: a single file of tests may be run without `npm test`'s preparations. */
function requireChromium(): string {
  const found = findChromium({ env: process.env, playwrightsOwn: chromium.executablePath() }) as
    string | null;
  if (found) return found;
  throw new Error("The browser tests need Chromium, and none was found. `npm test` installs one.");
}

/** @param extra more command-line arguments */
export function launchChromium(extra: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: requireChromium(), args: [...ARGUMENTS, ...extra] });
}
