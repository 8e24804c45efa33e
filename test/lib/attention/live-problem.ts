/** A small seeded problem for tests that look at more than its numbers. */
import { type AttentionWeights, matrix, philox } from "cotangent";

const drawn = (stream: ReturnType<typeof philox>, rows: number, cols: number, scale: number) =>
  matrix(Array.from({ length: rows }, () => Array.from(stream.normals(cols), (value) => value * scale)));

export function toyProblem(tokens = 5, width = 4) {
  const stream = philox(7);
  const weight = () => drawn(stream, width, width, 0.5);
  const weights: AttentionWeights = { query: weight(), key: weight(), value: weight(), output: weight() };
  return {
    tokens: Array.from({ length: tokens }, (_, i) => `t${i}`),
    x: drawn(stream, tokens, width, 1),
    weights,
    heads: 2,
  };
}
