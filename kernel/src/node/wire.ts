/** The wire format: multipart frames ⇄ messages, signed with HMAC. Bad input is an error, never executed. */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

import { type Header, type Json, type Message, type Outgoing, PROTOCOL_VERSION } from "../core/message.js";

const DELIMITER = Buffer.from("<IDS|MSG>");
/** The JSON dictionaries of a message, in wire order: header, parent header, metadata, content. */
const DICTIONARIES = 4;

/** Frames that are not a well-formed, rightly signed message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

export interface Signer {
  sign(frames: readonly Uint8Array[]): string;
}

/**
 * @param key the connection file's key; the empty string means unsigned messages
 * @param scheme the connection file's signature scheme, for example "hmac-sha256"
 */
export function createSigner(key: string, scheme: string): Signer {
  if (key === "") return { sign: () => "" };
  const algorithm = /^hmac-(\w+)$/.exec(scheme)?.[1];
  if (algorithm === undefined) throw new WireError(`Unknown signature scheme "${scheme}".`);
  return {
    sign(frames) {
      const hmac = createHmac(algorithm, key);
      for (const frame of frames) hmac.update(frame);
      return hmac.digest("hex");
    },
  };
}

function sameSignature(expected: string, received: Uint8Array): boolean {
  const bytes = Buffer.from(expected, "latin1");
  return bytes.length === received.length && timingSafeEqual(bytes, received);
}

function dictionary(frame: Uint8Array, name: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("utf8"));
  } catch {
    throw new WireError(`The ${name} is not JSON.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError(`The ${name} is not an object.`);
  return value as Json;
}

function headerOf(frame: Uint8Array): Header {
  const header = dictionary(frame, "header");
  for (const field of ["msg_id", "msg_type"])
    if (typeof header[field] !== "string") throw new WireError(`The header has no ${field}.`);
  return header as unknown as Header;
}

/** The signature of frames that decode; empty where the connection has no key. */
export function signatureOf(frames: readonly Uint8Array[]): string {
  const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
  return Buffer.from(frames[delimiter + 1] ?? []).toString("latin1");
}

/** @throws WireError when the frames are malformed or wrongly signed */
export function decode(frames: readonly Uint8Array[], signer: Signer): Message {
  const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (delimiter < 0) throw new WireError("There is no <IDS|MSG> delimiter.");
  const signature = frames[delimiter + 1];
  const signed = frames.slice(delimiter + 2, delimiter + 2 + DICTIONARIES);
  const [header, parentHeader, metadata, content] = signed;
  if (!signature || !header || !parentHeader || !metadata || !content)
    throw new WireError("The message has too few frames.");
  if (!sameSignature(signer.sign(signed), signature)) throw new WireError("The signature is wrong.");
  return {
    identities: frames.slice(0, delimiter),
    header: headerOf(header),
    parentHeader: dictionary(parentHeader, "parent header") as unknown as Message["parentHeader"],
    metadata: dictionary(metadata, "metadata"),
    content: dictionary(content, "content"),
    buffers: frames.slice(delimiter + 2 + DICTIONARIES),
  };
}

/** Frames of a message to a client. A reply goes back to its request's identities; on iopub the topic leads. */
export function encode(
  message: Outgoing,
  signer: Signer,
  session: string,
  identities: readonly Uint8Array[],
): Uint8Array[] {
  const header: Header = {
    msg_id: message.id ?? randomUUID(),
    session,
    username: "kernel",
    date: new Date().toISOString(),
    msg_type: message.type,
    version: PROTOCOL_VERSION,
  };
  const signed = [header, message.parent?.header ?? {}, message.metadata ?? {}, message.content].map((part) =>
    Buffer.from(JSON.stringify(part)),
  );
  return [...identities, DELIMITER, Buffer.from(signer.sign(signed)), ...signed, ...(message.buffers ?? [])];
}
