/** `npm start`: from a fresh clone to JupyterLab on the notebooks, with our kernel and our views. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { hasDisplay, openBrowser } from "./setup/browser.mjs";
import { checkNode } from "./setup/node-version.mjs";
import { ROOT } from "./setup/paths.mjs";
import { claimPort, parseArguments, USUAL_PORT } from "./setup/port.mjs";
import { step } from "./setup/progress.mjs";
import { makeReady } from "./setup/ready.mjs";
import { spawnLab, untilUp } from "./setup/server.mjs";
import { main } from "./setup/trouble.mjs";

const FIRST_NOTEBOOK = "01-watch-attention-converge.ipynb";
const HELP = `npm start                        JupyterLab on notebooks/, with everything it needs
npm start -- --port 8890         on another port than ${USUAL_PORT} (0: any free one)
npm start -- --no-browser        without opening a browser: the address is printed
npm start -- --ANY.OPTION=value  any other option of "jupyter lab"`;

await main(async () => {
  checkNode();
  const { port: wanted, browser, help, rest } = parseArguments(process.argv.slice(2));
  if (help) return console.log(HELP);
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

  try {
    const { url: address, token: asked } = await step("Starting JupyterLab", () => untilUp(server, port));
    const url = new URL(address);
    url.pathname += existsSync(join(ROOT, "notebooks", FIRST_NOTEBOOK))
      ? `lab/tree/${FIRST_NOTEBOOK}`
      : "lab";
    if (asked) url.searchParams.set("token", asked);
    console.log(
      `\nCotangent is ready:\n\n    ${url}\n\nCtrl+C stops it. The server's log is .cotangent/jupyter.log.`,
    );
    if (browser && hasDisplay()) openBrowser(String(url));
  } catch (error) {
    // Stopped before it was up: that is no trouble.
    if (!stopping) throw error;
  }
  const code = await ended;
  process.exitCode = stopping ? 0 : (code ?? 1);
});
