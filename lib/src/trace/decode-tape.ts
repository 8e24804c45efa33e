/** Reading a tape trace that may come from anyone: every field is checked before it is believed. */
import { ArrayReader, type BinaryBuffer } from "./arrays.js";
import { readOmission } from "./decode.js";
import { readPaths } from "./decode-paths.js";
import { readProducts } from "./decode-products.js";
import { MalformedTraceError } from "./errors.js";
import { atMost, field, flag, list, malformed, oneOf, record, text, whole } from "./fields.js";
import {
  MAX_AXES, MAX_EDGES, MAX_FINDINGS, MAX_GUARDS, MAX_LABEL_LENGTH, MAX_NODES, MAX_OMISSIONS, MAX_OPERATIONS, MAX_PORTS, MAX_SOURCE_LENGTH,
  MAX_SOURCES, MAX_TENSORS, MAX_TEXT_LENGTH,
} from "./limits.js"; // prettier-ignore
import type { TapeEdges, TapeFinding, TapeGuard, TapeNodes, TapePort, TapeSource, TapeTensorNode, TapeTrace } from "./tape.js"; // prettier-ignore
import { checkVersion } from "./version.js";

/**
 * Decode and check a trace. Fields that this version does not know are ignored.
 * @param data JSON as written by `encodeTapeTrace`
 * @param buffers the binary buffers that came with it, if any; the arrays of the result may share their memory
 * @throws MalformedTraceError naming the field that is missing, of the wrong type, or contradicts another one
 * @throws TraceTooLargeError when it claims more than `limits.ts` accepts; nothing has been allocated then
 * @throws NewerTraceError when its major version is above 1
 */
export function decodeTapeTrace(data: unknown, buffers: readonly BinaryBuffer[] = []): TapeTrace {
  const trace = record(data, "the trace");
  oneOf(field(trace, "kind"), "kind", ["tape"]);
  const version = checkVersion(field(trace, "version"));
  const sources = list(field(trace, "sources"), "sources", 0, MAX_SOURCES).map(readSource);
  const operations = list(field(trace, "operations"), "operations", 0, MAX_OPERATIONS).map((name, i) =>
    text(name, `operations[${i}]`, MAX_LABEL_LENGTH),
  );
  const arrays = new ArrayReader(buffers);
  const nodes = readNodes(field(trace, "nodes"), arrays, operations.length, sources);
  const N = nodes.id.length;
  const outputs = readPorts(field(trace, "outputs"), "outputs", N);
  const seed = field(trace, "seed");
  if (!Number.isSafeInteger(seed) || (seed as number) < -1 || (seed as number) >= outputs.length)
    throw malformed("seed", `−1 or the number of one of the ${outputs.length} outputs`, seed);
  const edges = readEdges(field(trace, "edges"), arrays, N);
  return {
    kind: "tape",
    version,
    producer: text(field(trace, "producer"), "producer", MAX_TEXT_LENGTH),
    title: text(field(trace, "title"), "title", MAX_LABEL_LENGTH),
    sources,
    operations,
    nodes,
    edges,
    inputs: readPorts(field(trace, "inputs"), "inputs", N),
    outputs,
    seed: seed as number,
    tensors: list(field(trace, "tensors"), "tensors", 0, MAX_TENSORS).map((tensor, i) => readTensor(tensor, i, N)),
    guards: list(field(trace, "guards"), "guards", 0, MAX_GUARDS).map((guard, i) => readGuard(guard, i, N, sources.length)),
    findings: list(trace["findings"] ?? [], "findings", 0, MAX_FINDINGS).map((finding, i) => readFinding(finding, i, N)),
    products: readProducts(trace["products"], arrays, N),
    paths: trace["paths"] === undefined ? null : readPaths(trace["paths"], arrays, N, edges.from.length),
    omissions: list(field(trace, "omissions"), "omissions", 0, MAX_OMISSIONS).map(readOmission),
  }; // prettier-ignore
}

function readSource(value: unknown, index: number): TapeSource {
  const path = `sources[${index}]`;
  const source = record(value, path);
  return {
    name: text(field(source, "name"), `${path}.name`, MAX_TEXT_LENGTH),
    text: text(field(source, "text"), `${path}.text`, MAX_SOURCE_LENGTH),
  };
}

/** The first extent of an array's shape, before anything is allocated. */
function extentOf(value: unknown, path: string, what: string, most: number): number {
  const shape = list(field(record(value, path), "shape"), `${path}.shape`, 1, 2);
  const extent = whole(shape[0], `${path}.shape`, 0);
  atMost(extent, path, what, most);
  return extent;
}

function within(values: Int32Array, path: string, least: number, below: number): void {
  for (let i = 0; i < values.length; i++)
    if (values[i]! < least || values[i]! >= below)
      throw new MalformedTraceError(`${path}[${i}] is ${values[i]}; the entries should lie within ${least} and ${below - 1}.`); // prettier-ignore
}

