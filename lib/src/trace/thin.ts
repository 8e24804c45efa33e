/** Which frames to keep when not all fit: denser early, where a solve moves most, and never without the ends. */

/**
 * Choose `count` of `total` positions: half of them spaced geometrically, half evenly.
 *
 * @param always positions to keep first; then the last position, then the first, as far as `count` allows
 * @returns ascending positions in 0…total − 1; all of them when `count` is `total` or more
 */
export function thinIterations(total: number, count: number, always: readonly number[] = []): number[] {
  if (count >= total) return Array.from({ length: total }, (_, position) => position);
  const kept = new Set<number>();
  const keep = (position: number) => kept.size < count && kept.add(position);
  [...always, total - 1, 0].forEach(keep);
  geometric(total, Math.floor(count / 2)).forEach(keep);
  for (let asked = Math.max(2, count - kept.size); kept.size < count; asked++) {
    even(total, asked).forEach(keep);
  }
  return [...kept].sort((a, b) => a - b);
}

const even = (total: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round((i / (count - 1)) * (total - 1)));

function geometric(total: number, count: number): number[] {
  const positions: number[] = [];
  for (let i = 0; i < count; i++) {
    const position = Math.round(total ** (i / count) - 1);
    positions.push(Math.max((positions.at(-1) ?? -1) + 1, position));
  }
  return positions;
}
