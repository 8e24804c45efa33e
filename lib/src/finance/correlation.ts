/** Correlations: checked, and factored as L Lᵀ, so that L z is correlated where z is not. */
import { OptionError } from "../errors.js";

/** A pivot below this is 0: the asset follows from those before it. */
const SINGULAR = 1e-12;

const row = (a: readonly number[], b: readonly number[], count: number): number => {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += a[k]! * b[k]!;
  return sum;
};

function checkShape(correlation: readonly (readonly number[])[], assets: number): void {
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

/**
 * The lower triangular L with L Lᵀ = correlation. A matrix without an inverse is allowed (two assets with correlation 1): the
 * diagonal of L has a 0 then.
 *
 * @throws OptionError for a matrix of another size, with entries that cannot be, or that no assets can have
 * @see Cholesky (1910); Higham (2002), §10.3, for the semidefinite case
 */
export function choleskyOf(
  correlation: readonly (readonly number[])[],
  assets: number,
): readonly (readonly number[])[] {
  checkShape(correlation, assets);
  const L = correlation.map((each) => each.map(() => 0));
  for (let j = 0; j < assets; j++) {
    const pivot = 1 - row(L[j]!, L[j]!, j);
    if (pivot < -SINGULAR) throw notDefinite(j);
    const root = pivot < SINGULAR ? 0 : Math.sqrt(pivot);
    L[j]![j] = root;
    for (let i = j + 1; i < assets; i++) {
      const rest = correlation[i]![j]! - row(L[i]!, L[j]!, j);
      if (root === 0 && Math.abs(rest) > Math.sqrt(SINGULAR)) throw notDefinite(i);
      L[i]![j] = root === 0 ? 0 : rest / root;
    }
  }
  return L;
}

const notDefinite = (asset: number): OptionError =>
  new OptionError(
    `correlation is not positive definite: no asset ${asset + 1} can have these correlations with those before it. ` +
      `Bring its off-diagonal entries nearer to 0, or take the nearest correlation matrix.`,
  );
