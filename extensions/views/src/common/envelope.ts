/** A long curve as at most five points a pixel: first, lowest, highest, last and a gap, so that no peak is lost. */

/**
 * @param values one per step; one that cannot be drawn is NaN, and leaves a gap
 * @param columns pixels that the curve may cover
 * @returns indices into `values`, ascending; all of them when there are few
 */
export function envelope(values: ArrayLike<number>, columns: number): number[] {
  const n = values.length;
  if (n <= 4 * columns) return Array.from({ length: n }, (_, i) => i);
  const kept = new Set<number>();
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * n) / columns);
    const end = Math.floor(((column + 1) * n) / columns);
    let [low, high, gap] = [start, start, start];
    for (let i = start; i < end; i++) {
      if (Number.isNaN(values[i]!)) gap = i;
      if (values[i]! < values[low]! || Number.isNaN(values[low]!)) low = i;
      if (values[i]! > values[high]! || Number.isNaN(values[high]!)) high = i;
    }
    for (const i of [start, low, high, gap, end - 1]) kept.add(i);
  }
  return [...kept].sort((a, b) => a - b);
}
