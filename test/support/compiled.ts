/** A function from its text, compiled like a cell: every operation knows its place in the source. */
import { instrument } from "cotangent/transform";

let count = 0;

/** @param expression an arrow function or function expression that begins with "use ad" */
export function compiled<T>(expression: string, cell = 1): T {
  const name = `__compiled${count++}`;
  const made = instrument(`globalThis.${name} = (${expression})`, {
    name: `cotangent-cell:${cell}`,
    suffix: name,
    sourceType: "script",
  });
  // Nothing in it is to be differentiated: it stays as it is.
  new Function(made?.code ?? `globalThis.${name} = (${expression})`)();
  return (globalThis as unknown as Record<string, T>)[name]!;
}
