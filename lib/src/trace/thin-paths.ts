/** Fewer paths of a tape: what is drawn from many of them is seen of a few hundred, too. */
import { base64Length } from "./base64.js";
import type { TapePaths, TapeTrace } from "./tape.js";

/** Fewer would show no distribution: nodes are left out first. */
export const LEAST_PATHS = 16;

/** The trace with some of its paths, by their places in ascending order; the one that is shown has to be among them. */
export function keepPaths(trace: TapeTrace, places: readonly number[]): TapeTrace {
  const { paths, nodes, edges } = trace;
  if (paths === null) return trace;
  const rows = (of: Float32Array, width: number) => {
    const kept = new Float32Array(places.length * width);
    places.forEach((from, to) => kept.set(of.subarray(from * width, (from + 1) * width), to * width));
    return kept;
  };
  const [N, E] = [nodes.id.length, edges.from.length];
  return {
    ...trace,
    paths: {
      ...paths,
      count: places.length,
      shown: places.indexOf(paths.shown),
      value: rows(paths.value, N),
      adjoint: rows(paths.adjoint, N),
      partial: rows(paths.partial, E),
    },
  };
}

/** Bytes of so many paths, in base64. */
export const pathsSize = ({ nodes, edges }: TapeTrace, count: number): number =>
  2 * base64Length(4 * count * nodes.id.length) + base64Length(4 * count * edges.from.length);

/**
 * Choose `count` paths, at least one: evenly spaced in the order of their results, the least and the largest among them, and the one
 * that is shown. By their numbers alone they could be all of one kind, where every other path is the antithetic one.
 * @returns ascending
 */
export function choosePaths(trace: TapeTrace & { readonly paths: TapePaths }, count: number): number[] {
  const { paths, outputs, seed, nodes } = trace;
  const output = outputs[seed]?.node ?? 0;
  const result = (path: number): number => {
    const value = paths.value[path * nodes.id.length + output]!;
    return Number.isNaN(value) ? Infinity : value;
  };
  const results = Array.from({ length: paths.count }, (_, path) => result(path));
  const order = results.map((_, path) => path).sort((a, b) => (results[a] === results[b] ? a - b : results[a]! - results[b]!)); // prettier-ignore
  const last = paths.count - 1;
  const ranks = Array.from({ length: count }, (_, i) => Math.round((i * last) / Math.max(1, count - 1)));
  const shown = order.indexOf(paths.shown);
  const nearest = ranks.reduce((best, rank, i) => (Math.abs(rank - shown) < Math.abs(ranks[best]! - shown) ? i : best), 0); // prettier-ignore
  ranks[nearest] = shown;
  return ranks.map((rank) => order[rank]!).sort((a, b) => a - b);
}
