/** A cell that is an object literal, `{a: 1}`, means the object and not a block with a label. */
import { type CellText, CompileError } from "./cell.js";
import { parseCell } from "./parse.js";
import { stripTypes } from "./strip-types.js";

const OPENS_BRACE = /^\s*\{/;
const ENDS_STATEMENT = /;\s*$/;

/** Put parentheses around the cell where that makes it an expression, as Node's own prompt does. */
export function wrapObjectLiteral(cell: CellText): CellText {
  if (!OPENS_BRACE.test(cell.code) || ENDS_STATEMENT.test(cell.code)) return cell;
  // The closing parenthesis has a line of its own, because the cell may end in a comment.
  const wrapped = { ...cell, code: `(${cell.code}\n)`, firstLineShift: cell.firstLineShift + 1 };
  try {
    // The stripper alone is too lenient: it takes `({ f(); })` for a method without a body.
    parseCell(stripTypes(wrapped).code);
    return wrapped;
  } catch (error) {
    if (error instanceof CompileError) return cell;
    throw error;
  }
}
