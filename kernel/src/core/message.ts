/** The shapes of Jupyter messages, as the kernel sees them once they are off the wire. */

/** JSON as it travels in the four dictionaries of a message. */
export type Json = Record<string, unknown>;

/** The sockets that carry requests and replies. */
export type RequestChannel = "shell" | "control" | "stdin";

/** Every socket that a message can leave by. */
export type Channel = RequestChannel | "iopub";

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
  readonly subshell_id?: string | null;
}

/** A message from a client. `identities` is the return address that the router socket put in front. */
export interface Message {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parentHeader: Header | Record<string, never>;
  readonly metadata: Json;
  readonly content: Json;
  readonly buffers: readonly Uint8Array[];
}

/** A message to a client; the header is completed when it is sent. */
export interface Outgoing {
  readonly type: string;
  readonly parent: Message | null;
  readonly content: Json;
  /** Its message id, where somebody wants to know it beforehand. */
  readonly id?: string;
  readonly metadata?: Json;
  readonly buffers?: readonly Uint8Array[];
  /** On iopub: the topic to publish under, where it matters. */
  readonly topic?: Uint8Array;
}

export const PROTOCOL_VERSION = "5.5";
