/** Reductions over the last axes; sums over the first ones by columns, where the view is a transpose. */
import type { ReduceName, Storage, View } from "../engine.js";
import { isDense, sizeOf } from "../reference/kernels/elements.js";
import { bytesEach, type Workspace } from "./workspace.js";

/** The view with its reduced axes in front, where it is dense so: then sums go down the columns without a copy. */
function asColumns(x: View, keep: number): View | null {
  const turned = {
    ...x,
    shape: [...x.shape.slice(keep), ...x.shape.slice(0, keep)],
    strides: [...x.strides.slice(keep), ...x.strides.slice(0, keep)],
  };
  return isDense(turned) ? turned : null;
}

export const reduceWith =
  (space: Workspace) =>
  (name: ReduceName, x: View, keep: number): Storage | null => {
    const { dtype } = x.storage;
    if (dtype === "int32") return null;
    const count = sizeOf(x.shape.slice(0, keep));
    const size = sizeOf(x.shape.slice(keep));
    if (count === 0 || size === 0) return null;
    const bytes = bytesEach(dtype);
    const result = name === "argmax" || name === "argmin" ? "int32" : dtype;
    return space.call(() => {
      const turned = name === "sum" && count > 1 && size > 1 && !isDense(x) ? asColumns(x, keep) : null;
      if (turned) {
        const from = space.address(turned);
        return space.result(result, count, (to) => space.kernels[`columns${bytes}`]!(from, to, size, count));
      }
      const from = space.dense(x);
      return space.result(result, count, (to) => space.kernels[`${name}${bytes}`]!(from, to, count, size));
    });
  };
