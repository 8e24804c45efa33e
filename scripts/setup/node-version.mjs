/** Node must be new enough for the kernel and for the tools that build it. */
import { Trouble } from "./trouble.mjs";

const LEAST = [20, 19];

export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return;
  throw new Trouble(
    `Cotangent needs Node ${LEAST.join(".")} or newer; this is Node ${version}.`,
    "Install a newer Node from https://nodejs.org and try again.",
  );
}
