/** The step for cells that say "use ad": their arithmetic can be recorded from here on. */
import { composeMappings, instrument, type Position } from "cotangent/transform";

import { type CellText, cellUrl } from "./cell.js";
import { originalPosition } from "./positions.js";

type Mappings = Parameters<typeof composeMappings>[0];

/** Where a place of the compiled cell was in the text that the user wrote; columns from 0. */
function placeIn({ firstLineShift, lines }: CellText, { line, column }: Position): Position | null {
  const found = originalPosition({ firstLineShift, lines: lines ?? null }, line, column + 1);
  return found && { line: found.line, column: found.column - 1 };
}

/**
 * A text that does not parse is left to the steps that say so.
 *
 * @param source what the user wrote
 */
export function instrumentCell(cell: CellText, id: number, source: string): CellText {
  const original = { source, place: (position: Position) => placeIn(cell, position) };
  const options = { name: cellUrl(id), suffix: `$$${id}`, open: true, original };
  try {
    const made = instrument(cell.code, options);
    if (made === null) return cell;
    const lines = cell.lines
      ? composeMappings(made.mappings, cell.lines as unknown as Mappings)
      : made.mappings;
    return { ...cell, code: made.code, lines };
  } catch (error) {
    if (error instanceof SyntaxError) return cell;
    throw error;
  }
}
