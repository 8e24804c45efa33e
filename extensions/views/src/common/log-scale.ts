/** The scale of a residual curve: logarithmic, with a place for what a logarithm does not have. */

export interface LogDomain {
  /** Powers of ten around every finite positive value. */
  readonly domain: readonly [low: number, high: number];
  /** Powers of ten to label, at most about four. */
  readonly ticks: readonly number[];
}

/** A power of ten without the rounding of `10 ** -3`. */
export const tenTo = (exponent: number): number => Number(`1e${exponent}`);

/** Spread at most this many decades below the largest value; what is smaller sits on the floor. */
const MAX_DECADES = 24;

/**
 * @param values any numbers; zero, negative and non-finite ones do not count
 * @param tolerance drawn as a line, so it must lie inside
 */
export function logDomain(values: ArrayLike<number>, tolerance?: number): LogDomain {
  let [low, high] = [Infinity, -Infinity];
  const take = (value: number | undefined) => {
    if (value === undefined || !(value > 0 && value < Infinity)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (let i = 0; i < values.length; i++) take(values[i]);
  take(tolerance);
  if (low > high) return { domain: [0.1, 1], ticks: [0.1, 1] };
  const top = Math.min(308, Math.ceil(Math.log10(high) - 1e-9));
  // A hundredth of a decade of grace: 9.9e-6 does not open a decade of its own below 1e-5.
  let bottom = Math.max(-307, Math.floor(Math.log10(low) + 1e-2), top - MAX_DECADES);
  if (bottom === top) bottom--;
  const stride = Math.max(1, Math.ceil((top - bottom) / 4));
  const ticks: number[] = [];
  for (let exponent = top; exponent >= bottom; exponent -= stride) ticks.push(tenTo(exponent));
  const floor = tenTo(bottom);
  return { domain: [low < floor && low > 0.9 * floor ? low : floor, tenTo(top)], ticks: ticks.reverse() };
}

/** How a residual is drawn: on the curve, as a zero on the floor, or as missing. */
export type ResidualKind = "value" | "zero" | "missing";

export function residualKind(value: number): ResidualKind {
  if (value === 0) return "zero";
  return value > 0 && value < Infinity ? "value" : "missing";
}
