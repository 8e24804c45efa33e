/** The language thread: asked by the I/O thread, it talks to the engine, so that neither I/O nor user code waits for it. */
import { parentPort, workerData } from "node:worker_threads";

import { complete } from "./complete.js";
import { inspect } from "./inspect.js";
import type { LanguageAnswer, LanguageOrder, LanguageThreadData } from "./messages.js";
import { Session } from "./session.js";

if (parentPort === null) throw new Error("The language thread is started by the kernel.");
const port = parentPort;
const { folder, givenUp, executable } = workerData as LanguageThreadData;
// The engine keeps half as much garbage as it would by default; it inherits this thread's copy of the environment.
process.env["GOGC"] ??= "50";
const say = (answer: LanguageAnswer): void => port.postMessage(answer);

const session = new Session(folder, {
  onStart: (pid) => say({ type: "started", pid }),
  givenUp: () => Atomics.exchange(givenUp, 0, 0) === 1,
  ...(executable === undefined ? {} : { executable }),
});

function answer(order: LanguageOrder): unknown {
  switch (order.type) {
    case "open":
      return session.open();
    case "check":
      return session.check(order.cell);
    case "accept":
      return session.accept(order.cell);
    case "complete":
      return complete(session, order.source, order.offset);
    case "inspect":
      return inspect(session, order.source, order.offset, order.detail);
  }
}

port.on("message", (order: LanguageOrder) => {
  try {
    say({ type: "done", ticket: order.ticket, value: answer(order) });
  } catch (error) {
    const { name, message, stack } = error as Error;
    say({
      type: "failed",
      ticket: order.ticket,
      gone: name === "EngineGone",
      message,
      stack: stack ?? message,
    });
  }
});
