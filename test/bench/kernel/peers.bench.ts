/**
 * Ours beside ipykernel, tslab and Deno, in one run; those that are not installed are named and left out.
 * `npm run bench:peers` installs them. Milliseconds: median (range) over the rounds.
 */
import { type Cell, KernelClient } from "../../support/kernel-client.js";
import { median, printTable, spread } from "../table.js";
import { absent, type Peer, peers } from "./peers.js";
import { residentMegabytes } from "./process-memory.js";

const ROUNDS = 3;
const CELLS = 60;
const COMPLETIONS = 30;
const LINES = 10_000;
const BULK = { lines: 10_000, length: 10_000 };
/** A kernel that has not come to the end of a cell by then has lost its idle message. */
const PATIENCE_MS = 10_000;
/** A kernel that loses a reply hangs its round; the others are measured all the same. */
const ROUND_MS = 90_000;

type Numbers = Record<string, number[]>;
const measured = new Map<Peer, Numbers>(peers.map((peer) => [peer, {}]));
const notes = new Map<Peer, Record<string, string>>(peers.map((peer) => [peer, {}]));

function note(peer: Peer, row: string, value: number): void {
  (measured.get(peer)![row] ??= []).push(value);
}

async function timed<T>(work: () => Promise<T>): Promise<[milliseconds: number, result: T]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

async function within<T>(work: Promise<T>, patience = PATIENCE_MS): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), patience)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Run a cell that prints; say whether all of it came, and whether idle came last. */
async function output(kernel: KernelClient, peer: Peer, row: string, code: string, bytes: number) {
  const [time, cell] = await timed(() => within(kernel.execute(code)));
  if (cell === null) {
    const got = kernel.received.reduce((sum, { content }) => sum + String(content.text ?? "").length, 0);
    notes.get(peer)![row] = `no idle in ${PATIENCE_MS / 1000} s, ${((100 * got) / bytes).toFixed(0)} % came`;
    return;
  }
  note(peer, row, time);
  const streams = cell.outputs.filter(({ type }) => type === "stream");
  const whole = cell.stream("stdout").length === bytes && cell.types.at(-1) === "status:idle";
  notes.get(peer)![row] = `${streams.length} messages, ${whole ? "all, idle last" : lostOf(cell, bytes)}`;
}

const lostOf = (cell: Cell, bytes: number): string =>
  `${((100 * cell.stream("stdout").length) / bytes).toFixed(0)} % before idle`;

async function round(peer: Peer): Promise<void> {
  const { words, options } = peer;
  const kernel = await KernelClient.start(options);
  try {
    const info = kernel.received.find(({ type }) => type === "kernel_info_reply")!;
    note(peer, "start → kernel_info_reply", info.at - kernel.startedAt);
    note(peer, "first cell → idle", (await timed(() => kernel.execute(words.declare(0))))[0]);
    const memory = residentMegabytes(kernel.process.pid!);
    note(peer, "RSS after the first cell, MB", memory);
    const cells: number[] = [];
    for (let n = 1; n <= CELLS; n++) cells.push((await timed(() => kernel.execute(words.declare(n))))[0]);
    note(peer, `distinct cell → idle, median of ${CELLS}`, median(cells));
    const completion = { code: words.complete, cursor_pos: words.complete.length };
    const times: number[] = [];
    for (let n = 0; n < COMPLETIONS; n++)
      times.push((await timed(() => kernel.request("complete_request", completion)))[0]);
    note(peer, "completion, first", times[0]!);
    note(peer, `completion, median of ${COMPLETIONS}`, median(times.slice(1)));
    for (let n = CELLS + 1; n < 160; n++) await kernel.execute(words.declare(n));
    note(peer, "RSS after 160 cells, MB", residentMegabytes(kernel.process.pid!));
    const digits = Array.from({ length: LINES }, (_, i) => String(i).length).reduce((a, b) => a + b);
    await output(kernel, peer, "10,000 lines → idle", words.lines(LINES), digits + LINES * "line \n".length);
    await output(
      kernel,
      peer,
      "100 MB → idle",
      words.bulk(BULK.lines, BULK.length),
      BULK.lines * (BULK.length + 1),
    );
  } finally {
    await kernel.stop();
  }
}

if (absent.length > 0)
  console.log(`Not installed, so not measured: ${absent.join(", ")}. "npm run bench:peers" installs them.\n`);
// Round by round, so that a noisy minute hits all of them.
for (let n = 0; n < ROUNDS; n++)
  for (const peer of peers) {
    const done = await within(
      round(peer).then(() => true),
      ROUND_MS,
    );
    if (done === null) console.log(`${peer.name} hung in round ${n + 1}.`);
  }

const rows = [...new Set(peers.flatMap((peer) => Object.keys(measured.get(peer)!)))];
const show = (peer: Peer, row: string): string => {
  const values = measured.get(peer)![row];
  const said = notes.get(peer)![row];
  return [values ? spread(values) : "", said].filter(Boolean).join("; ");
};
printTable(
  ["work", ...peers.map(({ name }) => name)],
  rows.map((row) => [row, ...peers.map((peer) => show(peer, row))]),
);

const find = (name: string) => peers.find((peer) => peer.name.startsWith(name));
const [typed, off, deno, tslab, ipykernel] = [
  "cotangent",
  "cotangent, types",
  "deno",
  "tslab",
  "ipykernel",
].map(find);
const ratio = (row: string, a?: Peer, b?: Peer): string => {
  const [x, y] = [a, b].map((peer) => peer && measured.get(peer)![row]);
  return x && y ? (median(x) / median(y)).toFixed(2) : "–";
};
const cell = `distinct cell → idle, median of ${CELLS}`;
console.log();
printTable(
  ["ratio of medians", "measured", "bar"],
  [
    ["start: ours / Deno", ratio("start → kernel_info_reply", typed, deno), "≤ 1.2"],
    ["distinct cell, types on: ours / tslab", ratio(cell, typed, tslab), "≤ 0.5, and ≤ 10 ms"],
    ["distinct cell, types off: ours / Deno", ratio(cell, off, deno), "≤ 1.5"],
    ["10,000 lines: ours / ipykernel", ratio("10,000 lines → idle", typed, ipykernel), "≤ 2"],
    ["100 MB: ours / ipykernel", ratio("100 MB → idle", typed, ipykernel), "≤ 2"],
  ],
);
// A kernel that hung holds its sockets open.
process.exit();
