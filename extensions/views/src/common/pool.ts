/** Fewer pixels than cells: each pixel shows the strongest cell under it, so that no lone one is lost. */

/**
 * Reduce an n × n matrix to m × m by the maximum of each block; one that is not finite wins.
 * @param out [m, m]
 */
export function poolMax(values: Float32Array, n: number, m: number, out: Float32Array): void {
  out.fill(-Infinity);
  for (let row = 0; row < n; row++) {
    const start = Math.floor((row * m) / n) * m;
    for (let column = 0; column < n; column++) {
      const value = values[row * n + column]!;
      const at = start + Math.floor((column * m) / n);
      const held = out[at]!;
      // NaN, once held, fails both tests and stays.
      if (value > held || value - value !== 0) out[at] = value - value !== 0 ? NaN : value;
    }
  }
}
