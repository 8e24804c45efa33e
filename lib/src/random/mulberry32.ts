/** Mulberry32: a seeded generator of uniform numbers with 32 bits of state (Tommy Ettinger 2017, public domain). */

/** A source of numbers in [0, 1). */
export type Uniform = () => number;

/** @param seed a whole number; only its lowest 32 bits count */
export function mulberry32(seed: number): Uniform {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
