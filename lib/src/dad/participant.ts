/** What a run knows of a site: its own part of every step, wherever that is done. Only plain values pass. */
import type { NumberArray } from "../engine/engine.js";
import type { Message } from "./message.js";
import type { Found } from "./methods/method.js";
import type { ChosenMethod } from "./methods/table.js";
import type { Described, Observation, Plan } from "./plan.js";
import type { Inside } from "./part.js";

/** What a site says of itself before the first step. */
export interface Introduction extends Described {
  readonly reduction: "mean" | "sum";
}

export interface Drawn {
  /** N_s */
  readonly rows: number;
  /** Bytes of the tensors of the batch. */
  readonly bytes: number;
}

/** What a site's forward and backward found. */
export interface LocalSummary {
  /** Mean over its rows. */
  readonly loss: number;
  /** Of every parameter that has factors: its leaf, and their rows R_s. */
  readonly rows: readonly (readonly [leaf: number, rows: number])[];
  /** Bytes of one number of each leaf's gradient. */
  readonly widths: readonly number[];
}

/**
 * A site that takes part. A step is: begin, local, (observe,) agree, for every round send and receive, reconstruct, update,
 * commit. Until it commits, nothing has changed: `begin` starts the same step, or another, anew.
 */
export interface Participant {
  readonly name: string;
  /** Its place in the list of sites. */
  readonly index: number;
  /** Where only plain values pass: in another thread or process. */
  readonly isRemote: boolean;
  introduce(): Promise<Introduction>;
  /** Draw the batch of a step. */
  begin(step: number): Promise<Drawn>;
  local(scale: number): Promise<LocalSummary>;
  observe(): Promise<Observation>;
  /** @param isNew whether the plan was made in this step, so that it need not be verified */
  agree(plan: Plan, rows: readonly number[], place: number, isNew: boolean): Promise<void>;
  send(round: number): Promise<{ readonly blocks: Message["blocks"]; readonly found?: Found }>;
  receive(message: Message): Promise<void>;
  reconstruct(): Promise<void>;
  update(): Promise<void>;
  commit(): Promise<void>;
  /** All singular values of its own gradient, by weight. */
  spectra(): Promise<Found>;
  /** The numbers of the parameters' leaves. */
  leaves(): Promise<readonly NumberArray[]>;
  /** Of the bytes of each leaf: the same where the leaves are the same. */
  digests(): Promise<readonly string[]>;
  /** What happens in this process, for whoever compares with it; null at a remote site. */
  inside(): Inside | null;
  /** The run is over for this site. Resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** How a site that is elsewhere is reached. */
export interface RemoteSite {
  readonly name: string;
  /** @throws an error that says why it cannot be reached */
  readonly connect: (index: number, method: ChosenMethod) => Promise<Participant>;
}
