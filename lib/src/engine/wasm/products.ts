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
      const pack = kernels[`pack${bytes}`]!;
      const parallel = space.parallel(m * n * k);
      const parts = rowParts(m, parallel?.parts ?? 1);
      const own = parts.map(
        () => [space.scratch(kernels[`block${bytes}`]!()), space.scratch(SPILL)] as const,
      );
      let packedFrom = -1;
      return space.result(dtype, length, (to) => {
        for (let i = 0; i < left.offsets.length; i++) {
          const from = right.address + right.offsets[i]! * bytes;
          if (from !== packedFrom) pack(from, k, n, right.rowStep, right.columnStep, packed);
          packedFrom = from;
          const first = left.address + left.offsets[i]! * bytes;
          const result = to + i * m * n * bytes;
          const calls = parts.map(({ row, rows }, part) => [
            first + row * left.rowStep * bytes, packed, result + row * n * bytes,
            rows, k, n, left.rowStep, left.columnStep, ...own[part]!,
          ]); // prettier-ignore
          if (parallel) parallel.threads.run(bytes === 4 ? "multiply4" : "multiply8", calls);
          else kernels[`multiply${bytes}`]!(...calls[0]!);
        }
      });
    });
  };

/** Rows for each of several threads, by fours as the kernel takes them. */
function rowParts(m: number, count: number): { readonly row: number; readonly rows: number }[] {
  const each = Math.max(4, 4 * Math.ceil(m / (4 * count)));
  const parts: { row: number; rows: number }[] = [];
  for (let row = 0; row < m; row += each) parts.push({ row, rows: Math.min(each, m - row) });
  return parts;
}

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
      const parallel = heads > 1 ? space.parallel(heads * m * n * (d + e)) : null;
      const count = Math.min(heads, parallel?.parts ?? 1);
      const block = Math.min(QUERIES, m);
      const own = Array.from({ length: count }, () => ({
        packed: [space.scratch(kernels["packed4"]!(d, n)), space.scratch(kernels["packed4"]!(n, e))] as const,
        weights: space.scratch(block * n * 4),
        rows: space.scratch(kernels["block4"]!()),
        spill: space.scratch(SPILL),
      }));
      return space.result("float32", heads * m * e, (to) => {
        const call = (h: number, { packed, weights, rows, spill }: (typeof own)[number]) => [
          queries + h * m * d * 4, keys + h * n * d * 4, values + h * n * e * 4, to + h * m * e * 4,
          m, n, d, e, scale, ...packed, weights, block, rows, spill,
        ]; // prettier-ignore
        for (let h = 0; h < heads; h += count) {
          const calls = own.slice(0, heads - h).map((scratch, i) => call(h + i, scratch));
          if (parallel) parallel.threads.run("attentionHead", calls);
          else kernels["attentionHead"]!(...calls[0]!);
        }
      });
    });
  };
