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
  /** The line on which it begins. */
  readonly lineText: string;
}

/** The cell or file that a site is in; null for what was not made by instrumented code. */
export function sourceOf(site: number): Source | null {
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
  return found !== undefined && 4 * (site - found.base) < found.spans.length ? found : null;
}

/** @returns null for what was not made by instrumented code */
export function spanOf(site: number): Span | null {
  const found = sourceOf(site);
  if (found === null) return null;
  const at = 4 * (site - found.base);
  const [start, end, line, column] = found.spans.slice(at, at + 4);
  const name = found.name.replace(/^cotangent-cell:/, "Cell ");
  const { source } = found;
  return {
    name,
    text: source.slice(start, end),
    start: start!,
    end: end!,
    line: line!,
    column: column!,
    get lineText() {
      const from = source.lastIndexOf("\n", start! - 1) + 1;
      const to = source.indexOf("\n", from);
      return source.slice(from, to < 0 ? undefined : to);
    },
  };
}

/** For errors: " of `a * b`, Cell 3, line 2". */
export function describeSite(site: number): string {
  const span = spanOf(site);
  return span === null ? "" : `, from \`${span.text}\` at ${span.name}, line ${span.line}`;
}
