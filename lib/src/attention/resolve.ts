/** Solving again from the picture: a solve that is shown by a kernel answers to other temperatures and dampings. */
import { boundAttentionTrace, encodeAttentionTrace } from "../trace/index.js";
import type { SolveAttentionOptions } from "./options.js";
import type { AttentionSolve } from "./result.js";

/** Whoever runs the library may leave an object there by which it listens to messages; Cotangent's kernel does. */
const COMMS = Symbol.for("cotangent.comms");

/** Where the pictures ask; in the messages `solve` says which, and `request` comes back. */
export const RESOLVE_TARGET = "cotangent.resolve";

interface Message {
  readonly data: unknown;
}
interface Comm {
  onMessage: (message: Message) => unknown;
  send(data: object, extras?: { readonly buffers: readonly Uint8Array[] }): void;
}
interface Comms {
  register(target: string, onOpen: (comm: Comm, open: Message) => unknown): void;
}

/** The problems of the last pictures; an older one has to be run again. */
const KEPT = 8;
/** A whole spectrum is found this fast; the leading part of a larger one would keep the slider waiting. */
const SMALL = 96;

type Solve = (options: SolveAttentionOptions) => AttentionSolve;
const offers = new Map<string, { readonly options: SolveAttentionOptions; readonly solve: Solve }>();

const GONE = "The kernel no longer has this solve: run its cell again to move its sliders.";

/** What a picture asks for, as far as it can be one; the options themselves are checked by the solve. */
interface Asked {
  readonly solve?: unknown;
  readonly request?: unknown;
  readonly temperature?: unknown;
  readonly damping?: unknown;
}

/** Solve again and answer, with a trace or with a sentence. */
export function answer(asked: Asked, comm: Pick<Comm, "send">): void {
  const { request } = asked;
  const offer = offers.get(String(asked.solve));
  if (offer === undefined) return comm.send({ request, error: GONE });
  const { options, solve } = offer;
  try {
    const { trace } = solve({
      ...options,
      temperature: asked.temperature as readonly number[],
      damping: asked.damping as number,
      spectrum: options.x.data.length <= SMALL,
      live: undefined,
      observe: undefined,
    });
    const { data, buffers } = encodeAttentionTrace(boundAttentionTrace(trace), { arrays: "buffers" });
    comm.send({ request, trace: data }, { buffers });
  } catch (error) {
    // The picture shows it: it is an answer to what was asked there.
    comm.send({ request, error: error instanceof Error ? error.message : String(error) });
  }
}

/** Keep a problem for its picture. @returns by what the picture asks for it; undefined where nobody carries messages */
export function offerToResolve(options: SolveAttentionOptions, solve: Solve): string | undefined {
  const comms = (globalThis as { readonly [COMMS]?: Comms })[COMMS];
  if (comms === undefined) return undefined;
  if (offers.size === 0)
    comms.register(RESOLVE_TARGET, (comm, open) => {
      comm.onMessage = ({ data }) => answer((data ?? {}) as Asked, comm);
      answer((open.data ?? {}) as Asked, comm);
    });
  const id = crypto.randomUUID();
  offers.set(id, { options: { ...options }, solve });
  for (const old of [...offers.keys()].slice(0, -KEPT)) offers.delete(old);
  return id;
}
