/** What threads of the WebAssembly engine gain: the same products and attention with one, and with as many as there are processors. */
import { createWasmEngine, ops, philox, randomNormal, type Tensor, type WasmEngine } from "cotangent";

import { median, printTable } from "../table.js";

const ROUNDS = 15;
const engines = { one: createWasmEngine(), all: createWasmEngine({ threads: "auto" }) };
const make = (engine: WasmEngine, seed: number, ...shape: number[]) =>
  randomNormal(philox(seed), shape, { engine });

const works: Record<string, (engine: WasmEngine) => () => Tensor> = {
  ...Object.fromEntries(
    [256, 512, 1024].map((n) => [
      `matmul ${n}`,
      (engine: WasmEngine) => {
        const [a, b] = [make(engine, 1, n, n), make(engine, 2, n, n)];
        return () => a.matmul(b);
      },
    ]),
  ),
  ...Object.fromEntries(
    [128, 512].map((s) => [
      `attention 8 × 64, S = ${s}`,
      (engine: WasmEngine) => {
        const [q, k, v] = [1, 2, 3].map((seed) => make(engine, seed, 8, s, 64)) as unknown as [
          Tensor,
          Tensor,
          Tensor,
        ];
        return () => ops.attention(q, k, v);
      },
    ]),
  ),
};

const rows: string[][] = [];
for (const [what, prepare] of Object.entries(works)) {
  const runs = Object.entries(engines).map(([name, engine]) => [name, prepare(engine)] as const);
  const times: Record<string, number[]> = {};
  for (let round = -5; round < ROUNDS; round++)
    for (const [name, run] of runs) {
      const before = performance.now();
      run().dispose();
      if (round >= 0) (times[name] ??= []).push(performance.now() - before);
    }
  const [one, all] = [median(times["one"]!), median(times["all"]!)];
  rows.push([what, one.toFixed(2), all.toFixed(2), (one / all).toFixed(2)]);
}
printTable(["work", "one thread, ms", `${engines.all.threads} threads, ms`, "gain"], rows);
engines.all.stopThreads();
