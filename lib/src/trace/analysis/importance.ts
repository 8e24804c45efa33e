/** How much a node matters to the output: |v · v̄|, the change of the output for a relative change of the node. */
import type { TapeTrace } from "../tape.js";

/** [N] |value · adjoint|; 0 where that is not finite. */
export function importanceOf({ nodes }: TapeTrace): Float64Array {
  return Float64Array.from(nodes.value, (value, n) => {
    const product = Math.abs(value * nodes.adjoint[n]!);
    return Number.isFinite(product) ? product : 0;
  });
}

/** An expression of the source, with the nodes that it made. */
export interface Expression {
  readonly source: number;
  /** Offsets in the source's text. */
  readonly start: number;
  readonly end: number;
  /** Ascending. */
  readonly nodes: readonly number[];
  /** Σ|v · v̄| over its nodes, relative to the largest of all expressions: 0 … 1. */
  readonly share: number;
}

/** One for each place in the sources that has nodes, in the order of the text; an expression before those inside it. */
export function expressionsOf(trace: TapeTrace, importance = importanceOf(trace)): readonly Expression[] {
  const { span } = trace.nodes;
  const found = new Map<
    string,
    { source: number; start: number; end: number; nodes: number[]; sum: number }
  >();
  for (let n = 0; n < importance.length; n++) {
    const [source, start, end] = [span[5 * n]!, span[5 * n + 1]!, span[5 * n + 2]!];
    if (source < 0) continue;
    const key = `${source} ${start} ${end}`;
    let expression = found.get(key);
    if (!expression) found.set(key, (expression = { source, start, end, nodes: [], sum: 0 }));
    expression.nodes.push(n);
    expression.sum += importance[n]!;
  }
  const largest = [...found.values()].reduce((most, { sum }) => Math.max(most, sum), 0) || 1;
  return [...found.values()]
    .sort((a, b) => a.source - b.source || a.start - b.start || b.end - a.end)
    .map(({ sum, ...expression }) => ({ ...expression, share: sum / largest }));
}
