/** The edges of a tape the other way round: who uses a node. */
import type { TapeTrace } from "../tape.js";

/** The consumers of node n are `node[offsets[n]]` … `node[offsets[n + 1] − 1]`, through the edges of the same places. */
export interface Consumers {
  /** [N + 1] */
  readonly offsets: Int32Array;
  /** [E] the node that uses it, ascending for each node. */
  readonly node: Int32Array;
  /** [E] which edge of the trace that is. */
  readonly edge: Int32Array;
}

/** Linear in nodes and edges. Edges from nodes that were left out belong to nobody. */
export function consumersOf({ nodes, edges }: TapeTrace): Consumers {
  const N = nodes.id.length;
  const offsets = new Int32Array(N + 1);
  for (const from of edges.from) if (from >= 0) offsets[from + 1]!++;
  for (let n = 0; n < N; n++) offsets[n + 1]! += offsets[n]!;
  const next = offsets.slice();
  const node = new Int32Array(offsets[N]!);
  const edge = new Int32Array(offsets[N]!);
  for (let n = 0; n < N; n++)
    for (let e = edges.offsets[n]!; e < edges.offsets[n + 1]!; e++) {
      const from = edges.from[e]!;
      if (from < 0) continue;
      const at = next[from]!++;
      node[at] = n;
      edge[at] = e;
    }
  return { offsets, node, edge };
}
