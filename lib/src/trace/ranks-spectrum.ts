/** The ranks that singular values tell of. NaN stands for a value that is not there, as in a trace. */

/** Of two factors A [R, h] and Δ [R, h′]. */
export interface FactorSizes {
  /** R */
  readonly rows: number;
  /** h */
  readonly inputs: number;
  /** h′ */
  readonly outputs: number;
}

/** θ where nobody chose one. */
export const DEFAULT_THETA = 1e-3;

/** How many σ reach theta·σ_1; 0 for none, and where σ_1 is 0. */
export function effectiveRank(sigma: ArrayLike<number>, theta: number): number {
  const first = largest(sigma);
  if (!(first > 0)) return 0;
  let count = 0;
  for (let j = 0; j < sigma.length; j++) if (sigma[j]! >= theta * first && sigma[j]! > 0) count++;
  return count;
}

/** exp of the entropy of σ/Σσ: 1 for one direction, k for k equal ones; 0 where all are 0. */
export function entropyRank(sigma: ArrayLike<number>): number {
  let [sum, entropy] = [0, 0];
  for (let j = 0; j < sigma.length; j++) sum += sigma[j]! || 0;
  if (!(sum > 0)) return 0;
  for (let j = 0; j < sigma.length; j++) {
    const share = sigma[j]! / sum;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}

/** ‖G‖_F² / σ_1²; 0 where all are 0. */
export function stableRank(sigma: ArrayLike<number>): number {
  const first = largest(sigma);
  if (!(first > 0)) return 0;
  let sum = 0;
  for (let j = 0; j < sigma.length; j++) sum += ((sigma[j]! || 0) / first) ** 2;
  return sum;
}

/** min(R, h, h′): what the rank of AᵀΔ cannot exceed, for A [R, h] and Δ [R, h′]. */
export const rankCeiling = ({ rows, inputs, outputs }: FactorSizes): number =>
  Math.min(rows, inputs, outputs);

function largest(sigma: ArrayLike<number>): number {
  let most = 0;
  for (let j = 0; j < sigma.length; j++) if (sigma[j]! > most) most = sigma[j]!;
  return most;
}
