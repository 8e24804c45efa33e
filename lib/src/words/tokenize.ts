/** From a sentence to the tokens that the word vectors know. */

/**
 * Lower-case words; `,` `.` `?` `!` and `'s` are tokens of their own; a hyphen parts words; other punctuation is
 * dropped.
 * @example tokenize("The king's wine, please!") // ["the", "king", "'s", "wine", ",", "please", "!"]
 */
export function tokenize(sentence: string): string[] {
  return (
    sentence
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/'s\b|[\p{L}\p{N}]+|[,.?!]/gu) ?? []
  );
}
