/** The axes of views of one shape, as few as there can be. */

export interface Axis {
  readonly extent: number;
  /** Of each view. */
  readonly steps: readonly number[];
}

/** Without axes of extent 1, and two as one where all views allow it; none for a single element. */
export function mergedAxes(
  shape: readonly number[],
  views: readonly { readonly strides: readonly number[] }[],
): Axis[] {
  const axes: Axis[] = [];
  for (let i = 0; i < shape.length; i++) {
    const extent = shape[i]!;
    if (extent === 1) continue;
    const steps = views.map(({ strides }) => strides[i]!);
    const last = axes.at(-1);
    if (last && steps.every((step, v) => last.steps[v] === step * extent))
      axes[axes.length - 1] = { extent: last.extent * extent, steps };
    else axes.push({ extent, steps });
  }
  return axes;
}
