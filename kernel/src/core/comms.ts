/** The comms that are open and the targets that running code listens on. */
import type { CommEvent } from "./ports.js";

export class Comms {
  readonly #targets = new Set<string>();
  /** comm id → target name */
  readonly #open = new Map<string, string>();

  setTarget(target: string, registered: boolean): void {
    if (registered) this.#targets.add(target);
    else this.#targets.delete(target);
  }

  hasTarget(target: string): boolean {
    return this.#targets.has(target);
  }

  isOpen(commId: string): boolean {
    return this.#open.has(commId);
  }

  /** The target of a comm that is open. */
  targetOf(commId: string): string | undefined {
    return this.#open.get(commId);
  }

  /** Note what an event, from either side, does to the set of open comms. */
  note(event: CommEvent): void {
    if (event.kind === "open") this.#open.set(event.commId, event.target);
    else if (event.kind === "close") this.#open.delete(event.commId);
  }

  /** The content of a comm_info_reply, for one target or for all. */
  info(target: string | undefined): Record<string, { target_name: string }> {
    const comms: Record<string, { target_name: string }> = {};
    for (const [id, name] of this.#open)
      if (target === undefined || name === target) comms[id] = { target_name: name };
    return comms;
  }
}
