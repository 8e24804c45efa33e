/** What the graph draws: a node each, but of a repeated block only one repetition, which stands for all. */
import { type Block, foldRepeats, type TapeTrace } from "cotangent/trace";

export interface Scene {
  /** Items drawn. */
  readonly count: number;
  /** [count] the first node that each item stands for. */
  readonly first: Int32Array;
  /** [count] index into `blocks`, or −1. */
  readonly block: Int32Array;
  readonly blocks: readonly Block[];
  /** [edges] items; `from` before `to`, but for those that a repetition hands on to the next. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  itemOf(node: number): number;
  /** The node that an item shows while the playhead is at a node: of the repetition that it is in, or nearest to. */
  nodeOf(item: number, playhead: number): number;
}

/** As many entries of one array are drawn as one. */
const LEAST_ENTRIES = 4;

/** Inputs that are entries of one array: "shocks[0]", "shocks[1]", … */
function inputRuns({ inputs }: TapeTrace): Block[] {
  const runs: Block[] = [];
  for (let i = 0; i < inputs.length;) {
    const { node, path } = inputs[i]!;
    const array = path.replace(/\d+/g, "");
    let end = i + 1;
    while (inputs[end]?.node === node + end - i && inputs[end]!.path.replace(/\d+/g, "") === array) end++;
    if (array !== path && end - i >= LEAST_ENTRIES) runs.push({ start: node, length: 1, count: end - i });
    i = end;
  }
  return runs;
}

/** @param isFolded whether repeated blocks are drawn once */
export function sceneOf(trace: TapeTrace, isFolded: boolean): Scene {
  const N = trace.nodes.id.length;
  const blocks = isFolded
    ? [...inputRuns(trace), ...foldRepeats(trace)].sort((a, b) => a.start - b.start)
    : [];
  const items = new Int32Array(N);
  const first: number[] = [];
  const block: number[] = [];
  let node = 0;
  const add = (ofBlock: number) => {
    first.push(node);
    block.push(ofBlock);
    items[node++] = first.length - 1;
  };
  blocks.forEach(({ start, length, count }, b) => {
    while (node < start) add(-1);
    const base = first.length;
    for (let i = 0; i < length; i++) add(b);
    for (const end = start + count * length; node < end; node++)
      items[node] = base + ((node - start) % length);
  });
  while (node < N) add(-1);

  const count = first.length;
  const [from, to]: [number[], number[]] = [[], []];
  const seen = new Set<number>();
  const { offsets, from: inputs } = trace.edges;
  for (let n = 0; n < N; n++)
    for (let edge = offsets[n]!; edge < offsets[n + 1]!; edge++) {
      if (inputs[edge]! < 0) continue;
      const [a, b] = [items[inputs[edge]!]!, items[n]!];
      const key = a * count + b;
      if (seen.has(key)) continue;
      seen.add(key);
      from.push(a);
      to.push(b);
    }
  return {
    count,
    first: Int32Array.from(first),
    block: Int32Array.from(block),
    blocks,
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    itemOf: (of) => items[of]!,
    nodeOf(item, playhead) {
      const of = blocks[block[item]!];
      if (!of) return first[item]!;
      const repetition = Math.floor((playhead - of.start) / of.length);
      return first[item]! + Math.min(Math.max(repetition, 0), of.count - 1) * of.length;
    },
  };
}
