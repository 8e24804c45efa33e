/** Philox4x32-10: a block of four random words as a pure function of a counter and a key. */

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;

/**
 * The high 32 bits of the 64-bit product of two unsigned words. JavaScript has no such operation: Math.imul gives the low half,
 * and a plain product is rounded to 53 bits. So it goes by halves of 16 bits; the sums in the middle can pass 2³², hence the
 * division and not a shift.
 */
function productHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const low = Math.imul(aLow, bLow) >>> 0;
  const first = (Math.imul(aHigh, bLow) >>> 0) + (low >>> 16);
  const second = (first & 0xffff) + (Math.imul(aLow, bHigh) >>> 0);
  return (Math.imul(aHigh, bHigh) + ((first / 65536) | 0) + ((second / 65536) | 0)) >>> 0;
}

/**
 * @param out takes the four words of the block (c0, c1, c2, c3; k0, k1), at `at`
 * @see Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3"
 */
export function philox4x32(
  [c0, c1, c2, c3]: readonly [number, number, number, number],
  [k0, k1]: readonly [number, number],
  out: Uint32Array,
  at = 0,
): void {
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = productHigh(MULTIPLIERS[0], c0 >>> 0);
    const low0 = Math.imul(MULTIPLIERS[0], c0);
    const high1 = productHigh(MULTIPLIERS[1], c2 >>> 0);
    const low1 = Math.imul(MULTIPLIERS[1], c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + KEY_STEPS[0]) | 0;
    k1 = (k1 + KEY_STEPS[1]) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}