function readNodes(
  value: unknown,
  arrays: ArrayReader,
  operations: number,
  sources: readonly TapeSource[],
): TapeNodes {
  const nodes = record(value, "nodes");
  const N = extentOf(field(nodes, "id"), "nodes.id", "nodes", MAX_NODES);
  const ints = (name: string) => arrays.read(field(nodes, name), `nodes.${name}`, "int32", [N]);
  const floats = (name: string) => arrays.read(field(nodes, name), `nodes.${name}`, "float64", [N]);
  const id = ints("id");
  for (let i = 1; i < N; i++)
    if (id[i]! <= id[i - 1]!)
      throw new MalformedTraceError(`nodes.id[${i}] is ${id[i]}; the entries should ascend.`);
  const operation = ints("operation");
  within(operation, "nodes.operation", 0, operations);
  const span = arrays.read(field(nodes, "span"), "nodes.span", "int32", [N, 5]);
  checkSpans(span, sources);
  return {
    id,
    operation,
    value: floats("value"),
    adjoint: floats("adjoint"),
    flags: ints("flags"),
    bytes: floats("bytes"),
    span,
  };
}

/** A span lies in its source, where that has its text. */
function checkSpans(span: Int32Array, sources: readonly TapeSource[]): void {
  for (let i = 0; i < span.length; i += 5) {
    const [source, start, end] = [span[i]!, span[i + 1]!, span[i + 2]!];
    if (source === -1) continue;
    const length = sources[source]?.text.length;
    if (length === undefined)
      throw new MalformedTraceError(
        `nodes.span[${i / 5}] is in source ${source}, but there are ${sources.length}.`,
      );
    if (start < 0 || end < start || (length > 0 && end > length))
      throw new MalformedTraceError(
        `nodes.span[${i / 5}] runs from ${start} to ${end} in a source of ${length} characters.`,
      );
  }
}

function readEdges(value: unknown, arrays: ArrayReader, N: number): TapeEdges {
  const edges = record(value, "edges");
  const E = extentOf(field(edges, "from"), "edges.from", "edges", MAX_EDGES);
  const offsets = arrays.read(field(edges, "offsets"), "edges.offsets", "int32", [N + 1]);
  const from = arrays.read(field(edges, "from"), "edges.from", "int32", [E]);
  if (offsets[0] !== 0 || offsets[N] !== E)
    throw new MalformedTraceError(
      `edges.offsets should run from 0 to ${E}; it runs from ${offsets[0]} to ${offsets[N]}.`,
    );
  for (let node = 0; node < N; node++) {
    const [start, end] = [offsets[node]!, offsets[node + 1]!];
    // Within 0 and E because the ends are.
    if (end < start || end > E)
      throw new MalformedTraceError(
        `edges.offsets[${node + 1}] is ${end}; the entries should not fall, nor pass ${E}.`,
      );
    for (let edge = start; edge < end; edge++)
      if (from[edge]! < -1 || from[edge]! >= node)
        throw new MalformedTraceError(
          `edges.from[${edge}] is ${from[edge]}; an input of node ${node} comes before it.`,
        );
  }
  return { offsets, from, partial: arrays.read(field(edges, "partial"), "edges.partial", "float64", [E]) };
}

function nodeOf(value: unknown, path: string, N: number): number {
  const node = whole(value, path, 0);
  if (node >= N) throw new MalformedTraceError(`${path} is ${node}, but there are ${N} nodes.`);
  return node;
}

const readPorts = (value: unknown, name: string, N: number): TapePort[] =>
  list(value, name, 0, MAX_PORTS).map((each, i) => {
    const port = record(each, `${name}[${i}]`);
    return {
      node: nodeOf(field(port, "node"), `${name}[${i}].node`, N),
      path: text(field(port, "path"), `${name}[${i}].path`, MAX_TEXT_LENGTH),
    };
  });

function readTensor(value: unknown, index: number, N: number): TapeTensorNode {
  const path = `tensors[${index}]`;
  const tensor = record(value, path);
  return {
    node: nodeOf(field(tensor, "node"), `${path}.node`, N),
    dtype: text(field(tensor, "dtype"), `${path}.dtype`, MAX_LABEL_LENGTH),
    shape: list(field(tensor, "shape"), `${path}.shape`, 0, MAX_AXES).map((extent) =>
      whole(extent, `${path}.shape`, 0),
    ),
  };
}

function readGuard(value: unknown, index: number, N: number, sources: number): TapeGuard {
  const path = `guards[${index}]`;
  const guard = record(value, path);
  const position = whole(field(guard, "position"), `${path}.position`, 0);
  if (position > N)
    throw new MalformedTraceError(`${path}.position is ${position}, but there are ${N} nodes.`);
  const source = field(guard, "source");
  if (!Number.isSafeInteger(source) || (source as number) < -1 || (source as number) >= sources)
    throw malformed(`${path}.source`, `−1 or the number of one of the ${sources} sources`, source);
  return {
    text: text(field(guard, "text"), `${path}.text`, MAX_TEXT_LENGTH),
    outcome: flag(field(guard, "outcome"), `${path}.outcome`),
    position,
    source: source as number,
    line: whole(field(guard, "line"), `${path}.line`, 0),
  };
}

/** Traces of version 1.0 have none. */
function readFinding(value: unknown, index: number, N: number): TapeFinding {
  const path = `findings[${index}]`;
  const finding = record(value, path);
  const node = field(finding, "node");
  return {
    node: node === -1 ? -1 : nodeOf(node, `${path}.node`, N),
    what: text(field(finding, "what"), `${path}.what`, MAX_TEXT_LENGTH),
    remedy: text(field(finding, "remedy"), `${path}.remedy`, MAX_TEXT_LENGTH),
  };
}
