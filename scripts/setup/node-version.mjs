/** Node must be new enough for the kernel and for the tools that build it. */
import { Trouble } from "./trouble.mjs";

/** The least version of each line that will do; a line newer than all of these will do, too. */
const LEAST = [
  [20, 19],
  [22, 12],
];

export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const newest = LEAST.at(-1);
  if (major > newest[0] || LEAST.some((least) => major === least[0] && minor >= least[1])) return;
  throw new Trouble(
    `Cotangent needs Node ${LEAST.map((least) => least.join(".")).join(", ")} or newer; this is Node ${version}.`,
    "Install a newer Node from https://nodejs.org and try again.",
  );
}
