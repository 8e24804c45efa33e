/** The word vectors on disk, read once and only when they are needed; Node only. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Matrix } from "../matrix.js";

const folder = new URL("../../data/word-vectors/", import.meta.url);

/** Numbers per word. */
export const WORD_WIDTH = 100;

/** The stored integers times this are the numbers. */
const SCALE = 0.00010910367137668996;

export interface Vocabulary {
  /** Most frequent first. */
  readonly words: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** [words, 100] */
  readonly vectors: Matrix;
}

let loaded: Vocabulary | undefined;

/** The 8,000 most frequent English words and their GloVe vectors (Pennington, Socher, Manning 2014). */
export function vocabulary(): Vocabulary {
  return (loaded ??= load());
}

function load(): Vocabulary {
  const words = readFileSync(new URL("words.txt", folder), "utf8").trimEnd().split("\n");
  const planes = gunzipSync(readFileSync(new URL("vectors.i16.planes.gz", folder)));
  const count = words.length * WORD_WIDTH;
  const data = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const integer = ((planes[count + i]! << 24) >> 16) | planes[i]!;
    data[i] = integer * SCALE;
  }
  const indexOf = new Map(words.map((word, index) => [word, index]));
  return { words, indexOf, vectors: { rows: words.length, cols: WORD_WIDTH, data } };
}
