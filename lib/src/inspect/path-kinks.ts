/** How near the paths of a simulation come to the kinks and branches of a function: where a derivative by paths misses something. */
import { kinkMargin } from "../rules/generated/kinks.js";
import { opNames, SCALAR_OPS } from "../rules/generated/opcodes.js";
import { scalarRules, type ScalarRule } from "../rules/scalar-rules.js";
import type { Comparison } from "../tape/guards.js";
import { guardText } from "../tape/print.js";
import type { Guard, Tape } from "../tape/tape.js";
import { MAX_KINKS, type Omission, type TapePathKink } from "../trace/index.js";

/** What δ may be, as a share of the spread of the margin. */
export const FRACTIONS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] as const;
/** The share by which kinks are compared when not all are kept. */
const COMPARED = FRACTIONS.indexOf(0.1);

/** The margin of a comparison: 0 where it turns; undefined for one that has no threshold. */
const margins: Readonly<Record<Comparison, ((a: number, b: number) => number) | undefined>> = {
  lt: (a, b) => a - b,
  le: (a, b) => a - b,
  gt: (a, b) => a - b,
  ge: (a, b) => a - b,
  eq: (a, b) => a - b,
  ne: (a, b) => a - b,
  truthy: (a) => a,
  isNaN: undefined,
  isFinite: undefined,
  isInteger: undefined,
};

/** A kink or a comparison of the first path, with its margin on every path that comes to it. */
interface Place {
  readonly node: number;
  readonly what: string;
  readonly isBranch: boolean;
  /** How many nodes and comparisons of a path have to be those of the first for it to come here. */
  readonly position: number;
  readonly guard: number;
  readonly margins: number[];
}

const marginAt = (tape: Tape, node: number): number => {
  const { left, right, passive, values, ops } = tape;
  const of = (operand: number) => (operand < 0 ? passive[node]! : values[operand]!);
  return kinkMargin(ops[node]!, of(left[node]!), of(right[node]!), values[node]!);
};

const marginOf = ({ kind, a, b }: Guard): number => margins[kind]!(a, b);

/** Takes note of path after path; the first tells what there is to take note of. */
export class PathKinks {
  readonly #first: Tape;
  readonly #places: readonly Place[];

  /** @param first the tape of the first path, which is kept */
  constructor(first: Tape) {
    this.#first = first;
    const kinks = Array.from({ length: first.length }, (_, node) => node).filter((node) => {
      const op = first.ops[node]!;
      return op < SCALAR_OPS && (scalarRules[opNames[op]!] as ScalarRule).kink !== undefined;
    });
    this.#places = [
      ...kinks.map((node) => ({ node, what: opNames[first.ops[node]!]!, isBranch: false, position: node + 1, guard: -1, margins: [] })),
      ...first.guards.flatMap((guard, i) =>
        margins[guard.kind] === undefined ? [] : [{ node: guard.left >= 0 ? guard.left : guard.right, what: guardText(guard), isBranch: true, position: guard.position, guard: i, margins: [] }]),
    ]; // prettier-ignore
  }

  add(tape: Tape): void {
    const { nodes, guards } = this.#alike(tape);
    for (const place of this.#places) {
      const isReached = place.position <= nodes && (!place.isBranch || place.guard < guards);
      if (!isReached) continue;
      const margin = place.isBranch ? marginOf(tape.guards[place.guard]!) : marginAt(tape, place.node);
      if (Number.isFinite(margin)) place.margins.push(margin);
    }
  }

  /** How far a path is the same as the first: up to the node after the first comparison that comes out otherwise, which it still makes. */
  #alike(tape: Tape): { nodes: number; guards: number } {
    const first = this.#first;
    let nodes = Math.min(first.length, tape.length);
    let guards = 0;
    for (; guards < Math.min(first.guards.length, tape.guards.length); guards++) {
      const [a, b] = [first.guards[guards]!, tape.guards[guards]!];
      if (a.kind !== b.kind || a.position !== b.position) {
        nodes = Math.min(nodes, a.position, b.position);
        break;
      }
      if (a.outcome !== b.outcome) {
        nodes = Math.min(nodes, a.position);
        guards++;
        break;
      }
    }
    for (let node = 0; node < nodes; node++)
      if (first.ops[node] !== tape.ops[node] || first.left[node] !== tape.left[node] || first.right[node] !== tape.right[node])
        nodes = node; // prettier-ignore
    return { nodes, guards };
  }

  /** Those that paths come nearest to, in the order of the tape. */
  get kinks(): { readonly kept: readonly TapePathKink[]; readonly omissions: readonly Omission[] } {
    const all = this.#places.map(counted).filter(({ paths }) => paths > 0);
    const share = ({ within, paths }: TapePathKink) => within[COMPARED]! / paths;
    const chosen = new Set([...all].sort((a, b) => share(b) - share(a)).slice(0, MAX_KINKS));
    const kept = all.filter((kink) => chosen.has(kink));
    const reason = `those that the largest share of the paths comes near to; a trace holds ${MAX_KINKS}`;
    return {
      kept,
      omissions: kept.length < all.length ? [{ what: "kinks and branches", kept: kept.length, of: all.length, reason }] : [], // prettier-ignore
    };
  }
}

function counted({ node, what, isBranch, margins: found }: Place): TapePathKink {
  const paths = found.length;
  const mean = found.reduce((sum, margin) => sum + margin, 0) / paths;
  const squares = found.reduce((sum, margin) => sum + (margin - mean) ** 2, 0);
  const spread = paths > 1 ? Math.sqrt(squares / (paths - 1)) : 0;
  const count = (is: (margin: number) => boolean) => found.filter(is).length;
  return {
    node,
    what,
    isBranch,
    paths,
    spread: Number.isFinite(spread) ? spread : 0,
    below: count((margin) => margin < 0),
    above: count((margin) => margin > 0),
    within: FRACTIONS.map((fraction) => count((margin) => Math.abs(margin) <= fraction * spread)),
  };
}
