/** Everything that the engine calls, of addresses in the memory that is handed in. */
export * from "./elementwise";
export { attentionHead } from "./attention";
export { add4, add8, dense4, dense8, gatherRows, scatterAdd4, scatterAdd8 } from "./copy";
export { layerNormRows, layerNormVjpRows, softmaxRows, softmaxVjpRows } from "./rows";
export * from "./reduce";
import { blockSize, multiply, pack, packedSize } from "./matmul";

export function packed4(K: i32, N: i32): usize {
  return packedSize<f32>(K, N);
}
export function packed8(K: i32, N: i32): usize {
  return packedSize<f64>(K, N);
}
export function block4(): usize {
  return blockSize<f32>();
}
export function block8(): usize {
  return blockSize<f64>();
}
export function pack4(b: usize, K: i32, N: i32, byRow: i32, byColumn: i32, packed: usize): void {
  pack<f32>(b, K, N, byRow, byColumn, packed);
}
export function pack8(b: usize, K: i32, N: i32, byRow: i32, byColumn: i32, packed: usize): void {
  pack<f64>(b, K, N, byRow, byColumn, packed);
}
export function multiply4(
  a: usize, packed: usize, c: usize, M: i32, K: i32, N: i32, byRow: i32, byColumn: i32, block: usize, spill: usize,
): void {
  multiply<f32>(a, packed, c, M, K, N, byRow, byColumn, block, spill);
}
export function multiply8(
  a: usize, packed: usize, c: usize, M: i32, K: i32, N: i32, byRow: i32, byColumn: i32, block: usize, spill: usize,
): void {
  multiply<f64>(a, packed, c, M, K, N, byRow, byColumn, block, spill);
}
