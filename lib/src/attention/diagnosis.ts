/** What a solve's states say about its health: token spread, attention drift, collapse. */
import { type Matrix, row } from "../matrix.js";

/** ‖z − row mean‖_F / ‖z‖_F: 0 when all tokens are the same. NaN for z = 0. */
export function tokenSpread(z: Matrix): number {
  const mean = new Float64Array(z.cols);
  for (let i = 0; i < z.rows; i++) row(z, i).forEach((entry, j) => (mean[j]! += entry / z.rows));
  let [apart, size] = [0, 0];
  z.data.forEach((entry, at) => {
    apart += (entry - mean[at % z.cols]!) ** 2;
    size += entry ** 2;
  });
  return Math.sqrt(apart / size);
}

/** ‖A − B‖_F over all heads. */
export function attentionDrift(now: readonly Matrix[], before: readonly Matrix[]): number {
  let sum = 0;
  now.forEach((weights, h) => weights.data.forEach((w, i) => (sum += (w - before[h]!.data[i]!) ** 2)));
  return Math.sqrt(sum);
}

/** The largest distance of a weight from 1/N: 0 for uniform attention. */
export function distanceFromUniform(attention: readonly Matrix[]): number {
  let largest = 0;
  for (const { data, cols } of attention) {
    for (const weight of data) largest = Math.max(largest, Math.abs(weight - 1 / cols));
  }
  return largest;
}

/** Below this, tokens count as equal and attention as uniform. */
const COLLAPSED = 1e-2;

/** A warning when the tokens have become one and the attention uniform; `undefined` otherwise. */
export function warnOfCollapse(z: Matrix, attention: readonly Matrix[], inject: boolean): string | undefined {
  if (z.rows < 2 || !(tokenSpread(z) < COLLAPSED) || !(distanceFromUniform(attention) < COLLAPSED)) {
    return undefined;
  }
  const cure = inject
    ? "The input tokens are nearly equal themselves."
    : 'Inject the input at every step (preset "inject") to keep them apart.';
  return `The tokens have collapsed into one and the attention is uniform. ${cure}`;
}
