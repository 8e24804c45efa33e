/** The port: the one that was asked for, or the usual one, if it is free. */
import { createServer } from "node:net";

import { Trouble } from "./trouble.mjs";

export const USUAL_PORT = 8888;

/** Take what is ours (the port, --no-browser, --help) out of the arguments; the rest is for JupyterLab. */
export function parseArguments(args) {
  const rest = [];
  let port = USUAL_PORT;
  let browser = true;
  let help = false;
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i].split(/=(.*)/s);
    if (name === "--port" || name === "--ServerApp.port") port = readPort(inline ?? args[++i]);
    else if (name === "--no-browser") browser = false;
    else if (name === "--help" || name === "-h") help = true;
    else rest.push(args[i]);
  }
  return { port, browser, help, rest };
}

function readPort(text) {
  const port = Number(text);
  if (text !== undefined && text !== "" && Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Trouble(
    `"${text ?? ""}" is not a port.`,
    "Give a number from 1 to 65535: npm start -- --port 8890",
  );
}

/** @returns the port; a free one when 0 was asked for */
export function claimPort(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) =>
      reject(
        error.code === "EACCES"
          ? new Trouble(
              `Port ${port} may not be used by you.`,
              "Choose one above 1023: npm start -- --port 8890",
            )
          : new Trouble(
              `Port ${port} is taken, perhaps by another JupyterLab.`,
              `Stop that one, or choose another port: npm start -- --port ${port === USUAL_PORT ? port + 2 : USUAL_PORT}`,
            ),
      ),
    );
    server.listen(port, "127.0.0.1", () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}
