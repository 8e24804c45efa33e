/** Numbers as the views write them: a real minus sign, few digits, and the non-finite by name. */

const minus = (text: string): string => text.replace(/^-/, "−");

function nonFinite(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
}

/** A weight with four decimals, or in powers of ten when those would hide it. */
export function formatWeight(value: number): string {
  const named = nonFinite(value);
  if (named !== undefined) return named;
  if (value === 0) return "0";
  return minus(Math.abs(value) < 1e-3 ? value.toExponential(1) : value.toFixed(4));
}

/** A change, always with its sign; exactly no change is "0". */
export function formatChange(value: number): string {
  const text = formatWeight(value);
  return value > 0 ? `+${text}` : text;
}

/** "1 head", "4 heads". */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
