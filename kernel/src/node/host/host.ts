/** The main thread's side of the kernel: it obeys orders, and makes the thread a home for user code. */
import type { EvaluatorEvent } from "../../core/ports.js";
import type { Order, Report } from "../channel.js";
import { CellRunner } from "./cell-runner.js";
import { CommHost } from "./comms.js";
import { createDisplay } from "./display.js";
import { guardExit } from "./exit.js";
import { installImports } from "./imports.js";
import { captureOutput } from "./output.js";
import { toThrownError } from "./thrown-error.js";

export interface Host {
  obey(order: Order): void;
  /** End the process; called when the I/O thread has ended. */
  end(code: number): void;
}

/** Frames enough that a user's own are among them when a library throws from deep inside. */
const STACK_FRAMES = 50;

export function startHost(report: (report: Report) => void): Host {
  /** The request that whatever happens now belongs to. */
  let origin = 0;
  const emit = (event: EvaluatorEvent) => report({ type: "event", event });
  const lateError = (error: unknown) => emit({ type: "lateError", origin, error: toThrownError(error) });

  Error.stackTraceLimit = STACK_FRAMES;
  captureOutput((name, text) => emit({ type: "stream", origin, name, text }));
  process.on("unhandledRejection", lateError);
  process.on("uncaughtException", lateError);
  process.on("SIGINT", () => report({ type: "sigint" }));
  process.on("SIGTERM", () => report({ type: "quitRequest" }));
  const exit = guardExit((text) => emit({ type: "stream", origin, name: "stderr", text }));

  const comms = new CommHost(
    (event) => emit({ type: "comm", origin, event }),
    (target, registered) => emit({ type: "commTarget", target, registered }),
  );
  const { display, begin, settled } = createDisplay(
    (bundle, displayId, update) => emit({ type: "display", origin, bundle, displayId, update }),
    lateError,
  );
  installImports(process.cwd());
  installGlobals({ display, jupyter: Object.freeze({ display, comms: comms.api }) });
  const runner = new CellRunner(settled, lateError);

  const obey = async (order: Order): Promise<void> => {
    if (order.type === "quit") return report({ type: "quitting" });
    origin = order.id;
    begin();
    const outcome =
      order.type === "run" ? await runner.run(order.code) : await comms.deliver(order.event, settled);
    report({ type: "done", id: order.id, outcome });
  };

  return {
    obey: (order) => void obey(order),
    end(code) {
      runner.close();
      exit(code);
    },
  };
}

/** Names that every cell finds; not enumerable, so that they do not clutter a listing of the globals. */
function installGlobals(globals: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
