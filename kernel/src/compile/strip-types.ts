/** Types blanked out in place: every line and column of what is left stays where it was. */
import { createRequire } from "node:module";

import type * as swc from "@swc/wasm-typescript";

import { type CellText, CompileError, TooDeepError } from "./cell.js";

type Stripper = typeof swc;

const require = createRequire(import.meta.url);

/** A fresh instance; one whose stack has overflowed answers nothing any more, not even the smallest cell. */
function load(): Stripper {
  const path = require.resolve("@swc/wasm-typescript");
  delete require.cache[path];
  return require(path) as Stripper;
}
let stripper = load();

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

/** The cell has TypeScript that is more than types: it cannot be blanked, but it can be emitted. */
export class UnsupportedSyntaxError extends CompileError {}

/** In WebAssembly it is a RuntimeError, whose class the types of Node do not know. */
const isOverflow = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof Error && error.name === "RuntimeError");

function toCompileError(error: SwcError): CompileError {
  const { startLine, startColumn, endLine, endColumn } = error;
  const Kind = error.code === "UnsupportedSyntax" ? UnsupportedSyntaxError : CompileError;
  if (startLine === undefined || startColumn === undefined) return new Kind(error.message, null);
  const empty =
    endLine === undefined || endColumn === undefined || (endLine === startLine && endColumn <= startColumn);
  return new Kind(
    error.message.replace(/\.$/, ""),
    empty
      ? { line: startLine, column: startColumn + 1 }
      : { line: startLine, column: startColumn + 1, endLine, endColumn: endColumn + 1 },
  );
}

/** @throws CompileError on a syntax error, UnsupportedSyntaxError on what is more than types (enum, namespace, …) */
export function stripTypes(cell: CellText): CellText {
  try {
    const { code } = stripper.transformSync(cell.code, { mode: "strip-only", module: true });
    return { ...cell, code };
  } catch (error) {
    if (isSwcError(error)) throw toCompileError(error);
    if (!isOverflow(error)) throw error;
    stripper = load();
    throw new TooDeepError();
  }
}
