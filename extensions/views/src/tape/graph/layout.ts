/** Where the items stand: in layers by how far they are from the inputs, and in each so that edges are short. */

export interface Places {
  /** [count] how far down, 0 at the top. */
  readonly layer: Float32Array;
  /** [count] how far to the right, in places, about 0. */
  readonly place: Float32Array;
}

/**
 * Longest-path layers, the order in them by barycentres, each drawn to its neighbours (Sugiyama et al. 1981).
 * An edge whose `from` is not before its `to` (what a loop hands on) does not count.
 *
 * It runs in a worker, to which its own text is sent: it uses nothing from outside itself.
 */
export function layOut(count: number, from: Int32Array, to: Int32Array): Places {
  const SWEEPS = 4;
  const forward: number[] = [];
  for (let e = 0; e < from.length; e++) if (from[e]! < to[e]!) forward.push(e);

  /** Neighbours in compressed rows. */
  function adjacency(of: Int32Array, other: Int32Array): { offsets: Int32Array; list: Int32Array } {
    const offsets = new Int32Array(count + 1);
    for (const e of forward) offsets[of[e]! + 1]!++;
    for (let i = 0; i < count; i++) offsets[i + 1]! += offsets[i]!;
    const next = offsets.slice();
    const list = new Int32Array(forward.length);
    for (const e of forward) list[next[of[e]!]!++] = other[e]!;
    return { offsets, list };
  }
  const before = adjacency(to, from);
  const after = adjacency(from, to);

  const layer = new Int32Array(count);
  let depth = 0;
  for (let i = 0; i < count; i++) {
    for (let k = before.offsets[i]!; k < before.offsets[i + 1]!; k++)
      layer[i] = Math.max(layer[i]!, layer[before.list[k]!]! + 1);
    depth = Math.max(depth, layer[i]!);
  }
  const layers: number[][] = Array.from({ length: depth + 1 }, () => []);
  for (let i = 0; i < count; i++) layers[layer[i]!]!.push(i);

  const place = new Float32Array(count);
  const rank = () => {
    for (const row of layers) row.forEach((item, at) => (place[item] = at - (row.length - 1) / 2));
  };
  const wish = new Float32Array(count);
  function meanOf({ offsets, list }: { offsets: Int32Array; list: Int32Array }, i: number): number {
    const [start, end] = [offsets[i]!, offsets[i + 1]!];
    if (start === end) return place[i]!;
    let sum = 0;
    for (let k = start; k < end; k++) sum += place[list[k]!]!;
    return sum / (end - start);
  }
  rank();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    const side = isDown ? before : after;
    for (let k = 0; k <= depth; k++) {
      const row = layers[isDown ? k : depth - k]!;
      for (const i of row) wish[i] = meanOf(side, i);
      row.sort((a, b) => wish[a]! - wish[b]! || a - b);
      row.forEach((item, at) => (place[item] = at - (row.length - 1) / 2));
    }
  }
  // Where the neighbours are, at least one place apart, the layer as a whole not shifted by that.
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (let k = 0; k <= depth; k++) {
      const row = layers[isDown ? k : depth - k]!;
      let shift = 0;
      let least = -Infinity;
      for (const i of row) {
        wish[i] = meanOf(isDown ? before : after, i);
        const placed = Math.max(wish[i]!, least);
        shift += wish[i]! - placed;
        place[i] = placed;
        least = placed + 1;
      }
      for (const i of row) place[i]! += shift / row.length;
    }
  }
  return { layer: Float32Array.from(layer), place };
}
