/** One of the paths of a tape, as a tape of its own. */
import type { TapeTrace } from "../tape.js";

/**
 * The trace with the numbers of another path. What was found out about the path that was shown is not said of this one.
 * @throws RangeError for a path that there is not
 */
export function traceOfPath(trace: TapeTrace, path: number): TapeTrace {
  const { paths, nodes, edges } = trace;
  if (paths === null || !(path >= 0 && path < paths.count))
    throw new RangeError(`There is no path ${path} in this trace.`);
  if (path === paths.shown) return trace;
  const row = (of: Float32Array, width: number) =>
    Float64Array.from(of.subarray(path * width, (path + 1) * width));
  const N = nodes.id.length;
  return {
    ...trace,
    nodes: { ...nodes, value: row(paths.value, N), adjoint: row(paths.adjoint, N) },
    edges: { ...edges, partial: row(paths.partial, edges.from.length) },
    paths: { ...paths, shown: path },
    findings: [],
    products: [],
  };
}
