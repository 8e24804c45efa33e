/** A Jupyter widget: state that this kernel and its front ends share, over one comm. */
import type { Comm, CommMessage } from "../../comms.js";
import { DISPLAY } from "../../mime-bundle.js";
import { type Binary, joinBinary, splitBinary, type State } from "./binary-state.js";

/** What listeners are told: the name that changed with its new value and the one before, or a message. */
export interface WidgetChange {
  readonly name: string;
  readonly value: unknown;
  readonly previous: unknown;
}

export interface WidgetMessage {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON from outside, as JSON.parse types it
  readonly content: any;
  readonly buffers: readonly Uint8Array[];
}

export interface WidgetEvents {
  /** Some value changed, here or in a front end. `change:name` for one name. */
  change: WidgetChange;
  /** A front end's view sent something (`model.send(content, …, buffers)`). */
  message: WidgetMessage;
  /** It is gone, from here or from the front end. */
  close: undefined;
}

type EventName = keyof WidgetEvents | `change:${string}`;
type EventOf<N extends EventName> = N extends keyof WidgetEvents ? WidgetEvents[N] : WidgetChange;
type Listener = (event: never) => unknown;

const VIEW = "application/vnd.jupyter.widget-view+json";

export class Widget {
  readonly #comm: Comm;
  readonly #state: State;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(comm: Comm, state: State) {
    this.#comm = comm;
    this.#state = { ...state };
    comm.onMessage = (message) => this.#receive(message);
    comm.onClose = () => this.#tell("close", undefined);
  }

  /** The model's id, by which views and other widgets name it. */
  get id(): string {
    return this.#comm.id;
  }

  /** The whole shared state. Do not change it: use `set`, so that the front ends are told. */
  get state(): Readonly<State> {
    return this.#state;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the widget's author put there
  get(name: string): any {
    return this.#state[name];
  }

  /** Change one value, or several at once, here and in every front end. Typed arrays travel as binary buffers. */
  set(name: string, value: unknown): this;
  set(values: State): this;
  set(first: string | State, value?: unknown): this {
    const values = typeof first === "string" ? { [first]: value } : first;
    this.#send("update", values);
    return this.#assign(values);
  }

  /**
   * Listen to "change", "change:name", "message" or "close".
   * @returns a function that ends it
   */
  on<N extends EventName>(event: N, listener: (event: EventOf<N>) => unknown): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener as Listener));
    return () => void listeners.delete(listener as Listener);
  }

  /** Send the views something that is not state; they hear it with `model.on("msg:custom", …)`. */
  send(content: unknown, buffers: readonly Binary[] = []): void {
    this.#comm.send({ method: "custom", content }, { buffers });
  }

  /** Remove it from every front end. */
  close(): void {
    this.#comm.close();
    this.#tell("close", undefined);
  }

  [DISPLAY](): Record<string, unknown> {
    return {
      [VIEW]: { version_major: 2, version_minor: 0, model_id: this.id },
      "text/plain": `Widget ${String(this.#state["_model_module"])}.${String(this.#state["_model_name"])}`,
    };
  }

  #send(method: string, values: State): void {
    const { state, paths, buffers } = splitBinary(values);
    this.#comm.send({ method, state, buffer_paths: paths }, { buffers });
  }

  #assign(values: State): this {
    for (const [name, value] of Object.entries(values)) {
      const previous = this.#state[name];
      this.#state[name] = value;
      if (Object.is(previous, value)) continue;
      this.#tell(`change:${name}`, { name, value, previous });
      this.#tell("change", { name, value, previous });
    }
    return this;
  }

  #receive({ data, buffers }: CommMessage): void {
    const { method, state, buffer_paths, content } = data as State;
    if (!Object.hasOwn(this.#methods, String(method))) return;
    this.#methods[String(method)]!({ state: (state ?? {}) as State, buffer_paths, content, buffers });
  }

  readonly #methods: Record<string, (message: Received) => void> = {
    update: ({ state, buffer_paths, buffers }) => {
      const values = joinBinary(state, buffer_paths, buffers, this.#state);
      // Other front ends that show the same model learn of it by the echo.
      this.#send("echo_update", values);
      this.#assign(values);
    },
    request_state: () => this.#send("update", this.#state),
    custom: ({ content, buffers }) => this.#tell("message", { content, buffers }),
  };

  #tell(event: string, what: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(what as never);
  }
}

interface Received {
  readonly state: State;
  readonly buffer_paths: unknown;
  readonly content: unknown;
  readonly buffers: readonly Uint8Array[];
}
