/** The error of a word without a vector. */

/** Some words are not in the vocabulary; the message names them and the nearest spellings that are. */
export class UnknownWordError extends Error {
  override readonly name = "UnknownWordError";
  /** The unknown words, in the order of the sentence. */
  readonly words: readonly string[];

  constructor(message: string, words: readonly string[]) {
    super(message);
    this.words = words;
  }
}
