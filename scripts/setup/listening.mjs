/** Is there a server at an address? */
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 20;

function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/**
 * Resolves when a Jupyter server takes connections: it writes its address into a file a moment before.
 *
 * @param {{ url: string, port: number }} info what it wrote
 * @param {() => boolean} isOver when there is no more to wait for
 */
export async function untilListening({ url, port }, isOver) {
  // A server on all addresses names this machine in its URL, by a name that need not lead to it.
  const hosts = ["127.0.0.1", new URL(url).hostname];
  while (!isOver()) {
    if ((await Promise.all(hosts.map((host) => accepts(host, port)))).includes(true)) return;
    await pause(POLL_MS);
  }
}
