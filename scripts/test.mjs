/** `npm test`: the same set-up as `npm start`, then lint, types, and every test; arguments go to mocha. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";

import { ensureChromium } from "./setup/chromium.mjs";
import { ROOT, venvProgram } from "./setup/paths.mjs";
import { step } from "./setup/progress.mjs";
import { makeReady } from "./setup/ready.mjs";
import { run } from "./setup/run.mjs";
import { main, Trouble } from "./setup/trouble.mjs";

const tool = (...path) => join(ROOT, "node_modules", ...path);

async function check(what, script, args) {
  await step(what, async () => {
    const { code, output } = await run(process.execPath, [script, ...args], { cwd: ROOT });
    if (code !== 0) throw new Trouble(`${what}: not clean.`, "The messages above say where.", output);
  });
}

await main(async () => {
  await makeReady();
  const { chromium } = createRequire(join(ROOT, "package.json"))("playwright-core");
  const browser = await step("Finding Chromium", () =>
    ensureChromium({
      root: ROOT,
      env: process.env,
      run,
      isRoot: process.getuid?.() === 0,
      playwrightsOwn: chromium.executablePath(),
    }),
  );
  const given = process.argv.slice(2);
  if (given.length === 0) {
    await check("Checking style (ESLint)", tool("eslint", "bin", "eslint.js"), ["."]);
    await check("Checking format (Prettier)", tool("prettier", "bin", "prettier.cjs"), ["--check", "."]);
    await check("Checking types of the tests", tool("typescript", "bin", "tsc"), ["-b", "test"]);
  }
  // A forgotten .only must not pass for a whole run.
  const strict = process.env["CI"] ? ["--forbid-only"] : [];
  const tests = given.length > 0 ? given : ["test/**/*.test.ts"];
  const mocha = spawn(process.execPath, [tool("mocha", "bin", "mocha.js"), ...strict, ...tests], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      CHROMIUM: browser,
      COTANGENT_PYTHON: venvProgram("python"),
      // The developer's own history stays as it is.
      COTANGENT_HISTORY: "off",
    },
  });
  const [code] = await once(mocha, "close");
  process.exitCode = code ?? 1;
});
