/** Steering: a client asks a computation that never yields to pause, step, go on, or stop. */
import type { Comms } from "./comms.js";
import type { Json, Message } from "./message.js";

/** The target of the comms by which it is asked. The kernel itself listens there, also while a cell runs. */
export const STEERING_TARGET = "cotangent.steering";

export const wishes = ["run", "pause", "step", "stop"] as const;
export type Wish = (typeof wishes)[number];

/** What the data of a comm message ask for; null for anything else. */
export const wishOf = ({ wish }: Json): Wish | null => wishes.find((known) => known === wish) ?? null;

/** Whether a message is one about steering: it does not wait for the cell that it steers. */
export function isSteering({ header, content }: Message, comms: Comms): boolean {
  if (header.msg_type === "comm_open") return content["target_name"] === STEERING_TARGET;
  if (header.msg_type !== "comm_msg" && header.msg_type !== "comm_close") return false;
  const id = content["comm_id"];
  return typeof id === "string" && comms.targetOf(id) === STEERING_TARGET;
}
