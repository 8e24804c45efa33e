/** The main thread's side of the kernel: it obeys orders, and makes the thread a home for user code. */
import type { EvaluatorEvent } from "../../core/ports.js";
import type { Order, Report, SharedWithHost } from "../channel.js";
import type { ReportSender } from "../reports.js";
import { CellRunner } from "./cell-runner.js";
import { captureChildOutput } from "./child-output.js";
import { CommHost } from "./comms.js";
import { proceed, steer } from "../steering.js";
import { createDisplay } from "./display.js";
import { guardExit } from "./exit.js";
import { installImports } from "./imports.js";
import { createInput } from "./input.js";
import { toBundle } from "./mime-bundle.js";
import { Origins } from "./origin.js";
import { captureOutput } from "./output.js";
import { quietInspection } from "./quiet-inspect.js";
import { createDisplayApi } from "./rich/display-api.js";
import { createLightDocument } from "./rich/light-document.js";
import { createProgress } from "./rich/progress.js";
import { createTslab } from "./rich/tslab.js";
import { createWidgets } from "./rich/widgets/index.js";
import { installStackTraces } from "./stack.js";
import { toThrownError } from "./thrown-error.js";

export interface Host {
  obey(order: Order): void;
  /** End the process; called when the I/O thread has ended. */
  end(code: number): void;
}

/** Frames enough that a user's own are among them when a library throws from deep inside. */
const STACK_FRAMES = 50;

export function startHost(reports: ReportSender, { interrupted, answers, steering }: SharedWithHost): Host {
  const origins = new Origins();
  quietInspection();
  const report = (item: Report) => reports.send(item);
  const write = (name: "stdout" | "stderr", text: string) => reports.write(origins.id, name, text);
  const emit = (event: EvaluatorEvent) => report({ type: "event", event });
  const lateError = (error: unknown) =>
    emit({ type: "lateError", origin: origins.id, error: toThrownError(error) });

  Error.stackTraceLimit = STACK_FRAMES;
  installStackTraces();
  captureOutput(write);
  captureChildOutput();
  process.on("unhandledRejection", lateError);
  process.on("uncaughtException", lateError);
  process.on("SIGINT", () => report({ type: "sigint" }));
  process.on("SIGTERM", () => report({ type: "quitRequest" }));
  const exit = guardExit((text) => write("stderr", text));

  const comms = new CommHost(
    (event) => emit({ type: "comm", origin: origins.id, event }),
    (target, registered) => emit({ type: "commTarget", target, registered }),
  );
  const { display, settled } = createDisplay(
    (bundle, displayId, update) => emit({ type: "display", origin: origins.id, bundle, displayId, update }),
    () => origins.id,
    lateError,
  );
  const clearOutput = ({ wait = false } = {}) => emit({ type: "clearOutput", origin: origins.id, wait });
  const shows = createDisplayApi(display, clearOutput);
  installImports(process.cwd(), new Map([["tslab", () => createTslab(display)]]));
  const progress = createProgress(
    (bundle) => display(bundle, { raw: true }),
    (handle, bundle) => void handle.update(bundle),
  );
  const page = async (value: unknown): Promise<void> => {
    const bundle = toBundle(value, lateError);
    emit({ type: "page", origin: origins.id, bundle: bundle instanceof Promise ? await bundle : bundle });
  };
  const { input, prompt, confirm } = createInput(answers, (question, text, password) =>
    emit({ type: "input", origin: origins.id, question, prompt: text, password }),
  );
  const light = createLightDocument();
  const jupyter = Object.freeze({
    display: shows,
    clearOutput,
    page,
    comms: comms.api,
    widget: createWidgets(comms.api),
    useDocument: () => light.useDocument(),
    get document() {
      return light.document;
    },
    get signal() {
      return origins.signal;
    },
  });
  installGlobals({ display: shows, progress, input, prompt, confirm, jupyter });
  // The convention by which a library asks, between two iterations, whether to go on; it need not know this kernel.
  Object.defineProperty(globalThis, Symbol.for("cotangent.steering"), {
    value: Object.freeze({ proceed: (onWait?: () => void) => proceed(steering, onWait) }),
  });
  // And the one by which it listens to its own pictures.
  Object.defineProperty(globalThis, Symbol.for("cotangent.comms"), { value: comms.api });
  const runner = new CellRunner(settled, lateError);

  /** Cells and messages that have begun and not ended. */
  let underWay = 0;
  const obey = async (order: Order): Promise<void> => {
    if (order.type === "quit") return report({ type: "quitting" });
    if (order.type === "ping") {
      report({ type: "pong", ping: order.number });
      for (const id of order.interrupted) origins.abort(id);
      return;
    }
    // It was interrupted before its turn came.
    if (order.number <= Atomics.load(interrupted, 0)) return;
    // A wish is for what runs: the next cell begins unsteered, and a message too, unless it comes while a cell waits.
    if (order.type === "run" || underWay === 0) steer(steering, "run");
    underWay++;
    const outcome = await origins.run(order.id, () =>
      order.type === "run" ? runner.run(order) : comms.deliver(order.event, settled),
    );
    underWay--;
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
