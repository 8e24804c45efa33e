/** Writing a kernel's source: where an element of a view lies, from the number of the thread. */
import { mergedAxes } from "../axes.js";
import type { View } from "../engine.js";

/** Beyond it an index is not exact in single precision. */
export const LARGEST = 2 ** 24;

const sum = (terms: readonly string[]): string => (terms.length === 0 ? "0" : terms.join(" + "));

/** A number as a kernel may have it: also a negative one after an operator. */
export const literal = (value: number): string => (value < 0 ? `(${value})` : `${value}`);

const times = (variable: string, factor: number): string =>
  factor === 1 ? variable : `${variable} * ${literal(factor)}`;

/**
 * Lines that split a number t ≥ 0 by an extent: the quotient and the remainder, exact below 2²⁴ although the device divides
 * in single precision and may be off by one.
 */
export function split(t: string, extent: number, quotient: string, remainder: string): string[] {
  return [
    `let ${quotient} = Math.floor((${t} + 0.5) / ${extent});`,
    `let ${remainder} = ${t} - ${quotient} * ${extent};`,
    `if (${remainder} < 0) { ${quotient} = ${quotient} - 1; ${remainder} = ${remainder} + ${extent}; }`,
    `if (${remainder} >= ${extent}) { ${quotient} = ${quotient} + 1; ${remainder} = ${remainder} - ${extent}; }`,
  ];
}

/**
 * The place of element t, in row-major order, in each of several views of one shape.
 * @param name makes the variables of this call different from those of another one
 */
export function places(
  t: string,
  shape: readonly number[],
  views: readonly Pick<View, "strides" | "offset">[],
  name = "c",
): { lines: string[]; at: string[] } {
  const axes = mergedAxes(shape, views);
  const lines: string[] = [];
  const coordinates: string[] = [];
  let rest = t;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    if (axis === 0) coordinates[0] = rest;
    else {
      lines.push(...split(rest, axes[axis]!.extent, `${name}q${axis}`, `${name}${axis}`));
      coordinates[axis] = `${name}${axis}`;
      rest = `${name}q${axis}`;
    }
  }
  const at = views.map(({ offset }, v) => {
    const terms = axes.flatMap(({ steps }, axis) =>
      steps[v] === 0 ? [] : [times(coordinates[axis]!, steps[v]!)],
    );
    return sum(offset === 0 ? terms : [literal(offset), ...terms]);
  });
  return { lines, at };
}

/** A kernel with one thread for each element of its result. */
export const program = (parameters: readonly string[], lines: readonly string[]): string =>
  `function kernel(${parameters.join(", ")}) {\n  const t = this.thread.x;\n  ${lines.join("\n  ")}\n}`;
