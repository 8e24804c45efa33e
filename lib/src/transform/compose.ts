/** Two source maps, one after the other, as one. */
import type { SourceMapMappings, SourceMapSegment } from "@jridgewell/sourcemap-codec";

import type { Position } from "./positions.js";

/** The last segment of a line at or before a column; failing that, the first. */
function segmentAt(line: readonly SourceMapSegment[], column: number): SourceMapSegment | undefined {
  let low = 0;
  let high = line.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (line[middle]![0] <= column) low = middle + 1;
    else high = middle - 1;
  }
  return line[Math.max(0, high)];
}

/** @returns where a place of the later text was; null for what no source says */
export function placeIn(
  mappings: readonly (readonly SourceMapSegment[])[],
  { line, column }: Position,
): Position | null {
  const found = segmentAt(mappings[line - 1] ?? [], column);
  return found === undefined || found.length === 1 ? null : { line: found[2] + 1, column: found[3] };
}

/**
 * @param later from the final text to the text between
 * @param earlier from the text between to the source
 */
export function composeMappings(
  later: SourceMapMappings,
  earlier: readonly (readonly SourceMapSegment[])[],
): SourceMapMappings {
  return later.map((line) =>
    line.map((segment): SourceMapSegment => {
      if (segment.length === 1) return segment;
      const found = segmentAt(earlier[segment[2]] ?? [], segment[3]);
      return found === undefined || found.length === 1
        ? [segment[0]]
        : [segment[0], found[1], found[2], found[3]];
    }),
  );
}
