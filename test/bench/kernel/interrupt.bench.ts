/** Interrupt: milliseconds from the request to the error reply, for everything that JavaScript can be busy with. */
import { KernelClient } from "../../support/kernel-client.js";
import { printTable, spread } from "../table.js";

const RUNS = 15;

const endless: Readonly<Record<string, string>> = {
  "while(true){}": "console.log('on'); while(true){}",
  "for(;;){try{for(;;){}}catch{}}": "console.log('on'); for(;;){try{for(;;){}}catch{}finally{}}",
  "deep recursion": "const fib = (n) => n < 2 ? n : fib(n - 1) + fib(n - 2); console.log('on'); fib(60)",
  "endless await null": "console.log('on'); await (async () => { for(;;) await null })()",
  "busy loop after an await": "await new Promise((r) => setTimeout(r, 5)); console.log('on'); while(true){}",
  "busy loop in a timer": "setTimeout(() => { console.log('on'); for(;;); }); await new Promise(() => {})",
  "regular expression": "console.log('on'); /^(a+)+$/.test('a'.repeat(40) + 'b')",
  "Atomics.wait": "console.log('on'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "promise that never settles": "console.log('on'); await new Promise(() => {})",
  "printing for ever": "for(;;) console.log('on')",
};

const kernel = await KernelClient.start();
await kernel.execute("%types off\nlet kept = 41");
const rows: string[][] = [];
for (const [what, code] of Object.entries(endless)) {
  const times: number[] = [];
  let kept = true;
  for (let run = 0; run < RUNS; run++) {
    const id = await kernel.send("execute_request", { code });
    await kernel.find(({ type, parent }) => type === "stream" && parent === id);
    const sent = performance.now();
    await kernel.send("interrupt_request", {}, "control");
    const { reply } = await kernel.cell(id);
    times.push(reply.at - sent);
    kept &&= (await kernel.execute("kept")).result === "41";
    kernel.received.length = 0;
  }
  rows.push([what, spread(times), kept ? "kept" : "LOST", "≤ 10, kept"]);
}
await kernel.stop();
printTable(["interrupt", "ms, median (range)", "variable", "bar"], rows);
