/** From numbers to pixels: one pixel a cell, blended between two stored frames. */

export interface Raster {
  readonly from: Float32Array;
  /** What to blend towards, with `blend` from 0 to 1; `from` itself when at rest. */
  readonly to: Float32Array;
  readonly blend: number;
  /** The value that gets the last colour; 0 gets the first. */
  readonly max: number;
  readonly table: Uint32Array;
  /** The packed colour under cells that are not finite. */
  readonly bad: number;
}

/**
 * Colour every cell.
 * @param pixels one per cell
 * @returns how many cells of `from` are not finite; they get the colour `bad`
 */
export function rasterise(pixels: Uint32Array, { from, to, blend, max, table, bad }: Raster): number {
  const last = table.length - 1;
  const scale = last / max;
  const still = blend === 0 || from === to;
  let badCells = 0;
  for (let i = 0; i < pixels.length; i++) {
    let value = from[i]!;
    // x − x is 0 for every finite number and NaN for the others.
    if (value - value !== 0) {
      badCells++;
      pixels[i] = bad;
      continue;
    }
    if (!still) {
      const change = (to[i]! - value) * blend;
      if (change - change === 0) value += change;
    }
    const index = value * scale + 0.5;
    pixels[i] = table[index <= 0 ? 0 : index >= last ? last : index | 0]!;
  }
  return badCells;
}

/** Opaque where a cell is not finite, transparent elsewhere: a stencil for the hatching. */
export function stencil(pixels: Uint32Array, values: Float32Array): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] = Number.isFinite(values[i]!) ? 0 : 0xff000000;
}
