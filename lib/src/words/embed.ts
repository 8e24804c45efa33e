/** From tokens to their vectors; a word without one is an error that helps, or is skipped on request. */
import { type Matrix, row, zeros } from "../matrix.js";
import { checkChoice, checkOptionNames } from "../options.js";
import { nearestWords } from "../spelling.js";
import { UnknownWordError } from "./errors.js";
import { vocabulary, WORD_WIDTH } from "./vocabulary.js";

export interface EmbedOptions {
  /** What to do with a word that has no vector: throw (the default), or leave it out. */
  readonly unknown?: "error" | "skip";
}

export interface Embedded {
  /** [N] the tokens that have a vector, in order. */
  readonly tokens: string[];
  /** [N, 100] */
  readonly vectors: Matrix;
  /** The tokens that were left out. */
  readonly unknown: string[];
}

/**
 * Look up the word vector of each token. Node only: the vectors are read from disk at the first call.
 * @throws UnknownWordError naming the words without a vector and the nearest spellings with one
 */
export function embed(tokens: readonly string[], options: EmbedOptions = {}): Embedded {
  checkOptionNames(options, ["unknown"], "embed");
  const mode = checkChoice(options.unknown ?? "error", "unknown", ["error", "skip"]);
  const { indexOf, vectors } = vocabulary();
  const known = tokens.filter((token) => indexOf.has(token));
  const unknown = tokens.filter((token) => !indexOf.has(token));
  if (unknown.length > 0 && mode === "error") throw unknownWords(unknown);
  const taken = zeros(known.length, WORD_WIDTH);
  known.forEach((token, i) => row(taken, i).set(row(vectors, indexOf.get(token)!)));
  return { tokens: known, vectors: taken, unknown };
}

function unknownWords(unknown: readonly string[]): UnknownWordError {
  const { words } = vocabulary();
  const each = [...new Set(unknown)].slice(0, 10).map((word) => {
    const nearest = nearestWords(word, words, 3).map((near) => `"${near}"`);
    const hint = nearest.length > 0 ? ` (nearest spellings: ${nearest.join(", ")})` : "";
    return `"${word}"${hint}`;
  });
  return new UnknownWordError(
    `There is no vector for ${each.join("; ")}; the ${words.length} most frequent words have one. ` +
      `Use another word, or leave it out with embed(tokens, { unknown: "skip" }).`,
    unknown,
  );
}
