/** Why an install failed (the network, the disk, permissions), told from what npm or pip printed. */
import { Trouble } from "./trouble.mjs";

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network request to|NewConnectionError|Temporary failure in name resolution|Name or service not known|Failed to establish a new connection|Network is unreachable|ConnectTimeoutError|Max retries exceeded/i;
const DISK = /ENOSPC|No space left on device/i;
const DENIED = /EACCES|EPERM|Permission denied/i;
const DENIED_PATH = /(?:^npm error path|Permission denied:) '?([^'\n]+)/im;

/** The trouble behind a failed install. */
export function installTrouble(what, output, remedy) {
  if (NETWORK.test(output))
    return new Trouble(
      `${what} could not be downloaded: the network or the package registry did not answer.`,
      "Check the connection (or the proxy settings) and run the same command again; it goes on where it stopped.",
    );
  if (DISK.test(output))
    return new Trouble(
      `${what} could not be installed: the disk is full.`,
      "Make room and run the same command again.",
    );
  if (DENIED.test(output))
    return new Trouble(
      `${what} could not be installed: ${DENIED_PATH.exec(output)?.[1] ?? "a file of this clone"} may not be written.`,
      "Make the clone your own (its owner and permissions) and run the same command again.",
    );
  return new Trouble(`${what} could not be installed.`, remedy, output);
}
