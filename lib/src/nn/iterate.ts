/** Damped iteration of z ← (1 − α) z + α f(z) on a tensor, recorded or not; measured on plain numbers, and told how it ended. */
import { add, mul } from "../tensor/functions/elementwise.js";
import type { Tensor } from "../tensor/tensor.js";
import { tidy } from "../tensor/tidy.js";

/** How an iteration ended. */
export interface FixedPointInfo {
  readonly converged: boolean;
  readonly reason: "converged" | "maxIterations" | "diverged";
  /** Updates of z that were made. */
  readonly iterations: number;
  /** ‖f(z) − z‖ / ‖z‖ at the z that is returned: of the worst item of a batch, Frobenius norms. */
  readonly residual: number;
  /** The residuals at z₀, z₁, …: one more than there were updates. */
  readonly residuals: readonly number[];
}

export interface IterateOptions {
  readonly damping: number;
  readonly tolerance: number;
  readonly maxIterations: number;
}

export interface Iterated {
  readonly z: Tensor;
  readonly info: FixedPointInfo;
}

/** The largest ‖y − z‖ / ‖z‖ among the items, each a block of the last two axes; NaN where something is no number. */
export function relativeResidual(z: Tensor, y: Tensor): number {
  const [a, b] = [z.plain.dataSync(), y.plain.dataSync()];
  const [rows, columns] = [z.shape.at(-2) ?? 1, z.shape.at(-1) ?? 1];
  const block = rows * columns;
  let worst = 0;
  for (let start = 0; start < a.length; start += block) {
    let [change, size] = [0, 0];
    for (let i = start; i < start + block; i++) {
      change += (Number(b[i]) - Number(a[i])) ** 2;
      size += Number(a[i]) ** 2;
    }
    // Math.max keeps NaN, and a z of zeros is measured by the change itself.
    worst = Math.max(worst, Math.sqrt(change) / (Math.sqrt(size) || 1));
  }
  return worst;
}

const damped = (z: Tensor, y: Tensor, alpha: number): Tensor =>
  alpha === 1 ? y : add(mul(z, 1 - alpha), mul(y, alpha));

const reasonOf = (residual: number, tolerance: number): FixedPointInfo["reason"] =>
  residual <= tolerance ? "converged" : Number.isFinite(residual) ? "maxIterations" : "diverged";

/**
 * Iterate without a tape, and return the z with the smallest residual. Memory does not grow with the number of iterations: what an
 * iteration made is given back before the next.
 *
 * @param step f on plain tensors, [..., tokens, width] → the same shape
 */
export function iteratePlain(step: (z: Tensor) => Tensor, start: Tensor, options: IterateOptions): Iterated {
  const { damping, tolerance, maxIterations } = options;
  const residuals: number[] = [];
  let best = { z: start, residual: Infinity };
  let z = start;
  for (let k = 0; ; k++) {
    const [current, last] = [z, k === maxIterations];
    let residual = NaN;
    const next = tidy(() => {
      const y = step(current);
      residual = relativeResidual(current, y);
      return last || !(residual > tolerance) ? null : damped(current, y, damping);
    });
    residuals.push(residual);
    const passed = best.z;
    if (residual < best.residual) best = { z: current, residual };
    for (const old of new Set([passed, current])) if (old !== best.z && old !== start) old.dispose();
    if (!next) {
      const reason = reasonOf(residual, tolerance);
      const info = { converged: reason === "converged", reason, iterations: k, residual: best.residual, residuals }; // prettier-ignore
      return { z: best.z, info };
    }
    z = next;
  }
}

/** The same updates with every one of them recorded; the last z is returned, since the tape leads to that one. */
export function iterateRecorded(
  step: (z: Tensor) => Tensor,
  start: Tensor,
  options: IterateOptions,
): Iterated {
  const { damping, tolerance, maxIterations } = options;
  const residuals: number[] = [];
  let z = start;
  for (let k = 0; ; k++) {
    const y = step(z);
    const residual = relativeResidual(z, y);
    residuals.push(residual);
    if (k === maxIterations || !(residual > tolerance)) {
      const reason = reasonOf(residual, tolerance);
      return { z, info: { converged: reason === "converged", reason, iterations: k, residual, residuals } };
    }
    z = damped(z, y, damping);
  }
}
