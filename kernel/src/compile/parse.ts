/** JavaScript to a syntax tree, with errors at the user's own line and column. */
import { type Node, Parser, type Program } from "acorn";

import { CompileError, TooDeepError } from "./cell.js";

/** acorn appends "(line:column)" to its messages; ours say that differently. */
const POSITION = / \(\d+:\d+\)$/;

interface AcornError extends SyntaxError {
  readonly loc: { readonly line: number; readonly column: number };
}

/** A name that a cell exports may have been declared by an earlier one. */
const CellParser = Parser.extend(
  (Base) =>
    class extends Base {
      checkLocalExport(): void {}
    },
);

/** The steps of one cell often see the same code; a tree is never changed. */
let last: { readonly code: string; readonly program: Program } | null = null;

/** @param firstLineShift to be taken off the columns of the first line of an error */
export function parseCell(code: string, firstLineShift = 0): Program {
  if (last?.code === code) return last.program;
  try {
    const program = CellParser.parse(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      allowAwaitOutsideFunction: true,
      allowHashBang: true,
    });
    last = { code, program };
    return program;
  } catch (error) {
    if (error instanceof RangeError) throw new TooDeepError();
    if (!(error instanceof SyntaxError) || !("loc" in error)) throw error;
    const { loc, message } = error as AcornError;
    const column = loc.column + 1 - (loc.line === 1 ? firstLineShift : 0);
    throw new CompileError(message.replace(POSITION, ""), {
      line: loc.line,
      column: Math.max(1, column),
    });
  }
}

/** Call `visit` on every node below `root`; it returns false where the walk shall not go deeper. */
export function walk(root: Node, visit: (node: Node) => boolean): void {
  if (!visit(root)) return;
  for (const value of Object.values(root)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value as unknown]) {
      if (isNode(child)) walk(child, visit);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
