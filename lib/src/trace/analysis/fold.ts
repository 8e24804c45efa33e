/** Repeated blocks of a tape: the body of a loop, which is drawn once with × N. */
import { TapeFlag, type TapeTrace } from "../tape.js";

/** `count` repetitions of `length` nodes each, from `start` on. */
export interface Block {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

/** A node is like another when the same operation at the same place in the source made it. */
function likenesses({ nodes }: TapeTrace): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(nodes.operation, (operation, n) => {
    const key = `${operation} ${nodes.span[5 * n]} ${nodes.span[5 * n + 1]} ${nodes.span[5 * n + 2]}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, known.size);
    return known.size - 1;
  });
}

/** Of one repetition; what is longer is not looked for. */
const MAX_LENGTH = 100_000;
/** A block of fewer nodes in all is quicker read than folded. */
const LEAST_NODES = 6;

/**
 * Disjoint blocks in ascending order. A repetition begins where a node's like stands `length` nodes before, and lasts as
 * long as that stays so: linear for tapes of loops.
 */
export function foldRepeats(trace: TapeTrace): readonly Block[] {
  const like = likenesses(trace);
  const N = like.length;
  const last = new Int32Array(N).fill(-1);
  const blocks: Block[] = [];
  let end = 0;
  /** The last likeness that was too short to fold: what lies inside it ends where it ended, and is not walked again. */
  let failed = { length: 0, to: 0 };
  for (let n = 0; n < N;) {
    const before = last[like[n]!]!;
    last[like[n]!] = n;
    const length = n - before;
    // The first repetition has to lie after the block before it.
    if (before < end || length > MAX_LENGTH || trace.nodes.flags[n]! & TapeFlag.input) {
      n++;
      continue;
    }
    let to = failed.length === length && n < failed.to ? failed.to : n + 1;
    while (to < N && like[to] === like[to - length]) to++;
    const count = Math.floor((to - before) / length);
    if (count < 2 || count * length < LEAST_NODES) {
      failed = { length, to };
      n++;
      continue;
    }
    blocks.push({ start: before, length, count });
    end = before + count * length;
    for (let k = n + 1; k < end; k++) last[like[k]!] = k;
    n = end;
  }
  return blocks;
}
