/** Numbers in few digits, for axes and sentences. */

/** A number in at most three digits: 0.31, 8.1e-6, 1e-5. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞");
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e4))
    return value.toExponential(1).replace(".0e", "e").replace("e+", "e");
  return String(Number(value.toPrecision(3)));
}
