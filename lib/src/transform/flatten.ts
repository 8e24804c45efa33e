/** Pieces to text, with the source map of where each came from. */
import type { SourceMapMappings, SourceMapSegment } from "@jridgewell/sourcemap-codec";

import type { Doc, New, Raw } from "./doc.js";
import { lineIndex } from "./positions.js";
import type { Range } from "./tree.js";

export interface Flat {
  readonly code: string;
  /** Decoded, one list of segments a line. */
  readonly mappings: SourceMapMappings;
}

/** Where an engine may say that something is: names, numbers and operators. */
const TOKEN = /[\p{ID_Continue}$]+|[^\p{ID_Continue}$\s]/gu;
/** In strings and templates: a line break, perhaps one that a backslash takes back. */
const BREAK = /\\(?:\r\n|[^])|\r\n?|\n/g;
const asEscape = (found: string): string => {
  if (!found.startsWith("\\")) return "\\n";
  return /[\r\n]/.test(found) ? "" : found;
};

export function flatten(doc: Doc, source: string, comments: readonly Range[]): Flat {
  const place = lineIndex(source);
  const parts: string[] = [];
  const mappings: SourceMapMappings = [[]];
  let column = 0;

  const segment = (at: number | null): void => {
    const line = mappings.at(-1)!;
    const { line: sourceLine, column: sourceColumn } = at === null ? { line: 0, column: 0 } : place(at);
    const next: SourceMapSegment = at === null ? [column] : [column, 0, sourceLine - 1, sourceColumn];
    if (line.at(-1)?.[0] === column) line[line.length - 1] = next;
    else line.push(next);
  };
  const put = (text: string): void => {
    parts.push(text);
    const lines = text.split("\n");
    for (let i = 1; i < lines.length; i++) mappings.push([]);
    column = lines.length > 1 ? lines.at(-1)!.length : column + text.length;
  };
  /** Text of the source, every token of it with its place. */
  const putTokens = (start: number, end: number, oneLine: boolean): void => {
    const text = source.slice(start, end);
    let done = 0;
    const upTo = (index: number): void => {
      const between = text.slice(done, index);
      if (between !== "") put(oneLine ? between.replace(/[\s]*[\r\n]\s*/g, " ") : between);
      done = index;
    };
    for (const { index } of text.matchAll(TOKEN)) {
      upTo(index);
      segment(start + index);
    }
    upTo(text.length);
  };

  const putLine = ({ start, end }: Raw): void => {
    let at = start;
    for (const comment of between(comments, start, end)) {
      putTokens(at, comment.start, true);
      put(" ");
      at = comment.end;
    }
    putTokens(at, end, true);
  };
  const putRaw: Record<Raw["as"], (piece: Raw) => void> = {
    is: ({ start, end }) => putTokens(start, end, false),
    line: putLine,
    literal(piece) {
      segment(piece.start);
      put(source.slice(piece.start, piece.end).replace(BREAK, asEscape));
    },
  };

  const go = (piece: Doc): void => {
    if (piece === "") return;
    if (typeof piece === "string") {
      segment(null);
      put(piece);
    } else if (Array.isArray(piece)) for (const part of piece as readonly Doc[]) go(part);
    else if ("text" in piece) {
      segment((piece as New).at);
      put((piece as New).text);
    } else putRaw[(piece as Raw).as](piece as Raw);
  };
  go(doc);
  return { code: parts.join(""), mappings };
}

/** The comments between two places. */
function between(comments: readonly Range[], start: number, end: number): readonly Range[] {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comments[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < comments.length && comments[last]!.end <= end) last++;
  return comments.slice(low, last);
}
