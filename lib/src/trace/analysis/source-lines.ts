/** A source cut into pieces, each of the innermost expression that it is part of. */
import type { Expression } from "./importance.js";

export interface Segment {
  readonly text: string;
  /** Index into the expressions; −1 for text that made no node. */
  readonly expression: number;
}

export interface SourceLine {
  /** From 1. */
  readonly number: number;
  readonly segments: readonly Segment[];
}

/** Lines shown before the first expression, such as the head of the function. */
const LINES_BEFORE = 3;

/** Where the line begins that is so many before that of an offset. */
function linesBefore(text: string, offset: number): number {
  let from = offset;
  for (let i = 0; i <= LINES_BEFORE; i++) {
    const end = text.lastIndexOf("\n", from - 1);
    if (end < 0 || from === 0) return 0;
    from = i === LINES_BEFORE ? end + 1 : end;
  }
  return from;
}

/**
 * The lines of a source from the first to the last that has an expression; a function that was compiled has others around.
 * @param expressions in the order of the text, an outer one before those inside it
 * @param most lines at most
 */
export function linesOf(
  text: string,
  source: number,
  expressions: readonly Expression[],
  most: number,
): { readonly lines: readonly SourceLine[]; readonly isCut: boolean } {
  const own = expressions.flatMap((expression, i) =>
    expression.source === source ? [{ ...expression, i }] : [],
  );
  if (own.length === 0) return { lines: [], isCut: false };
  const last = own.reduce((end, each) => Math.max(end, each.end), 0);
  const from = linesBefore(text, own[0]!.start);
  const lineEnd = text.indexOf("\n", last);
  const to = lineEnd < 0 ? text.length : lineEnd;
  const cuts = new Set([from, to]);
  for (const { start, end } of own) cuts.add(start).add(Math.min(end, to));
  const sorted = [...cuts].sort((a, b) => a - b);

  const lines: { number: number; segments: Segment[] }[] = [
    { number: text.slice(0, from).split("\n").length, segments: [] },
  ];
  const open: (typeof own)[number][] = [];
  let next = 0;
  for (let k = 0; k + 1 < sorted.length; k++) {
    const [start, end] = [sorted[k]!, sorted[k + 1]!];
    while (next < own.length && own[next]!.start <= start) open.push(own[next++]!);
    for (let i = open.length - 1; i >= 0; i--) if (open[i]!.end <= start) open.splice(i, 1);
    // The innermost is the shortest: hostile ones may overlap without lying in each other.
    let inner = open.at(-1);
    for (const each of open) if (each.end - each.start < inner!.end - inner!.start) inner = each;
    text
      .slice(start, end)
      .split("\n")
      .forEach((piece, i) => {
        if (i > 0) lines.push({ number: lines.at(-1)!.number + 1, segments: [] });
        if (piece !== "") lines.at(-1)!.segments.push({ text: piece, expression: inner?.i ?? -1 });
      });
    if (lines.length > most) return { lines: lines.slice(0, most), isCut: true };
  }
  return { lines, isCut: false };
}
