/** Lists of complex eigenvalues: how they are kept, ordered, and had from a 2 × 2 matrix. */

/** [m] each; eigenvalue i is re[i] + im[i]·√−1. */
export interface Eigenvalues {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

type Pair = readonly [re: number, im: number];

/** Both eigenvalues of [[a, b], [c, d]]. */
export function pairOf(a: number, b: number, c: number, d: number): readonly [Pair, Pair] {
  const half = (a - d) / 2;
  const square = half * half + b * c;
  if (square < 0) {
    const im = Math.sqrt(-square);
    return [[d + half, im], [d + half, -im]]; // prettier-ignore
  }
  // The larger one first, the other by the product, so that nothing cancels.
  const z = half + (half >= 0 ? Math.sqrt(square) : -Math.sqrt(square));
  return [[d + z, 0], [z === 0 ? d : d - (b * c) / z, 0]]; // prettier-ignore
}

/** Largest modulus first; of a conjugate pair the upper one. */
export function byModulus(list: readonly Pair[]): Eigenvalues {
  const ordered = [...list].sort(([a, b], [c, d]) => Math.hypot(c, d) - Math.hypot(a, b) || c - a || d - b);
  return { re: Float64Array.from(ordered, ([re]) => re), im: Float64Array.from(ordered, ([, im]) => im) };
}
