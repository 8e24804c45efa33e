/** Where a place in the code that runs is in the text that the user wrote. */

import type { SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** One line's segments: [column, source, source line, source column], all from 0, in order of column. */
export type LineMap = readonly SourceMapSegment[];

export interface Positions {
  /** Characters put before the first line of the user's text. */
  readonly firstLineShift: number;
  /** The source map of a real emit, decoded; null where types were blanked in place. */
  readonly lines: readonly LineMap[] | null;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The last segment at or before `column`; failing that, the first of the line. */
function segmentAt(line: LineMap, column: number): SourceMapSegment | undefined {
  let low = 0;
  let high = line.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (line[middle]![0]! <= column) low = middle + 1;
    else high = middle - 1;
  }
  return line[Math.max(0, high)];
}

/**
 * @param line from 1
 * @param column from 1
 * @returns null for code that the user did not write
 */
export function originalPosition(positions: Positions, line: number, column: number): Position | null {
  let place: Position = { line, column };
  if (positions.lines !== null) {
    const segment = segmentAt(positions.lines[line - 1] ?? [], column - 1);
    if (segment === undefined || segment.length === 1) return null;
    place = { line: segment[2] + 1, column: segment[3] + 1 };
  }
  if (place.line !== 1) return place;
  return { line: 1, column: Math.max(1, place.column - positions.firstLineShift) };
}
