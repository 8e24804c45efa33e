/** The contents of the comm messages that the kernel sends. */
import type { Json } from "./message.js";
import type { CommEvent } from "./ports.js";

export function commContent(event: CommEvent): Json {
  const content: Json = { comm_id: event.commId, data: event.data };
  if (event.kind === "open") content["target_name"] = event.target;
  return content;
}

/** A close of the comm `commId`, as sent when nobody listens on its target. */
export function closeOf(commId: string): CommEvent {
  return { kind: "close", commId, target: "", data: {}, metadata: {}, buffers: [] };
}
