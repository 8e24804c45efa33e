/** The size bound of a saved tape trace: paths are left out, then what came first but for the inputs, and the trace says so. */
import { base64Length } from "./base64.js";
import { size } from "./bound.js";
import { encodeTapeTrace } from "./encode-tape.js";
import { TraceTooLargeError } from "./errors.js";
import { DEFAULT_SAVED_BYTES } from "./limits.js";
import { choosePaths, keepPaths, LEAST_PATHS, pathsSize } from "./thin-paths.js";
import type { TapePaths, TapePort, TapeTrace } from "./tape.js";

/** The trace with some of its nodes, by their places in ascending order; an edge from one that is gone leads nowhere. */
export function keepNodes(trace: TapeTrace, places: readonly number[]): TapeTrace {
  const { nodes, edges } = trace;
  const place = new Int32Array(nodes.id.length).fill(-1);
  places.forEach((from, to) => (place[from] = to));
  const offsets = new Int32Array(places.length + 1);
  const [from, partial, kept]: [number[], number[], number[]] = [[], [], []];
  places.forEach((node, to) => {
    for (let edge = edges.offsets[node]!; edge < edges.offsets[node + 1]!; edge++) {
      const input = edges.from[edge]!;
      from.push(input < 0 ? -1 : place[input]!);
      partial.push(edges.partial[edge]!);
      kept.push(edge);
    }
    offsets[to + 1] = from.length;
  });
  const ints = (of: Int32Array, width = 1) => Int32Array.from({ length: places.length * width }, (_, i) => of[places[Math.floor(i / width)]! * width + (i % width)]!); // prettier-ignore
  const floats = (of: Float64Array) => Float64Array.from(places, (at) => of[at]!);
  const moved = <T extends { readonly node: number }>(list: readonly T[]): T[] =>
    list.filter(({ node }) => place[node]! >= 0).map((each) => ({ ...each, node: place[each.node]! }));
  const outputs: TapePort[] = moved(trace.outputs);
  const seed =
    trace.seed < 0 ? -1 : outputs.findIndex(({ path }) => path === trace.outputs[trace.seed]!.path);
  return {
    ...trace,
    nodes: {
      id: ints(nodes.id),
      operation: ints(nodes.operation),
      value: floats(nodes.value),
      adjoint: floats(nodes.adjoint),
      flags: ints(nodes.flags),
      bytes: floats(nodes.bytes),
      span: ints(nodes.span, 5),
    },
    edges: { offsets, from: Int32Array.from(from), partial: Float64Array.from(partial) },
    inputs: moved(trace.inputs),
    outputs,
    seed,
    paths: trace.paths && keepColumns(trace.paths, nodes.id.length, places, edges.from.length, kept, place),
    tensors: moved(trace.tensors),
    findings: trace.findings.map((finding) => ({
      ...finding,
      node: finding.node < 0 ? -1 : place[finding.node]!,
    })),
    products: trace.products.map((product) => ({
      ...product,
      node: product.node < 0 ? -1 : place[product.node]!,
      weight: product.weight < 0 ? -1 : place[product.weight]!,
    })),
    guards: trace.guards.map((guard) => ({
      ...guard,
      position: places.filter((at) => at < guard.position).length,
    })),
  };
}

function keepColumns(
  { count, value, adjoint, partial, kinks, ...paths }: TapePaths,
  N: number,
  places: readonly number[],
  E: number,
  edges: readonly number[],
  place: Int32Array,
): TapePaths {
  const columns = (of: Float32Array, width: number, which: readonly number[]) => {
    const out = new Float32Array(count * which.length);
    for (let p = 0; p < count; p++)
      which.forEach((column, i) => (out[p * which.length + i] = of[p * width + column]!));
    return out;
  };
  return {
    ...paths,
    count,
    kinks: kinks.map((kink) => ({ ...kink, node: kink.node < 0 ? -1 : place[kink.node]! })),
    value: columns(value, N, places),
    adjoint: columns(adjoint, N, places),
    partial: columns(partial, E, edges),
  };
}

/** Bytes of the trace as UTF-8 JSON with base64 arrays. */
export const tapeEncodedSize = (trace: TapeTrace): number =>
  new TextEncoder().encode(JSON.stringify(encodeTapeTrace(trace).data)).length;

/** Of a node and of an edge, in base64. */
const NODE_BYTES = base64Length(3 * (4 + 4 + 8 + 8 + 4 + 8 + 20 + 4)) / 3;
const EDGE_BYTES = base64Length(3 * 12) / 3;

