/** The spectrum of an attention solve: the Jacobian's leading eigenvalues at the fixed point, and nowhere else. */
import type { Solution } from "../fixedpoint/solve.js";
import { solve } from "../fixedpoint/solve.js";
import type { Matrix } from "../matrix.js";
import { leadingEigenvalues } from "../numeric/arnoldi.js";
import { unsteered } from "../steering.js";
import { type AttentionSpectrum, MAX_EIGENVALUES } from "../trace/index.js";
import type { AttentionMap } from "./presets.js";

/** Up to so many tokens the spectrum is part of every solve; beyond, its products take longer than one would wait unasked. */
export const SPECTRUM_TOKENS = 64;

/** To find a fixed point that the solve itself did not find. */
const SEARCH = { solver: "anderson", norm: "frobenius", maxIterations: 100 } as const;

/** Away from a fixed point a Jacobian tells nothing: on a cycle it looks harmless. */
export function fixedPointNear(
  map: (z: Matrix) => Matrix,
  { z, converged, reason }: Pick<Solution, "z" | "converged" | "reason">,
  tolerance = 1e-8,
): { readonly z: Matrix; readonly at: AttentionSpectrum["at"] } | undefined {
  if (converged) return { z, at: "result" };
  if (reason !== "maxIterations") return undefined;
  const found = unsteered(() => solve(map, z, { ...SEARCH, tolerance }));
  return found.converged ? { z: found.z, at: "anderson" } : undefined;
}

/** @returns undefined where no fixed point was found, or not even the largest eigenvalue settles */
export function spectrumOf(map: AttentionMap, solution: Solution): AttentionSpectrum | undefined {
  const found = fixedPointNear((state) => map.step(state).value, solution);
  if (found === undefined) return undefined;
  const { z, at } = found;
  const product = map.linearize(z);
  const of = z.rows * z.cols;
  const leading = leadingEigenvalues((v) => product({ ...z, data: v }).data, of);
  if (leading === undefined) return undefined;
  const count = Math.min(leading.re.length, MAX_EIGENVALUES);
  const eigenvalues = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) eigenvalues.set([leading.re[i]!, leading.im[i]!], 2 * i);
  return { eigenvalues, of, at };
}
