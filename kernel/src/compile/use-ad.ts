/** The step for cells that say "use ad": their arithmetic can be recorded from here on. */
import type { Position } from "cotangent/transform";

import { type CellText, cellUrl } from "./cell.js";
import { originalPosition } from "./positions.js";

/** Where a place of the compiled cell was in the text that the user wrote; columns from 0. */
function placeIn({ firstLineShift, lines }: CellText, { line, column }: Position): Position | null {
  const found = originalPosition({ firstLineShift, lines: lines ?? null }, line, column + 1);
  return found && { line: found.line, column: found.column - 1 };
}

/** Most cells do not say it, and need not wait until the pass is loaded. */
export const mentionsUseAd = (code: string): boolean => /["']use ad["']/.test(code);

/**
 * A text that does not parse is left to the steps that say so.
 *
 * @param source what the user wrote
 */
export async function instrumentCell(cell: CellText, id: number, source: string): Promise<CellText> {
  if (!mentionsUseAd(cell.code)) return cell;
  const { composeMappings, instrument } = await import("cotangent/transform");
  const original = { source, place: (position: Position) => placeIn(cell, position) };
  const options = { name: cellUrl(id), suffix: `$$${id}`, open: true, original };
  try {
    const made = instrument(cell.code, options);
    if (made === null) return cell;
    const lines = cell.lines ? composeMappings(made.mappings, cell.lines) : made.mappings;
    return { ...cell, code: made.code, lines };
  } catch (error) {
    if (error instanceof SyntaxError) return cell;
    throw error;
  }
}
