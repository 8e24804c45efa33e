/** The strongest links of a matrix, for those who read rather than look. */

export interface Link {
  readonly query: number;
  readonly key: number;
  readonly weight: number;
}

/** Each query's strongest key; queries without a finite weight are left out. */
export function strongestPerQuery(weights: Float32Array, tokens: number): Link[] {
  const links: Link[] = [];
  for (let query = 0; query < tokens; query++) {
    let best: Link | undefined;
    for (let key = 0; key < tokens; key++) {
      const weight = weights[query * tokens + key]!;
      if (Number.isFinite(weight) && !(best && weight <= best.weight)) best = { query, key, weight };
    }
    if (best) links.push(best);
  }
  return links;
}

/** The `n` strongest links of all, from different queries. */
export const strongest = (weights: Float32Array, tokens: number, n: number): Link[] =>
  strongestPerQuery(weights, tokens)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, n);
