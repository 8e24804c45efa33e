/** Words: tokens, GloVe vectors, heads of meaning. Node only: the vectors are read from disk. */
export { embed, type Embedded, type EmbedOptions } from "./embed.js";
export { UnknownWordError } from "./errors.js";
export { semanticHeads, type SemanticHeads, type SemanticHeadsOptions } from "./semantic-heads.js";
export { tokenize } from "./tokenize.js";
export { type Vocabulary, vocabulary, WORD_WIDTH } from "./vocabulary.js";
