/** How long the sliders of a solve wait: from the message that asks to the answer that is ready to be sent. */
import { mulberry32, normalMatrix, solveAttention } from "cotangent";
import { ATTENTION_MIME } from "cotangent/trace";
import { printTable, spread } from "../table.js";

const [TOKENS, HEADS, ROUNDS] = [64, 4, 15];
const BAR = 150;

interface Comm {
  onMessage: (message: { data: unknown }) => unknown;
  send: (data: { error?: string }) => unknown;
}
let listen: ((comm: Comm, open: { data: unknown }) => unknown) | undefined;
Object.assign(globalThis, {
  [Symbol.for("cotangent.comms")]: {
    register: (_target: string, onOpen: typeof listen) => (listen = onOpen),
  },
});

async function measure(width: number): Promise<string[]> {
  const uniform = mulberry32(3);
  const drawn = () => normalMatrix(uniform, width, width, 1 / Math.sqrt(width));
  const solved = solveAttention({
    tokens: Array.from({ length: TOKENS }, (_, i) => `t${i}`),
    x: normalMatrix(uniform, TOKENS, width),
    weights: { query: drawn(), key: drawn(), value: drawn(), output: drawn() },
    heads: HEADS,
  });
  const show = (solved as unknown as Record<symbol, () => Promise<Record<string, { resolve: string }>>>)[
    Symbol.for("Jupyter.display")
  ]!;
  const solve = (await show.call(solved))[ATTENTION_MIME]!.resolve;
  const failed: string[] = [];
  const comm: Comm = { onMessage: () => {}, send: ({ error }) => error !== undefined && failed.push(error) };
  listen!(comm, { data: { solve, temperature: Array<number>(HEADS).fill(1), damping: 1 } });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const temperature = Array<number>(HEADS).fill(0.7 + 0.1 * round);
    const start = performance.now();
    comm.onMessage({ data: { solve, temperature, damping: 1 - 0.02 * round } });
    times.push(performance.now() - start);
  }
  if (failed.length > 0) throw new Error(failed[0]);
  return [`width ${width}`, spread(times), String(BAR)];
}

console.log(`Solving again, ${TOKENS} tokens × ${HEADS} heads, ${ROUNDS} settings\n`);
printTable(["problem", "ms: median (range)", "bar"], [await measure(32), await measure(64)]);
