/** Products: batched matmul from strided views, and attention by blocks of queries. */
import type { Storage, View } from "../engine.js";
import { sizeOf } from "../reference/kernels/elements.js";
import { bytesEach, type Workspace } from "./workspace.js";

/** A spill of two vectors, for the edges. */
const SPILL = 32;
/** How many queries are done at once: their weights stay in the second-level cache. */
const QUERIES = 64;

interface Batched {
  /** Elements from the first to the matrix of a batch. */
  readonly offsets: readonly number[];
  readonly rowStep: number;
  readonly columnStep: number;
  readonly address: number;
}

/** Offsets of the matrices of a batch, in row-major order of the batch axes. */
function offsetsOf({ shape, strides }: View): number[] {
  let offsets = [0];
  for (let axis = 0; axis < shape.length - 2; axis++) {
    const [extent, stride] = [shape[axis]!, strides[axis]!];
    offsets = offsets.flatMap((offset) => Array.from({ length: extent }, (_, i) => offset + i * stride));
  }
  return offsets;
}

const asIs = (space: Workspace, view: View): Batched => ({
  offsets: offsetsOf(view),
  rowStep: view.strides.at(-2)!,
  columnStep: view.strides.at(-1)!,
  address: space.address(view),
});

export const matmulWith =
  (space: Workspace) =>
  (a: View, b: View): Storage | null => {
    const { dtype } = a.storage;
    if (dtype === "int32" || b.storage.dtype !== dtype) return null;
    const bytes = bytesEach(dtype);
    const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
    const length = sizeOf(a.shape.slice(0, -2)) * m * n;
    const { kernels } = space;
    if (length === 0) return space.result(dtype, 0, () => {});
    return space.call(() => {
      const left = asIs(space, a);
      const right = asIs(space, b);
      const packed = space.scratch(kernels[`packed${bytes}`]!(k, n));
      const block = space.scratch(kernels[`block${bytes}`]!());
      const spill = space.scratch(SPILL);
      const [pack, multiply] = [kernels[`pack${bytes}`]!, kernels[`multiply${bytes}`]!];
      let packedFrom = -1;
      return space.result(dtype, length, (to) => {
        for (let i = 0; i < left.offsets.length; i++) {
          const from = right.address + right.offsets[i]! * bytes;
          if (from !== packedFrom) pack(from, k, n, right.rowStep, right.columnStep, packed);
          packedFrom = from;
          multiply(
            left.address + left.offsets[i]! * bytes, packed, to + i * m * n * bytes,
            m, k, n, left.rowStep, left.columnStep, block, spill,
          ); // prettier-ignore
        }
      });
    });
  };

export const attentionWith =
  (space: Workspace) =>
  (q: View, k: View, v: View, scale: number): Storage | null => {
    if ([q, k, v].some(({ storage }) => storage.dtype !== "float32")) return null;
    const [m, d, n, e] = [q.shape.at(-2)!, q.shape.at(-1)!, k.shape.at(-2)!, v.shape.at(-1)!];
    const heads = sizeOf(q.shape.slice(0, -2));
    if (heads * m * e === 0 || n === 0) return null;
    const { kernels } = space;
    return space.call(() => {
      const [queries, keys, values] = [q, k, v].map((view) => space.dense(view)) as [number, number, number];
      const packedKeys = space.scratch(kernels["packed4"]!(d, n));
      const packedValues = space.scratch(kernels["packed4"]!(n, e));
      const block = Math.min(QUERIES, m);
      const weights = space.scratch(block * n * 4);
      const rows = space.scratch(kernels["block4"]!());
      const spill = space.scratch(SPILL);
      return space.result("float32", heads * m * e, (to) => {
        for (let h = 0; h < heads; h++)
          kernels["attentionHead"]!(
            queries + h * m * d * 4, keys + h * n * d * 4, values + h * n * e * 4, to + h * m * e * 4,
            m, n, d, e, scale, packedKeys, packedValues, weights, block, rows, spill,
          ); // prettier-ignore
      });
    });
  };
