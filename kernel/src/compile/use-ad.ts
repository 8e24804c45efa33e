/** The step for cells that say "use ad": their arithmetic can be recorded from here on. */
import { composeMappings, instrument } from "cotangent/transform";

import { type CellText, cellUrl } from "./cell.js";

type Mappings = Parameters<typeof composeMappings>[0];

/** A text that does not parse is left to the steps that say so. */
export function instrumentCell(cell: CellText, id: number): CellText {
  const options = { name: cellUrl(id), suffix: `$$${id}`, open: true };
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
