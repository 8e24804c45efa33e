/** The spectrum of a fixed point: what damping makes of it, and how fast it lets an iteration go. */

/** The most eigenvalues that a trace holds. */
export const MAX_EIGENVALUES = 256;

export interface AttentionSpectrum {
  /** [M, 2] real and imaginary parts of the leading eigenvalues of J = ∂f/∂z of the undamped map, largest modulus first. */
  readonly eigenvalues: Float64Array;
  /** How many J has: tokens × width. */
  readonly of: number;
  /**
   * Where J was taken: at the iterate that was returned, or, because the solve did not converge and J means nothing elsewhere, at
   * the fixed point that Anderson's method finds from there.
   */
  readonly at: "result" | "anderson";
}

/** max |(1 − α) + α·λ|: the share of the error that an iteration with damping α leaves at every step, once it is near. */
export function dampedRadius({ eigenvalues, of }: AttentionSpectrum, damping: number): number {
  // Of those that are not stored some are near 0, where damping alone counts.
  let radius = 2 * of > eigenvalues.length ? 1 - damping : 0;
  for (let i = 0; i < eigenvalues.length; i += 2) {
    const re = 1 - damping + damping * eigenvalues[i]!;
    radius = Math.max(radius, Math.hypot(re, damping * eigenvalues[i + 1]!));
  }
  return radius;
}

/** The damping, in hundredths, with the smallest radius; undefined where none makes it less than 1. */
export function bestDamping(spectrum: AttentionSpectrum): number | undefined {
  let best: number | undefined;
  let least = 1;
  for (let hundredths = 100; hundredths >= 1; hundredths--) {
    const radius = dampedRadius(spectrum, hundredths / 100);
    if (radius < least) [best, least] = [hundredths / 100, radius];
  }
  return best;
}

/** About how many iterations a rate takes to divide a residual by a factor; Infinity where it does not fall. */
export function iterationsFor(rate: number, factor: number): number {
  if (rate >= 1) return Infinity;
  return rate <= 0 ? 1 : Math.max(1, Math.ceil(Math.log(factor) / -Math.log(rate)));
}
