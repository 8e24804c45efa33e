/** A tape as a trace: what a view, a file, or another program needs of it, without the library. */
import type { Leaf } from "../ad/recorded.js";
import { kinkMargin } from "../rules/generated/kinks.js";
import { opNames, SCALAR_OPS } from "../rules/generated/opcodes.js";
import { partials } from "../rules/generated/partials.js";
import { scalarRules, type ScalarRule } from "../rules/scalar-rules.js";
import { type Source, sourceOf, spanOf } from "../runtime/sources.js";
import { PRODUCER } from "../version.js";
import {
  MAX_SOURCE_LENGTH,
  MAX_SOURCES,
  TAPE_VERSION,
  TapeFlag,
  type TapeGuard,
  type TapePort,
  type TapeTensorNode,
  type TapeTrace,
} from "../trace/index.js";
import { bytesOf, tensorOf } from "./bytes.js";
import { guardText } from "./print.js";
import { CALL, INPUT, PART, STATEMENT } from "./kinds.js";
import { opOf } from "./node.js";
import type { Tape } from "./tape.js";

/** A margin that a difference may cross, relative to 1 + |a|. */
const NEAR = 1e-6;

export interface Ports {
  readonly inputs: readonly TapePort[];
  readonly outputs: readonly TapePort[];
  readonly seed: number;
}

/** Names and texts of the sources that nodes come from, numbered as they are met. */
class Sources {
  readonly list: { readonly name: string; readonly text: string }[] = [];
  readonly #known = new Map<Source, number>();

  at(site: number): number {
    const source = sourceOf(site);
    if (source === null) return -1;
    const known = this.#known.get(source);
    if (known !== undefined) return known;
    if (this.list.length === MAX_SOURCES) return -1;
    const name = source.name.replace(/^cotangent-cell:/, "Cell ");
    const index =
      this.list.push({ name, text: source.source.length > MAX_SOURCE_LENGTH ? "" : source.source }) - 1;
    this.#known.set(source, index);
    return index;
  }
}

/** [op, first operand, second operand] of a scalar operation. */
function operandsOf({ left, right, passive, values }: Tape, id: number): readonly [number, number] {
  const of = (node: number) => (node < 0 ? passive[id]! : values[node]!);
  return [of(left[id]!), of(right[id]!)];
}

export function flagsOf(tape: Tape, id: number): number {
  const op = tape.ops[id]!;
  let flags = op === INPUT ? TapeFlag.input : op === CALL ? TapeFlag.call : op === PART ? TapeFlag.part : 0;
  if (tensorOf(tape, id)) flags |= TapeFlag.tensor;
  if (op >= SCALAR_OPS) return flags;
  const rule: ScalarRule = scalarRules[opNames[op]!];
  if (rule.kink !== undefined) {
    flags |= TapeFlag.kink;
    const [a, b] = operandsOf(tape, id);
    if (Math.abs(kinkMargin(op, a, b, tape.values[id]!)) < NEAR * (1 + Math.abs(a)))
      flags |= TapeFlag.nearKink;
  }
  if (rule.partials.every((partial) => partial === "0")) flags |= TapeFlag.step;
  return flags;
}

/** The inputs of a node, with ∂node/∂input. */
function edgesOf(tape: Tape, id: number, local: Float64Array): (readonly [from: number, partial: number])[] {
  const op = tape.ops[id]!;
  if (op === STATEMENT) {
    const places = Array.from({ length: tape.right[id]! - tape.left[id]! }, (_, i) => tape.left[id]! + i);
    return places.map((k) => [tape.args[k]!, tape.weights[k]!] as const);
  }
  if (op === CALL)
    return tape.calls
      .get(id)!
      .inputs.filter((node) => node >= 0)
      .map((node) => [node, NaN] as const);
  if (op === PART) return [[tape.left[id]!, NaN]];
  if (op >= SCALAR_OPS) return [];
  const [a, b] = operandsOf(tape, id);
  partials(op, a, b, tape.values[id]!, local);
  const nodes = [tape.left[id]!, tape.right[id]!];
  return nodes.flatMap((node, i) => (node < 0 ? [] : [[node, local[i]!] as const]));
}

/**
 * @param adjointOf the adjoint of a node; undefined where it was not reached
 * @param title what was recorded
 */
export function tapeToTrace(
  tape: Tape,
  ports: Ports,
  adjointOf: (node: number) => Leaf | undefined,
  title: string,
): TapeTrace {
  const N = tape.length;
  const sources = new Sources();
  const operations = new Map<string, number>();
  const operation = new Int32Array(N);
  const span = new Int32Array(5 * N).fill(-1);
  const offsets = new Int32Array(N + 1);
  const [from, partial]: [number[], number[]] = [[], []];
  const tensors: TapeTensorNode[] = [];
  const flags = new Int32Array(N);
  const local = new Float64Array(2);
  for (let id = 0; id < N; id++) {
    const name = opOf(tape, id);
    if (!operations.has(name)) operations.set(name, operations.size);
    operation[id] = operations.get(name)!;
    flags[id] = flagsOf(tape, id);
    const where = spanOf(tape.sites[id]!);
    const source = where ? sources.at(tape.sites[id]!) : -1;
    if (where && source >= 0) span.set([source, where.start, where.end, where.line, where.column], 5 * id);
    for (const [input, slope] of edgesOf(tape, id, local)) {
      from.push(input);
      partial.push(slope);
    }
    offsets[id + 1] = from.length;
    const tensor = tensorOf(tape, id);
    if (tensor) tensors.push({ node: id, dtype: tensor.dtype, shape: [...tensor.shape] });
  }
  for (const id of tape.ownStops ?? []) flags[id]! |= TapeFlag.stopped;
  for (const { node } of ports.outputs) flags[node]! |= TapeFlag.output;
  const numberOf = (leaf: Leaf | undefined): number =>
    leaf === undefined ? 0 : typeof leaf === "number" ? leaf : NaN;
  const isNumber = (id: number) => (flags[id]! & (TapeFlag.call | TapeFlag.tensor)) === 0;
  return {
    kind: "tape",
    version: TAPE_VERSION,
    producer: PRODUCER,
    title,
    sources: sources.list,
    operations: [...operations.keys()],
    nodes: {
      id: Int32Array.from({ length: N }, (_, id) => id),
      operation,
      value: tape.values.slice(0, N),
      adjoint: Float64Array.from({ length: N }, (_, id) => (isNumber(id) ? numberOf(adjointOf(id)) : NaN)),
      flags,
      bytes: Float64Array.from({ length: N }, (_, id) => bytesOf(tape, id)),
      span,
    },
    edges: { offsets, from: Int32Array.from(from), partial: Float64Array.from(partial) },
    ...ports,
    tensors,
    guards: tape.guards.map((guard): TapeGuard => {
      const where = spanOf(guard.site);
      const source = where ? sources.at(guard.site) : -1;
      return {
        text: guardText(guard),
        outcome: guard.outcome,
        position: guard.position,
        source,
        line: where?.line ?? 0,
      };
    }),
    findings: [],
    products: [],
    paths: null,
    omissions: [],
  };
}
