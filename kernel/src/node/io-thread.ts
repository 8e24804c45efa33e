/** The I/O thread: sockets, protocol, output, interrupt. It answers while user code runs, whatever that code does. */
import { parentPort, workerData } from "node:worker_threads";

import { Kernel } from "../core/kernel.js";
import { OutputQueue } from "../core/output-queue.js";
import type { Compile, IsComplete } from "../core/request-context.js";
import type { IoThreadData } from "./channel.js";
import { readConnection } from "./connection-file.js";
import { emitSettings } from "./emit-settings.js";
import { openHistory } from "./history-file.js";
import { InspectorEvaluator } from "./inspector-evaluator.js";
import { LanguageClient } from "./language-client.js";
import { log } from "./log.js";
import { watchParent } from "./parent-watch.js";
import { ReportReceiver } from "./reports.js";
import { watchSigint } from "./sigint.js";
import { startLevel } from "./type-level.js";
import { ZmqTransport } from "./zmq-transport.js";

/** Characters that wait to be sent; while there are more, code that prints waits. */
const MOST_WAITING = 1 << 21;
/** How long a main thread that was told to end may take before the process is ended for it. */
const QUIT_MS = 1000;

if (parentPort === null) throw new Error("The I/O thread is started by the kernel's main thread.");

const data = workerData as IoThreadData;
const evaluator = new InspectorEvaluator(parentPort, data);
const connection = readConnection(data.connectionFile);
const transport = new ZmqTransport(connection);
const queue = new OutputQueue(
  transport,
  {
    now: () => performance.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  },
  (error) => log(`A message could not be sent: ${String(error)}`),
);

// The compiler loads after the sockets are bound: a client waits for kernel_info first.
let compilerLoading: ReturnType<typeof loadCompiler> | null = null;
async function loadCompiler() {
  const { Compiler } = await import("../compile/compiler.js");
  return new Compiler(emitSettings(process.cwd()));
}
const compile: Compile = async (source, id) => {
  const compiler = await (compilerLoading ??= loadCompiler());
  const compiled = await compiler.compile(source, id);
  if (!compiled.ok) return compiled;
  return {
    ok: true,
    cell: { id, code: compiled.code, positions: compiled.positions },
    module: compiled.module,
  };
};

const isComplete: IsComplete = async (source) => {
  const { completeness } = await import("../compile/completeness.js");
  return completeness(source);
};

let shuttingDown = false;
async function shutdown(): Promise<void> {
  if (shuttingDown) return;
  shuttingDown = true;
  await queue.drain();
  // A stuck main thread cannot end the process, so this thread does.
  const killer = setTimeout(() => process.kill(process.pid, "SIGKILL"), QUIT_MS);
  evaluator.onQuitting = () => {
    clearTimeout(killer);
    evaluator.disconnect();
    transport.close();
    language.close();
    // In a worker this ends the thread alone; the main thread sees it and ends the process.
    process.exit(0);
  };
  void evaluator.terminate().then(() => evaluator.quit());
}

const language = new LanguageClient({ folder: process.cwd(), log });
const typeLevel = startLevel(process.env, log);
const kernel = new Kernel({
  queue,
  evaluator,
  compile,
  isComplete,
  language,
  typeLevel,
  ports: connection.ports,
  historyStore: openHistory(process.env, log),
  onShutdown: () => void shutdown(),
  log,
});
const receiver = new ReportReceiver(parentPort, data.reports, {
  hasRoom: () => queue.backlog < MOST_WAITING,
  take: (origin, name, text) =>
    evaluator.take({ type: "event", event: { type: "stream", origin, name, text } }),
  report: (report) => evaluator.take(report),
});
queue.onSent = () => receiver.proceed();
evaluator.onSigint = () => void kernel.interrupt();
evaluator.onQuitRequest = () => void shutdown();
const sigint = watchSigint(() => void kernel.interrupt());
evaluator.onStart = () => sigint.forget();
watchParent(process.env["JPY_PARENT_PID"], () => void shutdown());

await transport.open({
  receive: (channel, message) => {
    if (!shuttingDown) kernel.receive(channel, message);
  },
  subscribed: (topic) =>
    queue.push("iopub", {
      type: "iopub_welcome",
      parent: null,
      content: { subscription: Buffer.from(topic).toString("utf8") },
      topic,
    }),
  log,
});
kernel.start();
compilerLoading = loadCompiler();
// Where nobody checks, it is time enough when somebody asks, or pauses.
if (typeLevel !== "off") language.start();
