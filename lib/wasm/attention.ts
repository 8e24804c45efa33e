/** softmax(scale · q kᵀ) v for one head, a block of queries at a time: the square of the sequence is never there. */
import { multiply, pack } from "./matmul";
import { softmaxRows } from "./rows";

/**
 * @param q [M, D], k [N, D], v [N, E] and out [M, E], rows contiguous
 * @param keys where k is packed, transposed: packedSize(D, N)
 * @param values where v is packed: packedSize(N, E)
 * @param weights [block, N]
 * @param rowsOfA blockSize() bytes
 */
export function attentionHead(
  q: usize, k: usize, v: usize, out: usize, M: i32, N: i32, D: i32, E: i32, scale: f32,
  keys: usize, values: usize, weights: usize, block: i32, rowsOfA: usize, spill: usize,
): void {
  pack<f32>(k, D, N, 1, D, keys);
  pack<f32>(v, N, E, E, 1, values);
  for (let i = 0; i < M; i += block) {
    const rows = min(block, M - i);
    multiply<f32>(q + (<usize>(i * D) << 2), keys, weights, rows, D, N, D, 1, rowsOfA, spill);
    softmaxRows(weights, weights, rows, N, scale);
    multiply<f32>(weights, values, out + (<usize>(i * E) << 2), rows, N, E, N, 1, rowsOfA, spill);
  }
}
