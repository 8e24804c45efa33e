/** Correlations: checked, and factored as L Lᵀ, so that L z is correlated where z is not. */
import { div, mul, sqrt, sub } from "../rules/generated/record.js";
import { primalOf, type Scalar } from "../ad/recorded.js";
import { OptionError } from "../errors.js";

/** A pivot below this is 0: the asset follows from those before it. */
const SINGULAR = 1e-12;

/** @throws OptionError for a matrix of another size, or with entries that cannot be */
export function checkCorrelation(correlation: readonly (readonly number[])[], assets: number): void {
  const lengths = correlation.map((each) => each.length);
  if (lengths.length !== assets || lengths.some((length) => length !== assets))
    throw new OptionError(
      `correlation should be ${assets} by ${assets}, a row for each asset; its rows have ${lengths.join(", ") || "no"} entries.`,
    );
  correlation.forEach((each, i) =>
    each.forEach((rho, j) => {
      const at = `correlation[${i}][${j}]`;
      if (!(Math.abs(rho) <= 1)) throw new OptionError(`${at} should lie within −1 and 1; got ${rho}.`);
      if (i === j && rho !== 1) throw new OptionError(`${at} should be 1, an asset with itself; got ${rho}.`);
      if (rho !== correlation[j]![i])
        throw new OptionError(`${at} is ${rho}, but correlation[${j}][${i}] is ${correlation[j]![i]}.`);
    }),
  );
}

/** No correlation at all. */
export const uncorrelated = (assets: number): readonly (readonly number[])[] =>
  Array.from({ length: assets }, (_, i) => Array.from({ length: assets }, (_, j) => (i === j ? 1 : 0)));

/** a − Σ x y over the first `count`. */
function rest(a: Scalar, x: readonly Scalar[], y: readonly Scalar[], count: number): Scalar {
  let left = a;
  for (let k = 0; k < count; k++) left = sub(left, mul(x[k]!, y[k]!));
  return left;
}

/**
 * The lower triangular L with L Lᵀ = correlation, row i with its entries 0…i. A matrix without an inverse is allowed (two assets
 * with correlation 1): the diagonal of L has a 0 then. Its numbers may be recorded.
 *
 * @param correlation [d, d], as `checkCorrelation` lets pass; read below the diagonal
 * @throws OptionError for one that no assets can have
 * @see Cholesky (1910); Higham (2002), §10.3, for the semidefinite case
 */
export function choleskyOf(correlation: readonly (readonly Scalar[])[]): readonly (readonly number[])[] {
  const L: Scalar[][] = correlation.map(() => []);
  for (let j = 0; j < L.length; j++) {
    const pivot = rest(1, L[j]!, L[j]!, j);
    if (primalOf(pivot) < -SINGULAR) throw notDefinite(j);
    const root = primalOf(pivot) < SINGULAR ? 0 : sqrt(pivot);
    L[j]!.push(root);
    for (let i = j + 1; i < L.length; i++) {
      const left = rest(correlation[i]![j]!, L[i]!, L[j]!, j);
      if (root === 0 && Math.abs(primalOf(left)) > Math.sqrt(SINGULAR)) throw notDefinite(i);
      L[i]!.push(root === 0 ? 0 : div(left, root));
    }
  }
  return L as number[][];
}

/** Whether the correlations of this factor have no inverse. */
export const isSingular = (factor: readonly (readonly Scalar[])[]): boolean =>
  factor.some((row, i) => primalOf(row[i]!) === 0);

const notDefinite = (asset: number): OptionError =>
  new OptionError(
    `correlation is not positive definite: no asset ${asset + 1} can have these correlations with those before it. ` +
      `Bring its off-diagonal entries nearer to 0, or take the nearest correlation matrix.`,
  );
