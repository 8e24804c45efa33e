/** A vector for each word. */
import { checkCount } from "../options.js";
import { gather } from "../tensor/functions/indexing.js";
import type { Tensor } from "../tensor/tensor.js";
import { normal } from "./initialisers.js";
import type { Layer } from "./layer.js";

export interface EmbeddingParams {
  /** [words, width] */
  readonly table: Tensor;
}

/** int32 [...] → [..., width] */
export function embedding(words: number, width: number): Layer<EmbeddingParams> {
  checkCount(words, "words", 1, 2 ** 24);
  checkCount(width, "width", 1, 2 ** 24);
  return {
    init: (stream, how) => ({ table: normal(0.02)(stream.split(0), [words, width], how) }),
    apply: ({ table }, index) => gather(table, index),
  };
}
