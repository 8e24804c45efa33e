/** Ticks of axes: round numbers, not too many. */

/** Whole numbers from 0 to `last`, about `count` of them, at steps of 1, 2 or 5 times a power of ten. */
export function wholeTicks(last: number, count: number): number[] {
  const rough = Math.max(1, last / count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}

/** Exponents from `low` to `high`, at most `count` of them, evenly spaced from the top. */
export function exponentTicks(low: number, high: number, count: number): number[] {
  const step = Math.max(1, Math.ceil((high - low + 1) / count));
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => high - i * step);
}

/** Round numbers from `low` to `high`, about `count` of them, at steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Through the decimal form, so that 3 · 0.1 is 0.3.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
