/** Kernels over the last axis: softmax, layer norm and their adjoints, in single precision. */
import type { Storage, View } from "../engine.js";
import { sizeOf } from "../reference/kernels/elements.js";
import type { Workspace } from "./workspace.js";

/** @param more what the kernel takes behind rows and size */
function overRows(
  space: Workspace,
  name: string,
  views: readonly View[],
  ...more: readonly number[]
): Storage | null {
  if (views.some(({ storage }) => storage.dtype !== "float32")) return null;
  const { shape } = views[0]!;
  const [length, size] = [sizeOf(shape), shape.at(-1)!];
  if (length === 0) return space.result("float32", 0, () => {});
  return space.call(() => {
    const from = views.map((view) => space.dense(view));
    return space.result("float32", length, (to) =>
      space.kernels[name]!(...from, to, length / size, size, ...more),
    );
  });
}

export const softmaxWith = (space: Workspace) => (x: View) => overRows(space, "softmaxRows", [x], 1);
export const softmaxVjpWith = (space: Workspace) => (y: View, yBar: View) =>
  overRows(space, "softmaxVjpRows", [y, yBar]);
export const layerNormWith = (space: Workspace) => (x: View, epsilon: number) => overRows(space, "layerNormRows", [x], epsilon); // prettier-ignore
export const layerNormVjpWith = (space: Workspace) => (x: View, yBar: View, epsilon: number) => overRows(space, "layerNormVjpRows", [x, yBar], epsilon); // prettier-ignore
