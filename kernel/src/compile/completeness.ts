/** Whether a prompt should run what has been typed, or wait for more: decided by parsing it. */
import { type CellText, CompileError } from "./cell.js";
import { emit } from "./emit.js";
import { wrapObjectLiteral } from "./object-literal.js";
import { parseCell } from "./parse.js";
import { stripTypes, UnsupportedSyntaxError } from "./strip-types.js";
import { isJsx, needsEmit } from "./to-javascript.js";

export type Completeness =
  { readonly status: "complete" | "invalid" } | { readonly status: "incomplete"; readonly indent: string };

const INDENT = "  ";
/** What the parsers say when the text is over too early, wherever they place it. */
const ENDS_TOO_EARLY =
  /<eof>|\beof\b|unexpected end of file|unterminated (?:template|block comment|comment)|expected "\*\/"/i;
const ARROW_AT_END = /=>\s*$/;

/** The indentation of the last line, and one step more where that line opens something. */
function indentAfter(source: string): string {
  const last = source.replace(/\s+$/, "").split("\n").at(-1) ?? "";
  const count = (brackets: RegExp) => last.match(brackets)?.length ?? 0;
  const opens = ARROW_AT_END.test(last) || count(/[{([]/g) > count(/[})\]]/g);
  return (/^\s*/.exec(last)?.[0] ?? "") + (opens ? INDENT : "");
}

/** Nothing but white space and comments follows the place. */
function isAtEnd(source: string, { place }: CompileError): boolean {
  if (place === null) return false;
  const lines = source.split("\n");
  const rest = [(lines[place.line - 1] ?? "").slice(place.column - 1), ...lines.slice(place.line)].join("\n");
  return rest.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, "").trim() === "";
}

async function errorIn(source: string): Promise<CompileError | null> {
  const cell: CellText = { code: source, firstLineShift: 0, declares: new Map() };
  try {
    const { code } = stripTypes(wrapObjectLiteral(cell));
    if (needsEmit(code, source)) await emit(source, "ts");
    else parseCell(code);
    return null;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    if (!(error instanceof UnsupportedSyntaxError) && !isJsx(source) && !/<[A-Za-z>]/.test(source))
      return error;
    return emit(source, isJsx(source) ? "tsx" : "ts").then(
      () => null,
      (emitError: unknown) => (emitError instanceof CompileError ? emitError : error),
    );
  }
}

/** @param source without magics */
export async function completeness(source: string): Promise<Completeness> {
  const error = await errorIn(source);
  if (error === null) return { status: "complete" };
  if (ENDS_TOO_EARLY.test(error.message) || isAtEnd(source, error))
    // Inside a template every space counts.
    return { status: "incomplete", indent: /template/.test(error.message) ? "" : indentAfter(source) };
  return { status: "invalid" };
}
