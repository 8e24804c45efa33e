/** "Why is this adjoint X?": what it is the sum of, and the paths that carry the most of it. */
import type { TapeTrace } from "../tape.js";
import { type Consumers, consumersOf } from "./consumers.js";

/** What one use of a node adds to its adjoint. */
export interface Contribution {
  /** The node that uses it. */
  readonly node: number;
  readonly edge: number;
  /** ∂node/∂(the node asked about) */
  readonly partial: number;
  /** The adjoint of the node that uses it. */
  readonly adjoint: number;
  /** adjoint · partial */
  readonly contribution: number;
}

/** A way from the output to the node. */
export interface AdjointPath {
  /** From the output to the node asked about. */
  readonly nodes: readonly number[];
  /** The product of the local partials along it: what it adds to the adjoint. */
  readonly product: number;
}

export interface AdjointReason {
  readonly node: number;
  readonly adjoint: number;
  /** The largest first, by size; their sum is the adjoint, but for the output's own seed. */
  readonly contributions: readonly Contribution[];
  /** The largest first, by size. */
  readonly paths: readonly AdjointPath[];
  /** Σ|cᵢ| ∕ |Σcᵢ|: 1 when nothing cancels, ∞ when everything does; NaN without contributions. */
  readonly cancellation: number;
  /** The sum of the paths over the adjoint: 1 when they are the whole of it. */
  readonly share: number;
}

export interface WhyOptions {
  /** How many paths at most; 3 when not given. */
  readonly paths?: number;
  /** Those of the trace, for a caller that has them. */
  readonly consumers?: Consumers;
}

const sizeOf = (value: number): number => (Number.isNaN(value) ? Infinity : Math.abs(value));
const bySize = (a: number, b: number): number => (a === b ? 0 : b - a);

export function contributionsOf(trace: TapeTrace, node: number, consumers: Consumers): Contribution[] {
  const found: Contribution[] = [];
  for (let at = consumers.offsets[node]!; at < consumers.offsets[node + 1]!; at++) {
    const edge = consumers.edge[at]!;
    const user = consumers.node[at]!;
    const adjoint = trace.nodes.adjoint[user]!;
    const partial = trace.edges.partial[edge]!;
    // A node that was not reached adds nothing, whatever its slope; one that was may add 0 · ∞ = NaN.
    if (adjoint === 0 && (Number.isFinite(partial) || Number.isFinite(trace.nodes.adjoint[node]!))) continue;
    found.push({ node: user, edge, partial, adjoint, contribution: adjoint * partial });
  }
  // NaN has no size to compare: it goes first, so that it is seen.
  return found.sort((a, b) => bySize(sizeOf(a.contribution), sizeOf(b.contribution)));
}

/** One of the best ways from a node up to the output: the next node, and which of its own ways goes on from there. */
interface Way {
  readonly product: number;
  readonly next: number;
  readonly rank: number;
}

/**
 * The k paths with the largest products, by lists of the k best of each node, swept from the output down: every path of
 * the best k of a node goes on with one of the best k of the node after it. O(E k log k).
 */
function bestPaths(trace: TapeTrace, target: number, k: number, consumers: Consumers): AdjointPath[] {
  const output = trace.outputs[trace.seed]?.node ?? -1;
  if (output < target || k < 1) return [];
  const { partial } = trace.edges;
  const ways = new Map<number, readonly Way[]>([[output, [{ product: 1, next: -1, rank: -1 }]]]);
  const reached = new Uint8Array(output - target + 1);
  reached[0] = 1;
  // Only what lies between the node and the output can be on a path.
  for (let n = target; n <= output; n++) {
    if (!reached[n - target]) continue;
    for (let at = consumers.offsets[n]!; at < consumers.offsets[n + 1]!; at++)
      if (consumers.node[at]! <= output) reached[consumers.node[at]! - target] = 1;
  }
  for (let n = output - 1; n >= target; n--) {
    if (!reached[n - target]) continue;
    const found: Way[] = [];
    for (let at = consumers.offsets[n]!; at < consumers.offsets[n + 1]!; at++) {
      const next = consumers.node[at]!;
      const slope = partial[consumers.edge[at]!]!;
      ways.get(next)?.forEach(({ product }, rank) => found.push({ product: product * slope, next, rank }));
    }
    found.sort((a, b) => bySize(sizeOf(a.product), sizeOf(b.product)));
    const kept = found.filter(({ product }) => product !== 0).slice(0, k);
    if (kept.length > 0) ways.set(n, kept);
  }
  return (ways.get(target) ?? []).map((way) => {
    const nodes = [target];
    for (let at: Way | undefined = way; at && at.next >= 0; at = ways.get(at.next)![at.rank])
      nodes.push(at.next);
    return { nodes: nodes.reverse(), product: way.product };
  });
}

/**
 * @param node its place in the trace
 * @throws RangeError for a node that there is not
 */
export function whyAdjoint(trace: TapeTrace, node: number, options: WhyOptions = {}): AdjointReason {
  const adjoint = trace.nodes.adjoint[node];
  if (adjoint === undefined) throw new RangeError(`There is no node ${node} in this trace.`);
  const consumers = options.consumers ?? consumersOf(trace);
  const contributions = contributionsOf(trace, node, consumers);
  const paths = bestPaths(trace, node, options.paths ?? 3, consumers);
  const sum = contributions.reduce((total, { contribution }) => total + contribution, 0);
  const sizes = contributions.reduce((total, { contribution }) => total + Math.abs(contribution), 0);
  return {
    node,
    adjoint,
    contributions,
    paths,
    cancellation: sizes / Math.abs(sum),
    share: paths.reduce((total, { product }) => total + product, 0) / adjoint,
  };
}
