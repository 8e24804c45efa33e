/** The kernel process: `node main.js <connection file>`. User code gets this thread; everything else is in others. */
import { Worker } from "node:worker_threads";

import type { IoThreadData, Order } from "./channel.js";
import { startHost } from "./host/host.js";
import { log } from "./log.js";
import { createReportMemory, ReportSender } from "./reports.js";
import { createSteeringMemory } from "./steering.js";

const connectionFile = process.argv[2];
if (connectionFile === undefined) {
  log("Give the connection file: main.js <connection file>. Jupyter does that when it starts the kernel.");
  process.exit(2);
}

const reports = createReportMemory();
/** Answers do not travel by the event loop, which stands still while code waits for one. */
const answers = new MessageChannel();
const counter = () => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const [interrupted, arrived] = [counter(), counter()];
const steering = createSteeringMemory();
const worker = new Worker(new URL("./io-thread.js", import.meta.url), {
  workerData: {
    connectionFile,
    reports,
    interrupted,
    answers: { port: answers.port2, arrived },
    steering,
  } satisfies IoThreadData,
  transferList: [answers.port2],
});
const host = startHost(new ReportSender(worker, reports), {
  interrupted,
  answers: { port: answers.port1, arrived },
  steering,
});
worker.on("message", (order: Order) => host.obey(order));
worker.on("error", (error) => {
  log(`The I/O thread failed: ${error.message}`);
  host.end(1);
});
worker.on("exit", (code) => host.end(code));
