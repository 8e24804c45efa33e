/** A distributed run in words: for terminals, and for whoever cannot see the picture. */
import { meanOverSites, type RanksTrace, shortNumber } from "../trace/index.js";

/** "13.4 MB" */
export const megabytes = (bytes: number): string =>
  bytes < 1e3
    ? `${bytes} B`
    : bytes < 1e6
      ? `${(bytes / 1e3).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;

const STATUS = { done: "", running: " so far: it is RUNNING", stopped: ": it was STOPPED" } as const;

/** Aligned lines: the method, who took part, what was sent, the ranks, and what there is to say about it. */
export function ranksSummary(trace: RanksTrace, warnings: readonly string[] = []): string {
  const { method, status, sites, steps, layers, bytes, recorded, measures, others, failures, omissions } =
    trace;
  const row = layers.length * sites.length;
  const last = (values: Float64Array) =>
    values.subarray((recorded.length - 1) * row).reduce((sum, value) => sum + value, 0);
  const ranks = layers.flatMap(({ kind, name }, l) => {
    if (kind !== "outer") return [];
    const known = meanOverSites(trace, trace.effectiveRank, l).y.filter((value) => value !== null);
    return known.length === 0 ? [] : [`${name} ${known[0]!.toFixed(1)} → ${known.at(-1)!.toFixed(1)}`];
  });
  const rows: [string, string][] = [
    ["method", method.name + (method.options.length > 0 ? ` (${method.options.join(", ")})` : "")],
    ["sites", `${sites.length}: ${sites.join(", ")}`],
    ["steps", `${steps}${STATUS[status]}`],
    ["sent", `${megabytes(last(bytes.up))} up, ${megabytes(last(bytes.down))} down`],
    ...(ranks.length > 0 ? ([["effective rank", ranks.join(", ")]] as [string, string][]) : []),
    ...measures.map(({ name, values }): [string, string] => [name, shortNumber(values.at(-1) ?? NaN)]),
    ...others.map(({ name, measure, values, up }): [string, string] => [`beside it`, `${name}: ${measure} ${shortNumber(values.at(-1) ?? NaN)} for ${megabytes(up.at(-1) ?? 0)} up`]),
    ...failures.map(({ site, step, message }): [string, string] => ["failed", `${sites[site]} at step ${step}: ${message}`]),
    ...method.notes.map((note): [string, string] => ["note", note]),
    ...omissions.map(({ what, kept, of, reason }): [string, string] => ["left out", `${kept} of ${of} ${what}: ${reason}`]),
    ...warnings.map((warning): [string, string] => ["warning", warning]),
  ]; // prettier-ignore
  const width = Math.max(...rows.map(([name]) => name.length));
  return ["Distributed run", ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)].join("\n");
}
