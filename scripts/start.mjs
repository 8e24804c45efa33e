/** `npm start`: from a fresh clone to JupyterLab on the notebooks, with our kernel and our views. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { hasDisplay, openBrowser } from "./setup/browser.mjs";
import { ROOT } from "./setup/paths.mjs";
import { claimPort, parseArguments } from "./setup/port.mjs";
import { step } from "./setup/progress.mjs";
import { makeReady } from "./setup/ready.mjs";
import { spawnLab, untilReady } from "./setup/server.mjs";
import { main } from "./setup/trouble.mjs";

const FIRST_NOTEBOOK = "01-watch-attention-converge.ipynb";

await main(async () => {
  const { port: wanted, browser, rest } = parseArguments(process.argv.slice(2));
  // Before anything is installed: nobody should wait for minutes to hear that the port is taken.
  const port = await claimPort(wanted);
  await makeReady();
  const token = process.env["JUPYTER_TOKEN"] || randomBytes(24).toString("hex");
  const server = spawnLab({ port, token, args: rest });
  const ended = new Promise((resolve) => server.once("close", resolve));
  let stopping = false;
  const stop = () => {
    if (!stopping) server.kill("SIGTERM");
    stopping = true;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

  await step("Starting JupyterLab", () => untilReady(server, { port, token }));
  const page = existsSync(join(ROOT, "notebooks", FIRST_NOTEBOOK)) ? `lab/tree/${FIRST_NOTEBOOK}` : "lab";
  const url = `http://127.0.0.1:${port}/${page}?token=${token}`;
  console.log(
    `\nCotangent is ready:\n\n    ${url}\n\nCtrl+C stops it. The server's log is .cotangent/jupyter.log.`,
  );
  if (browser && hasDisplay()) openBrowser(url);

  const code = await ended;
  process.exitCode = stopping ? 0 : (code ?? 1);
});
