/** A long session: 1,000 cells that redeclare the same names. Does a cell get slower, does memory grow? */
import { KernelClient } from "../../support/kernel-client.js";
import { median, printTable } from "../table.js";
import { residentMegabytes } from "./process-memory.js";

const CELLS = 1000;
const AT_ENDS = 100;

/** Each cell declares again what the one before declared, with other types. */
const code = (n: number): string =>
  n % 2 === 0
    ? `const a: number = ${n}; function f(x: number) { return x + a }\nclass P { constructor(readonly at = f(1)) {} }\nnew P().at`
    : `const a = "${n}"; const f = (x: string): string => x + a;\nclass P { at = f("p") }\nnew P().at`;

for (const types of ["error", "off"]) {
  const kernel = await KernelClient.start({ env: { COTANGENT_TYPES: types } });
  const times: number[] = [];
  let failed = 0;
  await kernel.execute("0");
  const memory: number[] = [];
  for (let n = 0; n < CELLS; n++) {
    const start = performance.now();
    const cell = await kernel.execute(code(n));
    times.push(performance.now() - start);
    if (cell.status !== "ok") failed += 1;
    if (n === AT_ENDS - 1 || n === CELLS - 1) memory.push(residentMegabytes(kernel.process.pid!));
  }
  await kernel.stop();
  const first = median(times.slice(0, AT_ENDS));
  const last = median(times.slice(-AT_ENDS));
  console.log(`types ${types}:`);
  printTable(
    [`${CELLS} cells redeclaring names`, "measured", "bar"],
    [
      ["first 100, median ms", first.toFixed(2), ""],
      ["last 100, median ms", last.toFixed(2), ""],
      ["ratio", (last / first).toFixed(2), "≤ 1.3"],
      ["RSS growth from cell 100 to the end, MB", (memory[1]! - memory[0]!).toFixed(0), "≤ 60"],
      ["cells that failed", String(failed), "0"],
    ],
  );
}
