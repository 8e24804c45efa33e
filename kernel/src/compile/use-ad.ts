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

/** The directive at the top of a cell, after comments. */
const OF_THE_CELL = /^(?:\s|\/\/.*|\/\*[^]*?\*\/)*?(?=(["'])use ad\1)/;
const DIRECTIVE = /^(["'])use ad\1/;

/** A directive is an expression, and would be the value of a cell that declares things and says nothing else. */
function withoutValue(code: string, cell: string, mappings: Mappings): string {
  const before = OF_THE_CELL.exec(cell)?.[0].split("\n");
  if (before === undefined) return code;
  const [line, column] = [before.length - 1, before.at(-1)!.length];
  const lines = code.split("\n");
  for (const [i, segments] of mappings.entries())
    for (const segment of segments)
      if (segment[2] === line && segment[3] === column && DIRECTIVE.test(lines[i]!.slice(segment[0]))) {
        const text = lines[i]!;
        lines[i] = text.slice(0, segment[0]) + text.slice(segment[0]).replace(DIRECTIVE, "void 0  ");
        return lines.join("\n");
      }
  return code;
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
    return { ...cell, code: withoutValue(made.code, cell.code, made.mappings), lines };
  } catch (error) {
    if (error instanceof SyntaxError) return cell;
    throw error;
  }
}
