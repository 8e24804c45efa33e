/**
 * A participant over a line. Calls that are made in one go travel in one message, and so do their answers: what a step costs between
 * processes is messages. What a site throws is thrown to the coordinator.
 */
import { SharingError, SiteMismatchError } from "../errors.js";
import { chosenMethod, type ChosenMethod, type MethodChoice } from "../methods/table.js";
import type { Model, Optimiser, Site } from "../model.js";
import { Part } from "../part.js";
import type { Participant } from "../participant.js";
import { checkModel } from "../working.js";
import { checkOptionNames } from "../../options.js";
import type { Port } from "./port.js";

/** What a site that is elsewhere is made of: its batches, its copy of the model, its optimiser. */
export interface SiteDefinition<P = never, B = never> {
  readonly batch: Site<P, B>["batch"];
  readonly model: Model<P, B>;
  readonly optimiser: Optimiser<P>;
}

/** Which site of a run this is. */
export type DefineSite<P = never, B = never> = (
  name: string,
  index: number,
) => SiteDefinition<P, B> | Promise<SiteDefinition<P, B>>;

/** Parts of a step, which the coordinator may ask for. */
const CALLS = [
  "introduce", "begin", "local", "observe", "agree", "send", "receive", "reconstruct", "update", "commit", "spectra",
  "leaves", "digests",
] as const; // prettier-ignore
type Call = (typeof CALLS)[number];

interface Asked {
  readonly id: number;
  readonly call: Call | "join";
  readonly given: readonly unknown[];
}

type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };

/** Errors of the run as a whole keep their class: they are not the failure of one site. */
const ofTheRun: Readonly<Record<string, new (message: string) => Error>> = {
  SharingError,
  SiteMismatchError,
};

function thrownThere({ name, message }: { readonly name: string; readonly message: string }): Error {
  const known = ofTheRun[name];
  return known ? new known(message) : Object.assign(new Error(message), { name });
}

/** The site's end: answer the coordinator, one call after the other, until it hangs up. */
export function serveOn(port: Port, define: DefineSite): void {
  let part: Part | null = null;
  const join = async (name: string, index: number, choice: MethodChoice): Promise<void> => {
    const site = await define(name, index);
    checkOptionNames(site, ["batch", "model", "optimiser"], `site "${name}"`);
    const { batch, model, optimiser } = site as unknown as { batch: Site["batch"]; model: Model; optimiser: Optimiser }; // prettier-ignore
    part = new Part({ name, batch }, checkModel(model), optimiser, chosenMethod(choice), index);
  };
  const answerTo = async ({ call, given }: Asked): Promise<unknown> => {
    if (call === "join") return join(...(given as Parameters<typeof join>));
    if (part === null || !CALLS.includes(call)) throw new Error(`A site was asked for "${String(call)}".`);
    return (part[call] as (...given: readonly unknown[]) => Promise<unknown>)(...given);
  };
  const answered = async (asked: Asked): Promise<Answer> => {
    try {
      return { id: asked.id, value: await answerTo(asked) };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { id: asked.id, error: { name, message } };
    }
  };
  // One after the other, in the order in which they were asked.
  let tail: Promise<void> = Promise.resolve();
  port.onMessage = (message) => {
    tail = tail.then(async () => {
      const answers: Answer[] = [];
      for (const asked of message as readonly Asked[]) answers.push(await answered(asked));
      port.send(answers);
    });
  };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The coordinator's end of a site that is elsewhere. */
export class RemotePart implements Participant {
  readonly name: string;
  readonly index: number;
  readonly isRemote = true;
  readonly #port: Port;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  /** Asked, and not sent yet. */
  #outbox: Asked[] = [];
  /** Of what was committed last, asked for with it. */
  #committed: Promise<readonly string[]> | null = null;
  #ended: string | null = null;

  constructor(name: string, index: number, port: Port) {
    this.name = name;
    this.index = index;
    this.#port = port;
    port.onMessage = (message) => (message as readonly Answer[]).forEach((answer) => this.#hear(answer));
    port.onEnd = (why) => this.#end(why);
  }

  /** Let the site be made. @throws what its definition throws */
  async join({ name, given }: ChosenMethod): Promise<this> {
    await this.#ask("join", this.name, this.index, { ...given, name });
    return this;
  }

  introduce = this.#calling("introduce");
  begin = this.#calling("begin");
  local = this.#calling("local");
  observe = this.#calling("observe");
  agree = this.#calling("agree");
  send = this.#calling("send");
  receive = this.#calling("receive");
  reconstruct = this.#calling("reconstruct");
  update = this.#calling("update");
  spectra = this.#calling("spectra");
  leaves = this.#calling("leaves");

  async commit(): Promise<void> {
    const done = this.#ask("commit");
    this.#committed = this.#ask("digests") as Promise<readonly string[]>;
    // Whoever asks for them is told.
    this.#committed.catch(() => {});
    await done;
  }

  digests(): Promise<readonly string[]> {
    return this.#committed ?? (this.#ask("digests") as Promise<readonly string[]>);
  }

  inside(): null {
    return null;
  }

  close(): Promise<void> {
    this.#end("the run is over");
    return this.#port.close();
  }

  #calling<C extends Call>(call: C): Participant[C] {
    return ((...given: readonly unknown[]) => this.#ask(call, ...given)) as Participant[C];
  }

  #ask(call: Asked["call"], ...given: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(new SiteGoneError(this.#ended));
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      if (this.#outbox.push({ id, call, given }) === 1) queueMicrotask(() => this.#flush());
    });
  }

  #flush(): void {
    const calls = this.#outbox;
    this.#outbox = [];
    if (this.#ended === null) this.#port.send(calls);
  }

  #hear(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(thrownThere(answer.error));
    else waiting?.resolve(answer.value);
  }

  #end(why: string): void {
    this.#ended ??= why;
    for (const { reject } of this.#waiting.values()) reject(new SiteGoneError(this.#ended));
    this.#waiting.clear();
  }
}

/** A site that is there no more: its thread has exited, or its kernel has died. */
export class SiteGoneError extends Error {
  override readonly name = "SiteGoneError";
}
