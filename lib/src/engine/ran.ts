/** What really ran: how often each engine did each kernel. */
import type { EngineName } from "./engine.js";

const counts = new Map<EngineName, Map<string, number>>();

export function count(engine: EngineName, kernel: string): void {
  let own = counts.get(engine);
  if (own === undefined) counts.set(engine, (own = new Map()));
  own.set(kernel, (own.get(kernel) ?? 0) + 1);
}

/** How often each kernel ran, by engine, since the program began. */
export const ranSoFar = (): Readonly<Record<string, Readonly<Record<string, number>>>> =>
  Object.fromEntries([...counts].map(([engine, own]) => [engine, Object.fromEntries(own)]));
