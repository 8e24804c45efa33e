/** From the site of an expression to the text that it is. */
import { runtime } from "../ad/active.js";

/** One cell or file that was instrumented. */
export interface Source {
  readonly base: number;
  /** A file's URL, or a cell's: "cotangent-cell:3". */
  readonly name: string;
  readonly source: string;
  /** Four numbers a site: start, end, line (from 1), column (from 0). */
  readonly spans: readonly number[];
}

export interface Span {
  /** "Cell 3", or the file's name. */
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** @returns null for what was not made by instrumented code */
export function spanOf(site: number): Span | null {
  if (site < 0) return null;
  const sources = runtime.sources as readonly Source[];
  let low = 0;
  let high = sources.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sources[middle]!.base <= site) low = middle;
    else high = middle - 1;
  }
  const found = sources[low];
  const at = 4 * (site - (found?.base ?? 0));
  const [start, end, line, column] = found?.spans.slice(at, at + 4) ?? [];
  if (found === undefined || start === undefined) return null;
  const name = found.name.replace(/^cotangent-cell:/, "Cell ");
  return { name, text: found.source.slice(start, end!), start, end: end!, line: line!, column: column! };
}

/** For errors: " of `a * b`, Cell 3, line 2". */
export function describeSite(site: number): string {
  const span = spanOf(site);
  return span === null ? "" : `, from \`${span.text}\` at ${span.name}, line ${span.line}`;
}
