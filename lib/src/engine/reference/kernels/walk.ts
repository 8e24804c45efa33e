/** Walking views of one shape together, in row-major order, by runs of equal steps. */
import type { View } from "../../engine.js";

/**
 * Elements at, …, at + length − 1 in row-major order: of view v, element i of the run lies at starts[v] + i·steps[v].
 * The arrays are reused from run to run.
 */
export type Run = (at: number, starts: readonly number[], length: number, steps: readonly number[]) => void;

interface Axis {
  extent: number;
  readonly steps: number[];
}

/** The fewest axes that describe the views: without those of extent 1, and two as one where all views allow it. */
function mergedAxes(shape: readonly number[], views: readonly View[]): Axis[] {
  const axes: Axis[] = [];
  for (let i = 0; i < shape.length; i++) {
    const extent = shape[i]!;
    if (extent === 1) continue;
    const steps = views.map((view) => view.strides[i]!);
    const last = axes.at(-1);
    if (last && steps.every((step, v) => last.steps[v] === step * extent)) {
      axes[axes.length - 1] = { extent: last.extent * extent, steps };
    } else axes.push({ extent, steps });
  }
  return axes.length > 0 ? axes : [{ extent: 1, steps: views.map(() => 0) }];
}

/**
 * Visit all elements of several views of the same shape. Contiguous and repeated (stride 0) views are one run.
 * @param views at least one, all of the shape of the first
 */
export function walk(views: readonly View[], run: Run): void {
  const { shape } = views[0]!;
  if (shape.includes(0)) return;
  const axes = mergedAxes(shape, views);
  const { extent: length, steps } = axes.pop()!;
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
