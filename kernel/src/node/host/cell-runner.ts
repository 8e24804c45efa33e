/** Runs a cell through an inspector session on this very thread, so that the I/O thread can terminate it. */
import inspector from "node:inspector";

import type { Outcome, RunnableCell } from "../../core/ports.js";
import { DisplayHandle } from "./display.js";
import { toBundle } from "./mime-bundle.js";
import { cellFrame, rememberCell } from "./stack.js";
import { thrownOutcome, toThrownError } from "./thrown-error.js";

/** Remote objects of one cell, released when it is done: they would keep every result alive. */
const objectGroup = (id: number): string => `cell ${id}`;

type RemoteObject = inspector.Runtime.RemoteObject;
type Evaluated = inspector.Runtime.EvaluateReturnType;

/** The inspector types that Node ships do not know replMode. */
type ReplParameters = inspector.Runtime.EvaluateParameterType & { readonly replMode: true };

export class CellRunner {
  readonly #session = new inspector.Session();
  readonly #sink: string;
  readonly #displaysSettled: () => Promise<void>;
  readonly #lateError: (error: unknown) => void;
  #received: unknown;

  /**
   * @param displaysSettled resolves when every display that the cell began has been sent
   * @param lateError told of a result whose own display method failed
   */
  constructor(displaysSettled: () => Promise<void>, lateError: (error: unknown) => void) {
    this.#displaysSettled = displaysSettled;
    this.#lateError = lateError;
    this.#session.connect();
    this.#sink = this.#makeSink();
  }

  async run(cell: RunnableCell): Promise<Outcome> {
    rememberCell(cell);
    const parameters: ReplParameters = {
      expression: cell.code,
      replMode: true,
      awaitPromise: true,
      objectGroup: objectGroup(cell.id),
    };
    const { error, reply } = await new Promise<{ error: Error | null; reply: Evaluated | undefined }>(
      (resolve) =>
        this.#session.post("Runtime.evaluate", parameters, (failure, reply_) =>
          resolve({ error: failure, reply: reply_ }),
        ),
    );
    try {
      if (error || !reply) return engineFailure(error);
      if (reply.exceptionDetails) return this.#thrown(reply.exceptionDetails);
      return await this.#result(this.#valueOf(reply.result));
    } catch (thrown) {
      return thrownOutcome(thrown);
    } finally {
      this.#session.post("Runtime.releaseObjectGroup", { objectGroup: objectGroup(cell.id) });
    }
  }

  close(): void {
    this.#session.disconnect();
  }

  async #result(value: unknown): Promise<Outcome> {
    const silent = value === undefined || value instanceof DisplayHandle;
    const result = silent ? null : await toBundle(value, this.#lateError);
    await this.#displaysSettled();
    return { status: "ok", result };
  }

  #thrown(details: inspector.Runtime.ExceptionDetails): Outcome {
    const error = toThrownError(
      details.exception ? this.#valueOf(details.exception) : new Error(details.text),
    );
    if (error.frames.length > 0 || details.lineNumber < 0) return { status: "error", error };
    // An error of V8's own parser has no stack; the details say where.
    const cell = /^cotangent-cell:(\d+)$/.exec(details.url ?? "")?.[1];
    if (cell === undefined) return { status: "error", error };
    const frame = cellFrame("", Number(cell), details.lineNumber + 1, details.columnNumber + 1);
    return { status: "error", error: { ...error, frames: frame === null ? [] : [frame] } };
  }

  /** The value behind a remote object. The inspector only describes values; a function call hands over the real one. */
  #valueOf(remote: RemoteObject): unknown {
    const { objectId, unserializableValue, value } = remote;
    this.#session.post("Runtime.callFunctionOn", {
      objectId: this.#sink,
      functionDeclaration: "function (value) { this(value); }",
      arguments: [
        objectId !== undefined
          ? { objectId }
          : unserializableValue !== undefined
            ? { unserializableValue }
            : { value: value as unknown },
      ],
    });
    const received = this.#received;
    this.#received = undefined;
    return received;
  }

  #makeSink(): string {
    const name = "$cotangentSink";
    const global = globalThis as Record<string, unknown>;
    global[name] = (value: unknown) => {
      this.#received = value;
    };
    let id: string | undefined;
    this.#session.post("Runtime.evaluate", { expression: name }, (_error, reply) => {
      id = reply.result.objectId;
    });
    delete global[name];
    if (id === undefined) throw new Error("The inspector did not answer; is Node built without it?");
    return id;
  }
}

function engineFailure(error: Error | null): Outcome {
  const message = error?.message ?? "";
  if (message.includes("terminated")) return { status: "interrupted" };
  // V8 holds the promise of a cell weakly: collected means that nothing could settle it any more.
  const text = message.includes("collected")
    ? "The promise that this cell waits for can never settle."
    : message;
  return { status: "error", error: { name: "Error", message: text, frames: [], cause: null } };
}
