/** Walking views of one shape together, in row-major order, by runs of equal steps. */
import { mergedAxes } from "../../axes.js";
import type { View } from "../../engine.js";

/**
 * Elements at, …, at + length − 1 in row-major order: of view v, element i of the run lies at starts[v] + i·steps[v].
 * The arrays are reused from run to run.
 */
export type Run = (at: number, starts: readonly number[], length: number, steps: readonly number[]) => void;

/**
 * Visit all elements of several views of the same shape. Contiguous and repeated (stride 0) views are one run.
 * @param views at least one, all of the shape of the first
 */
export function walk(views: readonly View[], run: Run): void {
  const { shape } = views[0]!;
  if (shape.includes(0)) return;
  const axes = mergedAxes(shape, views);
  const { extent: length, steps } = axes.pop() ?? { extent: 1, steps: views.map(() => 0) };
  const starts = views.map((view) => view.offset);
  const index = axes.map(() => 0);
  for (let at = 0; ; at += length) {
    run(at, starts, length, steps);
    let axis = axes.length - 1;
    // The odometer: step the last axis that has not come to its end; set those after it back.
    for (; axis >= 0; axis--) {
      const { extent, steps: along } = axes[axis]!;
      const turn = ++index[axis]! === extent;
      const by = turn ? 1 - extent : 1;
      for (let v = 0; v < starts.length; v++) starts[v]! += by * along[v]!;
      if (!turn) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
