/** The step from TypeScript to JavaScript: types are blanked in place; only what that cannot do is emitted. */
import type { Node, Program, VariableDeclaration } from "acorn";

import { type CellText, CompileError, type Place } from "./cell.js";
import { emit, type Emitted, type EmitSettings, type Loader } from "./emit.js";
import { ownNames } from "./emitted-names.js";
import { parseCell, walk } from "./parse.js";
import { stripTypes, UnsupportedSyntaxError } from "./strip-types.js";

/** Syntax that the stripper lets through and V8 may not know; most cells do not even have the characters. */
const MAY_NEED_EMIT = /@|\b(?:using|accessor)\b/;
/** A closing tag: code that is not JSX hardly ever has one. */
const MAY_BE_JSX = /<\/|\/>/;

function declaresResource(program: Program): boolean {
  let found = false;
  walk(program, (node: Node) => {
    if (node.type === "VariableDeclaration" && /using/.test((node as VariableDeclaration).kind)) found = true;
    return !found;
  });
  return found;
}

/** Whether stripped code has decorators, `accessor` or `using`. */
export function needsEmit(code: string, source: string): boolean {
  if (!MAY_NEED_EMIT.test(code)) return false;
  try {
    return declaresResource(parseCell(code));
  } catch (error) {
    if (error instanceof CompileError) return MAY_NEED_EMIT.test(source);
    throw error;
  }
}

export const isJsx = (source: string): boolean => MAY_BE_JSX.test(source);

/** What went wrong with blanking in place, or null when it did not. */
function attempt(cell: CellText): {
  readonly stripped: CellText | null;
  readonly error: CompileError | null;
} {
  try {
    const stripped = stripTypes(cell);
    return { stripped, error: null };
  } catch (error) {
    if (error instanceof CompileError) return { stripped: null, error };
    throw error;
  }
}

/**
 * @param id makes names that the emitter needs different from those of every other cell
 * @throws CompileError on a syntax error
 */
export async function toJavaScript(cell: CellText, id: number, settings: EmitSettings): Promise<CellText> {
  const { stripped, error } = attempt(cell);
  if (stripped !== null && !needsEmit(stripped.code, cell.code)) return stripped;
  const unsupported = stripped !== null || error instanceof UnsupportedSyntaxError;
  if (!unsupported && !isJsx(cell.code)) throw error;
  const { code, lines } = await emitAs(unsupported ? "ts" : "tsx", cell, settings, error);
  const own = ownNames({ code, lines }, cell.code, `$$${id}`);
  return { ...cell, code: own.code, lines: own.lines };
}

const isLater = (a: Place | null, b: Place | null): boolean =>
  a !== null && (b === null || a.line > b.line || (a.line === b.line && a.column > b.column));

/** @param stripError why the cell was not blanked; it is thrown where the emitter gets no further than the stripper */
async function emitAs(
  loader: Loader,
  cell: CellText,
  settings: EmitSettings,
  stripError: CompileError | null,
): Promise<Emitted> {
  try {
    return await emit(cell.code, loader, settings, cell.firstLineShift);
  } catch (error) {
    if (loader === "ts" && isJsx(cell.code)) return emitAs("tsx", cell, settings, stripError);
    if (!(error instanceof CompileError) || stripError === null) throw error;
    if (stripError instanceof UnsupportedSyntaxError) throw error;
    throw isLater(error.place, stripError.place) ? error : stripError;
  }
}
