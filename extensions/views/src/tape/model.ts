/** A tape as the view plays it: one time axis, on which values come forward and adjoints come back. */
import {
  type Consumers,
  consumersOf,
  type Expression,
  expressionsOf,
  findPoison,
  importanceOf,
  type Poison,
  productsByNode,
  TapeFlag,
  type TapePathKink,
  type TapeProduct,
  type TapeTrace,
} from "cotangent/trace";
import { visibleToken } from "../common/labels.js";

/** More expressions than a reader can look at: colouring them would cost more than it tells. */
const MOST_EXPRESSIONS = 5000;

export interface TapeModel {
  readonly trace: TapeTrace;
  /** Nodes. */
  readonly N: number;
  /** N values, and where there is an output with adjoints, N adjoints. */
  readonly steps: number;
  readonly consumers: Consumers;
  /** [N] |v · v̄|, relative to the largest: 0 … 1. */
  readonly shares: Float64Array;
  readonly expressions: readonly Expression[];
  readonly poison: Poison | null;
  /** By node: what the gradients of weights are made of, at the weight and at the product. */
  readonly products: ReadonlyMap<number, readonly TapeProduct[]>;
  /** By node: how near paths come to its kink, and to the thresholds that it is compared with. At most a few of each. */
  readonly kinks: ReadonlyMap<number, readonly TapePathKink[]>;
  nodeAt(step: number): number;
  isBackward(step: number): boolean;
  /** The step at which a node's value or adjoint comes. */
  stepOf(node: number, isBackward: boolean): number;
  /** "spot", or "mul". */
  nameOf(node: number): string;
  /** "%5". */
  numberOf(node: number): string;
  /** Whether the node has no number by design: a tensor, or a call. */
  isObject(node: number): boolean;
  /** "[8 × 3]" of a tensor, "" of anything else. */
  shapeOf(node: number): string;
  /** [steps] what the strip draws: |value|, then |adjoint|; NaN where there is no number. */
  readonly sizes: Float64Array;
}

/** Comparisons of one value that are shown. */
const MOST_KINKS = 6;

function kinksByNode({ paths }: TapeTrace): Map<number, TapePathKink[]> {
  const found = new Map<number, TapePathKink[]>();
  for (const kink of paths?.kinks ?? []) {
    const own = found.get(kink.node) ?? [];
    if (own.length < MOST_KINKS) found.set(kink.node, [...own, kink]);
  }
  return found;
}

export function tapeModel(trace: TapeTrace): TapeModel {
  const { nodes, operations, inputs } = trace;
  const N = nodes.id.length;
  const steps = trace.seed < 0 ? N : 2 * N;
  const consumers = consumersOf(trace);
  const importance = importanceOf(trace);
  const largest = importance.reduce((most, each) => Math.max(most, each), 0) || 1;
  const expressions = expressionsOf(trace, importance);
  const paths = new Map(inputs.map(({ node, path }) => [node, visibleToken(path)]));
  const shapes = new Map(trace.tensors.map(({ node, shape }) => [node, `[${shape.join(" × ")}]`]));
  const isBackward = (step: number) => step >= N;
  const nodeAt = (step: number) => (isBackward(step) ? 2 * N - 1 - step : step);
  return {
    trace,
    N,
    steps,
    consumers,
    shares: importance.map((each) => each / largest),
    expressions: expressions.length > MOST_EXPRESSIONS ? [] : expressions,
    poison: findPoison(trace, consumers),
    products: productsByNode(trace),
    kinks: kinksByNode(trace),
    nodeAt,
    isBackward,
    stepOf: (node, backward) => (backward && steps > N ? 2 * N - 1 - node : node),
    nameOf: (node) => paths.get(node) ?? visibleToken(operations[nodes.operation[node]!]!),
    numberOf: (node) => `%${nodes.id[node]}`,
    isObject: (node) => (nodes.flags[node]! & (TapeFlag.tensor | TapeFlag.call)) !== 0,
    shapeOf: (node) => shapes.get(node) ?? "",
    sizes: Float64Array.from({ length: steps }, (_, step) =>
      Math.abs((isBackward(step) ? nodes.adjoint : nodes.value)[nodeAt(step)]!),
    ),
  };
}
