/** Elementwise kernels: over contiguous elements at once, else row by row of the last axis that all arguments share. */
import { mergedAxes } from "../axes.js";
import type { MapName, Storage, View, ZipName } from "../engine.js";
import { sizeOf } from "../reference/kernels/elements.js";
import { bytesEach, type Workspace } from "./workspace.js";

export const mapWith =
  (space: Workspace) =>
  (name: MapName, x: View): Storage | null => {
    const { dtype } = x.storage;
    const kernel = dtype === "int32" ? undefined : space.kernels[`map${bytesEach(dtype)}_${name}`];
    if (kernel === undefined) return null;
    const size = sizeOf(x.shape);
    return space.call(() => {
      const from = space.dense(x);
      return space.result(dtype, size, (to) => kernel(from, to, size));
    });
  };

/** A row of the last axis: where the operands begin, and how far it is to the next element of each. */
type Rows = (starts: readonly number[], rowSteps: readonly number[], steps: readonly number[], rows: number, columns: number, at: number) => void; // prettier-ignore

/** Over two axes at a time; the others are gone through here. */
function byRows(views: readonly View[], run: Rows): void {
  const axes = mergedAxes(views[0]!.shape, views);
  const none = { extent: 1, steps: views.map(() => 0) };
  const columns = axes.pop() ?? none;
  const rows = axes.pop() ?? none;
  const size = rows.extent * columns.extent;
  const visit = (axis: number, starts: readonly number[], at: number): number => {
    if (axis === axes.length) {
      run(starts, rows.steps, columns.steps, rows.extent, columns.extent, at);
      return at + size;
    }
    const { extent, steps } = axes[axis]!;
    for (let i = 0; i < extent; i++) {
      const from = starts.map((start, v) => start + i * steps[v]!);
      at = visit(axis + 1, from, at);
    }
    return at;
  };
  visit(
    0,
    views.map(() => 0),
    0,
  );
}

/** As it is, where its last axis is contiguous or repeats; else dense. */
function readable(space: Workspace, view: View): { readonly address: number; readonly view: View } {
  const last = view.strides.at(-1) ?? 0;
  const extent = view.shape.at(-1) ?? 1;
  if (extent === 1 || last === 1 || last === 0) return { address: space.address(view), view };
  return { address: space.dense(view), view: denseLike(view) };
}

const isGood = (step: number): boolean => step === 0 || step === 1;

function rowKernel(
  space: Workspace,
  kernel: (...args: number[]) => number,
  given: readonly View[],
): Storage | null {
  const { dtype } = given.at(-1)!.storage;
  const bytes = bytesEach(dtype);
  const size = sizeOf(given[0]!.shape);
  if (size === 0) return space.result(dtype, 0, () => {});
  return space.call(() => {
    let operands = given.map((view) => readable(space, view));
    // A last axis of extent 1 leaves another one as the last.
    const last = mergedAxes(given[0]!.shape, operands.map(({ view }) => view)).at(-1); // prettier-ignore
    if (last && !last.steps.every(isGood))
      operands = given.map((view) => ({ address: space.dense(view), view: denseLike(view) }));
    const views = operands.map(({ view }) => view);
    return space.result(dtype, size, (to) =>
      byRows(views, (starts, rowSteps, steps, rows, columns, at) => {
        const args = operands.flatMap(({ address }, v) => [
          address + starts[v]! * bytes,
          rowSteps[v]!,
          steps[v]!,
        ]);
        kernel(...args, to + at * bytes, rows, columns);
      }),
    );
  });
}

function denseLike(view: View): View {
  const strides: number[] = [];
  let stride = 1;
  for (let axis = view.shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= view.shape[axis]!;
  }
  return { ...view, strides, offset: 0 };
}

export const zipWith =
  (space: Workspace) =>
  (name: ZipName, a: View, b: View): Storage | null => {
    const { dtype } = a.storage;
    if (dtype === "int32" || b.storage.dtype !== dtype) return null;
    const kernel = space.kernels[`zip${bytesEach(dtype)}_${name}`];
    return kernel ? rowKernel(space, kernel, [a, b]) : null;
  };

export const whereWith =
  (space: Workspace) =>
  (condition: View, a: View, b: View): Storage | null => {
    const { dtype } = a.storage;
    if (dtype === "int32" || b.storage.dtype !== dtype || condition.storage.dtype !== dtype) return null;
    return rowKernel(space, space.kernels[`where${bytesEach(dtype)}`]!, [condition, a, b]);
  };
