/** An exception as the lines that a notebook prints: the error, a code frame, the user's own frames, the causes. */
import { codeFrameColumns } from "@babel/code-frame";

import type { Place } from "../compile/cell.js";
import type { CellRecord, Cells } from "./cells.js";
import type { Frame, ThrownError } from "./ports.js";

const RED = "\u001b[31m";
const DIM = "\u001b[2m";
const RESET = "\u001b[0m";
/** A chain of causes longer than this is cut, and the cut is said. */
const MAX_CAUSES = 10;

/** The lines around a place, with a marker under it. */
export function codeFrame(source: string, place: Place): string {
  const end =
    place.endLine !== undefined && place.endColumn !== undefined
      ? { end: { line: place.endLine, column: place.endColumn } }
      : {};
  return codeFrameColumns(
    source,
    { start: { line: place.line, column: place.column }, ...end },
    { forceColor: true, linesAbove: 2, linesBelow: 2 },
  );
}

function headline(error: ThrownError): string {
  return `${RED}${error.name}${RESET}${error.message === "" ? "" : `: ${error.message}`}`;
}

function columnIn(record: CellRecord, frame: Frame): number {
  return frame.line === 1 ? Math.max(1, frame.column - record.firstLineShift) : frame.column;
}

function frameLine(frame: Frame, cells: Cells): string {
  const record = frame.cell === null ? undefined : cells.get(frame.cell);
  const column = record ? columnIn(record, frame) : frame.column;
  const file = record?.label ?? (frame.cell === null ? frame.file : "an earlier cell");
  const where = `${file}, line ${frame.line}, column ${column}`;
  return `${DIM}    at ${frame.functionName === "" ? where : `${frame.functionName} (${where})`}${RESET}`;
}

function frameOfFirstCell(error: ThrownError, cells: Cells): string[] {
  for (const frame of error.frames) {
    const record = frame.cell === null ? undefined : cells.get(frame.cell);
    if (record && record.source !== "")
      return [codeFrame(record.source, { line: frame.line, column: columnIn(record, frame) })];
  }
  return [];
}

/** Endless recursion says the same line for ever; once, with a count, is enough. */
function foldRepeats(lines: readonly string[]): string[] {
  const folded: string[] = [];
  for (let i = 0; i < lines.length;) {
    let end = i + 1;
    while (lines[end] === lines[i]) end++;
    folded.push(lines[i]!);
    if (end - i > 1) folded.push(`${DIM}    … ${end - i - 1} more of the same${RESET}`);
    i = end;
  }
  return folded;
}

function sections(error: ThrownError, cells: Cells): string[] {
  return [
    headline(error),
    ...frameOfFirstCell(error, cells),
    ...foldRepeats(error.frames.map((frame) => frameLine(frame, cells))),
  ];
}

/** @returns the traceback of an `error` message: ANSI-coloured lines, the first one naming the error */
export function renderTraceback(error: ThrownError, cells: Cells): string[] {
  const lines = sections(error, cells);
  let cause = error.cause;
  for (let depth = 0; cause !== null; depth++, cause = cause.cause) {
    if (depth === MAX_CAUSES) {
      lines.push(`${DIM}… and further causes${RESET}`);
      break;
    }
    const [first = "", ...rest] = sections(cause, cells);
    lines.push(`Caused by ${first}`, ...rest);
  }
  return lines;
}
