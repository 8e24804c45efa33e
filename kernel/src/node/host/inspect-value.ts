/** A value as text that a notebook can hold: the larger it is, the less of it is shown, and what is left out is said. */
import { inspect, type InspectOptions } from "node:util";

/** Characters; a saved notebook keeps each result for good. */
const LONGEST = 20_000;

/** From Node's own limits to what every nesting fits into; Node says itself how many items it leaves out. */
const LIMITS: readonly InspectOptions[] = [
  {},
  { maxArrayLength: 30, maxStringLength: 1000 },
  { maxArrayLength: 10, maxStringLength: 200, depth: 1 },
];

export function inspectValue(value: unknown): string {
  let text = "";
  for (const limits of LIMITS) {
    text = inspect(value, limits);
    if (text.length <= LONGEST) return text;
  }
  // An object with very many keys: Node shows them all, whatever the limits.
  const end = text.lastIndexOf("\n", LONGEST);
  const shown = text.slice(0, end > 0 ? end : LONGEST);
  return `${shown}\n… ${text.length - shown.length} more characters`;
}