/** The trace with as many of its paths as fit, at least a few. */
function withFewerPaths(trace: TapeTrace, whole: number, maxBytes: number): TapeTrace {
  const { paths } = trace;
  if (paths === null || paths.count <= LEAST_PATHS) return trace;
  const what = "saved paths";
  const reason = `the saved trace is bounded to ${size(maxBytes)}; evenly spaced ones by their result were kept`;
  const of = trace.omissions.find((omission) => omission.what === what)?.of ?? paths.count;
  const others = trace.omissions.filter((omission) => omission.what !== what);
  const stated = (kept: number): TapeTrace => ({
    ...trace,
    omissions: [...others, { what, kept, of, reason }],
  });
  const said = JSON.stringify(stated(paths.count).omissions).length;
  // What is neither paths nor nodes is small, and takes the same room whatever is left out; 64 allow for letters of two bytes.
  const room = maxBytes - (whole - pathsSize(trace, paths.count)) - said - 64;
  const one = pathsSize(trace, 3) / 3;
  const count = Math.max(LEAST_PATHS, Math.min(paths.count - 1, Math.floor(room / one)));
  return keepPaths(stated(count), choosePaths({ ...trace, paths }, count));
}

/**
 * The trace itself when it fits, otherwise one with fewer paths, and where even a few are too many, one with its inputs and its last
 * nodes: adjoints flow backward, so what is left is complete for as far as it goes. How near paths come to kinks is counted of all.
 *
 * @param maxBytes of the encoded trace: UTF-8 JSON with base64 arrays
 * @throws TraceTooLargeError when not even the inputs and outputs fit
 */
export function boundTapeTrace(trace: TapeTrace, maxBytes = DEFAULT_SAVED_BYTES): TapeTrace {
  const whole = tapeEncodedSize(trace);
  if (whole <= maxBytes) return trace;
  const thinned = withFewerPaths(trace, whole, maxBytes);
  return thinned !== trace && tapeEncodedSize(thinned) <= maxBytes
    ? thinned
    : withFewerNodes(thinned, maxBytes);
}

function withFewerNodes(trace: TapeTrace, maxBytes: number): TapeTrace {
  const { nodes, edges } = trace;
  const N = nodes.id.length;
  const ports = new Set([...trace.inputs, ...trace.outputs].map(({ node }) => node));
  const P = trace.paths?.count ?? 0;
  const costOf = (node: number) => {
    const inputs = edges.offsets[node + 1]! - edges.offsets[node]!;
    // Of every path a value, an adjoint, and the slopes.
    return NODE_BYTES + EDGE_BYTES * inputs + (4 / 3) * 4 * P * (2 + inputs);
  };
  const reason = `the saved trace is bounded to ${size(maxBytes)}; its inputs and its last nodes were kept`;
  const others = trace.omissions.filter(({ what }) => what !== "nodes");
  const of = trace.omissions.find(({ what }) => what === "nodes")?.of ?? N;
  const keeping = (places: readonly number[]): TapeTrace => {
    const kept = keepNodes(trace, places);
    // Guards and tensors of what is gone would cost more than what is kept.
    const first = places.find((place) => !ports.has(place)) ?? N;
    const guards = trace.guards.flatMap((guard, i) => (guard.position > first ? [kept.guards[i]!] : []));
    return { ...kept, guards, omissions: [...others, { what: "nodes", kept: places.length, of, reason }] };
  };
  const needed = [...ports].sort((a, b) => a - b);
  let least = tapeEncodedSize(keeping(needed));
  if (least > maxBytes)
    throw new TraceTooLargeError(
      `The inputs and outputs of this tape alone take ${size(least)}, more than the ${size(maxBytes)} allowed. ` +
        `Record a smaller function, or allow more bytes.`,
    );
  const chosen = new Set(ports);
  for (let node = N - 1; node >= 0 && least + costOf(node) <= maxBytes; node--)
    if (!chosen.has(node)) {
      chosen.add(node);
      least += costOf(node);
    }
  // What is not an array (guards, tensors) was not counted.
  for (;;) {
    const places = [...chosen].sort((a, b) => a - b);
    const bounded = keeping(places);
    const excess = tapeEncodedSize(bounded) - maxBytes;
    if (excess <= 0) return bounded;
    const free = places.filter((place) => !ports.has(place));
    const drop = Math.max(1, Math.ceil(excess / NODE_BYTES), Math.ceil(free.length / 20));
    for (const place of free.slice(0, drop)) chosen.delete(place);
  }
}
