/** Finding a frame by what it is of. */

/** Index of the value nearest to `wanted` in an ascending list; of two equally near, the earlier. */
export function nearest(values: ArrayLike<number>, wanted: number): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i]! - wanted) < Math.abs(values[best]! - wanted)) best = i;
  }
  return best;
}
