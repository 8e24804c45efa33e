/** Attention heads in which words of related meaning look at each other. */
import type { AttentionWeights } from "../attention/weights.js";
import { type Matrix, row, zeros } from "../matrix.js";
import { checkCount, checkFinite, checkOptionNames, checkPositive } from "../options.js";
import { principalComponents } from "./principal.js";
import { WORD_WIDTH } from "./vocabulary.js";

export interface SemanticHeadsOptions {
  /** How many heads share the components of meaning, 1 to 16; default 8. */
  readonly heads?: number;
  /** The score of a typical word with itself, at temperature 1; default 2. Higher: each word picks fewer others. */
  readonly gain?: number;
  /**
   * How far a word moves towards the words it looks at; default 0.5. Negative: it is pushed away from them, which
   * undamped iteration turns into a cycle.
   */
  readonly value?: number;
  /** How many of the strongest components are left out, because they sort words by genre; default 1. */
  readonly removed?: number;
}

/** To be spread into the options of `solveAttention`, with x = the word vectors. */
export interface SemanticHeads {
  readonly heads: number;
  readonly headNames: readonly string[];
  readonly weights: AttentionWeights;
}

/**
 * Heads made from the principal components of the word vectors, dealt out one by one, so that each head sees a
 * subspace of its own with its share of strong and weak components. W_Q = W_K is the projection onto it, scaled;
 * W_V is the projection, and W_O brings it back, times `value`. Nothing is trained and nothing is random.
 *
 * @throws UnknownOptionError, OptionError
 */
export function semanticHeads(options: SemanticHeadsOptions = {}): SemanticHeads {
  checkOptionNames(options, ["heads", "gain", "value", "removed"], "semanticHeads");
  const heads = checkCount(options.heads ?? 8, "heads", 1, 16);
  const gain = checkPositive(options.gain ?? 2, "gain");
  const value = checkFinite(options.value ?? 0.5, "value");
  const removed = checkCount(options.removed ?? 1, "removed", 0, 20);
  // The last component is the direction that all words share; it carries no meaning.
  const headWidth = Math.floor((WORD_WIDTH - 1 - removed) / heads);
  const components = principalComponents();

  const query = zeros(WORD_WIDTH, heads * headWidth);
  const into = zeros(WORD_WIDTH, heads * headWidth);
  const output = zeros(heads * headWidth, WORD_WIDTH);
  for (let h = 0; h < heads; h++) {
    const own = Array.from({ length: headWidth }, (_, k) => removed + k * heads + h);
    const typicalSize = own.reduce((sum, component) => sum + components.values[component]!, 0);
    const sharpness = Math.sqrt((gain * Math.sqrt(headWidth)) / typicalSize);
    own.forEach((component, k) => {
      const direction = row(components.vectors, component);
      const column = h * headWidth + k;
      setColumn(query, column, direction, sharpness);
      setColumn(into, column, direction, 1);
      row(output, column).set(direction.map((entry) => value * entry));
    });
  }
  return {
    heads,
    headNames: Array.from({ length: heads }, (_, h) => `sense ${h + 1}`),
    weights: { query, key: query, value: into, output },
  };
}

function setColumn(of: Matrix, column: number, direction: Float64Array, factor: number): void {
  direction.forEach((entry, i) => (of.data[i * of.cols + column] = factor * entry));
}
