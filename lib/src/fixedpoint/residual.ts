/** How far z is from f(z): per token and over all, absolute and relative. */
import { type Matrix, row } from "../matrix.js";
import { type ResidualNorm, tokensToExit } from "../trace/index.js";

/** A size below this counts as this when a residual is divided by it. */
const SMALLEST_SIZE = 1e-8;

export interface Residual {
  /** Frobenius ‖f(z) − z‖. */
  readonly absolute: number;
  /** ‖f(z) − z‖_F / max(‖z‖_F, 1e-8). */
  readonly relative: number;
  /** [tokens] ‖Δz_i‖₂ / max(‖z_i‖₂, 1e-8). */
  readonly perToken: Float64Array;
  /** [tokens] ‖Δz_i‖₂, relative or absolute as the solve is: what is compared with the tolerance token by token. */
  readonly ofTokens: Float64Array;
  /** The one number that is compared with the tolerance. */
  readonly total: number;
}

/** What the total is, by norm and mode: one row per norm. */
type Total = (size: Sizes, share: number) => number;
const totals: Record<ResidualNorm, { absolute: Total; relative: Total }> = {
  token: {
    absolute: ({ tokenChanges }, share) => smallest(tokenChanges, share),
    relative: ({ perToken }, share) => smallest(perToken, share),
  },
  frobenius: {
    absolute: ({ change }) => change,
    relative: ({ change, size }) => change / Math.max(size, SMALLEST_SIZE),
  },
  max: {
    absolute: ({ largestChange }) => largestChange,
    relative: ({ largestChange, largestEntry }) => largestChange / Math.max(largestEntry, SMALLEST_SIZE),
  },
};

export const residualNorms = Object.keys(totals) as ResidualNorm[];

interface Sizes {
  readonly change: number;
  readonly size: number;
  readonly largestChange: number;
  readonly largestEntry: number;
  readonly tokenChanges: Float64Array;
  readonly perToken: Float64Array;
}

/**
 * Compare z with f(z).
 *
 * "token" takes the worst token, so that a tolerance holds for every one of them; "frobenius" the whole matrix;
 * "max" the largest entry.
 *
 * @param share with "token": of the tokens, for which the total is to hold; the worst of that many best ones
 */
export function residualOf(
  z: Matrix,
  value: Matrix,
  norm: ResidualNorm,
  mode: "relative" | "absolute",
  share = 1,
): Residual {
  const tokenChanges = new Float64Array(z.rows);
  const perToken = new Float64Array(z.rows);
  let [change, size, largestChange, largestEntry] = [0, 0, 0, 0];
  for (let i = 0; i < z.rows; i++) {
    const [from, to] = [row(z, i), row(value, i)];
    let [rowChange, rowSize] = [0, 0];
    for (let j = 0; j < z.cols; j++) {
      const difference = to[j]! - from[j]!;
      rowChange += difference * difference;
      rowSize += from[j]! * from[j]!;
      largestChange = Math.max(largestChange, Math.abs(difference));
      largestEntry = Math.max(largestEntry, Math.abs(from[j]!));
    }
    change += rowChange;
    size += rowSize;
    tokenChanges[i] = Math.sqrt(rowChange);
    perToken[i] = Math.sqrt(rowChange) / Math.max(Math.sqrt(rowSize), SMALLEST_SIZE);
  }
  const sizes = {
    change: Math.sqrt(change),
    size: Math.sqrt(size),
    largestChange,
    largestEntry,
    tokenChanges,
    perToken,
  };
  return {
    absolute: totals.frobenius.absolute(sizes, 1),
    relative: totals.frobenius.relative(sizes, 1),
    perToken,
    ofTokens: mode === "relative" ? perToken : tokenChanges,
    total: totals[norm][mode](sizes, share),
  };
}

/** What a share of the values is at most; NaN when any is NaN. */
function smallest(values: Float64Array, share: number): number {
  if (values.some(Number.isNaN)) return NaN;
  return values.toSorted()[tokensToExit(share, values.length) - 1] ?? 0;
}
