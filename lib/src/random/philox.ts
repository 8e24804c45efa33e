/** Streams of random numbers that can be entered anywhere: number i of a stream depends on nothing before it. */
import { checkCount } from "../options.js";
import { philox4x32 } from "./philox4x32.js";

type Pair = readonly [low: number, high: number];

/** Counters with this bit in their second word make the keys of split streams, and never numbers. */
const SPLIT = 0x80000000;
const UNIT = 2 ** -32;
const MOST = Number.MAX_SAFE_INTEGER;

const words = (whole: number): Pair => [whole >>> 0, Math.floor(whole * UNIT)];

/**
 * One stream. It is at a position, which counts the words of 32 bits that were taken; the functions that draw move it on.
 * Two streams that differ in seed, stream number or path of splits are independent.
 */
export class Philox {
  readonly #key: Pair;
  readonly #stream: Pair;
  #position: number;

  /** @internal `philox(seed, stream)` makes one */
  constructor(key: Pair, stream: Pair, position: number) {
    this.#key = key;
    this.#stream = stream;
    this.#position = position;
  }

  /** How many words were taken, or skipped. */
  get position(): number {
    return this.#position;
  }

  /**
   * n numbers in [0, 1), multiples of 2⁻³²; they take n words.
   * @returns [n]
   */
  uniforms(n: number): Float64Array {
    return Float64Array.from(this.#take(n), (word) => word * UNIT);
  }

  /**
   * n numbers from N(0, 1), at most 6.7 from 0, by Box and Muller (1958): two from each two words. They take n words, or
   * n + 1 where n is odd.
   * @returns [n]
   */
  normals(n: number): Float64Array {
    checkCount(n, "n", 0, MOST);
    const taken = this.#take(n + (n % 2));
    const made = new Float64Array(n);
    for (let i = 0; i < n; i += 2) {
      // In (0, 1], so that its logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log((taken[i]! + 1) * UNIT));
      const angle = 2 * Math.PI * UNIT * taken[i + 1]!;
      made[i] = radius * Math.cos(angle);
      if (i + 1 < n) made[i + 1] = radius * Math.sin(angle);
    }
    return made;
  }

  /** Move on by n words, in no time. */
  skip(n: number): this {
    this.#position += checkCount(n, "n", 0, MOST - this.#position);
    return this;
  }

  /** The same stream at any position, for another worker; this one stays where it is. */
  at(position: number): Philox {
    return new Philox(this.#key, this.#stream, checkCount(position, "position", 0, MOST));
  }

  /**
   * Independent stream number i of this one, at its beginning. It depends on i and on what this stream is, not on where it is;
   * so a part of a program can be given a stream, and split it again, without touching the others'.
   */
  split(i: number): Philox {
    const [low, high] = words(checkCount(i, "i", 0, MOST));
    const block = new Uint32Array(4);
    philox4x32([low, (high | SPLIT) >>> 0, ...this.#stream], this.#key, block);
    return new Philox([block[0]!, block[1]!], [block[2]!, block[3]!], 0);
  }

  #take(n: number): Uint32Array {
    checkCount(n, "n", 0, MOST - this.#position);
    const first = Math.floor(this.#position / 4);
    const offset = this.#position - 4 * first;
    const blocks = Math.ceil((offset + n) / 4);
    const taken = new Uint32Array(4 * blocks);
    for (let i = 0; i < blocks; i++) {
      philox4x32([...words(first + i), ...this.#stream], this.#key, taken, 4 * i);
    }
    this.#position += n;
    return taken.subarray(offset, offset + n);
  }
}

/**
 * A stream of random numbers, the same on every machine.
 *
 * @param seed a whole number from 0 to 2⁵³ − 1
 * @param stream which of the streams of this seed; from 0 to 2⁵³ − 1
 * @throws OptionError for any other number
 * @see Salmon, Moraes, Dror, Shaw (2011), Philox4x32-10
 */
export function philox(seed: number, stream = 0): Philox {
  return new Philox(
    words(checkCount(seed, "seed", 0, MOST)),
    words(checkCount(stream, "stream", 0, MOST)),
    0,
  );
}
