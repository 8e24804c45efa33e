/** Steps a second of one run with three sites: in this process, in worker threads, in Jupyter kernels. */
import { readFileSync } from "node:fs";

import { type MethodChoice, type RemoteSite, type Site, train } from "cotangent/dad";
import { kernelSites } from "cotangent/dad/kernels";
import { workerSites } from "cotangent/dad/workers";

import * as definition from "../../lib/dad/remote/definition.mjs";
import { startLab } from "../../support/lab.js";
import { printTable, spread } from "../table.js";

const { model, optimiser, define } = definition as unknown as {
  model: () => never;
  optimiser: never;
  define: (name: string, index: number) => Omit<Site, "name">;
};
const names = ["a", "b", "c"];
const STEPS = 60;
const ROUNDS = 3;

const setup = `${readFileSync(new URL("../../lib/dad/remote/definition.mjs", import.meta.url), "utf8").replace(/^export /gm, "")}
import { serveSite } from "cotangent/dad/kernels";
serveSite(define as never);`;

/** Steps a second from the end of the first step: what starts a thread or a kernel does not count. */
async function rate(sites: readonly (Site | RemoteSite)[], method: MethodChoice): Promise<number> {
  let first = 0;
  await train({
    sites, model: model(), optimiser, method, steps: STEPS,
    onStep: ({ step }) => {
      if (step === 0) first = performance.now();
    },
  }); // prettier-ignore
  return ((STEPS - 1) * 1000) / (performance.now() - first);
}

const lab = await startLab();
// The client of the server reports every connection.
console.debug = () => {};
try {
  const server = { baseUrl: lab.baseUrl, token: lab.token };
  const kinds: [string, () => readonly (Site | RemoteSite)[]][] = [
    ["in this process", () => names.map((name, index) => ({ name, batch: define(name, index).batch }))],
    ["worker threads", () => workerSites(new URL("../../lib/dad/remote/site.mjs", import.meta.url), names)],
    ["Jupyter kernels", () => kernelSites({ names, setup, server })],
  ];
  const rows: string[][] = [];
  for (const method of ["dSGD", "dAD"] as const) {
    const rates = kinds.map(() => [] as number[]);
    // Side by side, round by round: the machine is shared.
    for (let round = 0; round < ROUNDS; round++)
      for (const [k, [, sites]] of kinds.entries()) rates[k]!.push(await rate(sites(), method));
    const middle = (k: number) => [...rates[k]!].sort((a, b) => a - b)[ROUNDS >> 1]!;
    kinds.forEach(([kind], k) =>
      rows.push([method, kind, spread(rates[k]!), (middle(k) / middle(1)).toFixed(2)]),
    );
  }
  console.log(`Three sites, a network of 12–8–4, ${STEPS} steps, ${ROUNDS} rounds side by side.`);
  printTable(["method", "sites", "steps/s (range)", "× worker threads"], rows);
} finally {
  await lab.stop();
}
