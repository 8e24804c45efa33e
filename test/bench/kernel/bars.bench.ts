/** The kernel's own bars: start, first cell, 10,000 lines; interrupts are in interrupt.bench.ts. Milliseconds: median and range over the runs. */
import { KernelClient } from "../../support/kernel-client.js";
import { printTable, spread } from "../table.js";

const STARTS = 7;

const starts: number[] = [];
const firstCells: number[] = [];
for (let run = 0; run < STARTS; run++) {
  const kernel = await KernelClient.start();
  starts.push(kernel.received.find(({ type }) => type === "kernel_info_reply")!.at - kernel.startedAt);
  const sent = performance.now();
  const { reply } = await kernel.execute("const x: number = 1; x + 1");
  firstCells.push(reply.at - sent);
  await kernel.stop();
}

const kernel = await KernelClient.start();
const rows: string[][] = [
  ["process start → kernel_info_reply", spread(starts), "≤ 400"],
  ["first cell, right after that", spread(firstCells), "≤ 300"],
];
const lines: number[] = [];
let whole = true;
let messages = 0;
for (let run = 0; run < 5; run++) {
  const sent = performance.now();
  const cell = await kernel.execute("for (let i = 0; i < 10000; i++) console.log(`line ${i}`)");
  lines.push(performance.now() - sent);
  whole &&= cell.stream("stdout") === Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join("");
  whole &&= cell.types.at(-1) === "status:idle";
  messages = cell.outputs.length;
}
rows.push([
  `10,000 console.log lines → idle (${messages} messages)`,
  `${spread(lines)}, ${whole ? "all, in order, idle last" : "NOT WHOLE"}`,
  "all, in order, idle last",
]);
await kernel.stop();
printTable(["kernel", "ms, median (range)", "bar"], rows);
