/** Nested loops over the elements of views of one shape, inside one thread. */
import { mergedAxes } from "../axes.js";
import type { View } from "../engine.js";
import { literal } from "./source.js";

/**
 * @param bases for each view, where its window begins: an expression
 * @param body lines in which the place of each view's element is the expression given to it
 * @param name makes the variables of this call different from those of another one
 */
export function loops(
  shape: readonly number[],
  views: readonly Pick<View, "strides">[],
  bases: readonly string[],
  body: (at: readonly string[]) => readonly string[],
  name = "i",
): string[] {
  const axes = mergedAxes(shape, views);
  const at = views.map((_, v) =>
    [
      bases[v]!,
      ...axes.flatMap(({ steps }, axis) =>
        steps[v] === 0 ? [] : [`${name}${axis} * ${literal(steps[v]!)}`],
      ),
    ].join(" + "),
  );
  const heads = axes.map(
    ({ extent }, axis) => `for (let ${name}${axis} = 0; ${name}${axis} < ${extent}; ${name}${axis}++) {`,
  );
  return [...heads, ...body(at), ...axes.map(() => "}")];
}
