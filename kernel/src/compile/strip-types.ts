/** Types blanked out in place: every line and column of what is left stays where it was. */
import { transformSync } from "@swc/wasm-typescript";

import { type CellText, CompileError } from "./cell.js";

/** What swc throws; lines from 1, columns from 0. */
interface SwcError {
  readonly code: "InvalidSyntax" | "UnsupportedSyntax" | string;
  readonly message: string;
  readonly startLine?: number;
  readonly startColumn?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

function isSwcError(error: unknown): error is SwcError {
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}

function toCompileError(error: SwcError): CompileError {
  const { startLine, startColumn, endLine, endColumn } = error;
  const hint = error.code === "UnsupportedSyntax" ? ". Only TypeScript that can be erased runs here" : "";
  if (startLine === undefined || startColumn === undefined)
    return new CompileError(error.message + hint, null);
  const empty =
    endLine === undefined || endColumn === undefined || (endLine === startLine && endColumn <= startColumn);
  return new CompileError(
    error.message.replace(/\.$/, "") + hint,
    empty
      ? { line: startLine, column: startColumn + 1 }
      : { line: startLine, column: startColumn + 1, endLine, endColumn: endColumn + 1 },
  );
}

/** @throws CompileError on a syntax error, and on syntax that is more than types (enum, namespace, …) */
export function stripTypes(cell: CellText): CellText {
  try {
    const { code } = transformSync(cell.code, { mode: "strip-only", module: true });
    return { ...cell, code };
  } catch (error) {
    if (isSwcError(error)) throw toCompileError(error);
    throw error;
  }
}
