/** An exception as the lines that a notebook prints: the error, a code frame, the user's own frames, the causes. */
import { codeFrameColumns } from "@babel/code-frame";

import type { Place } from "../compile/cell.js";
import type { Cells } from "./cells.js";
import type { Frame, ThrownError } from "./ports.js";

const RED = "\u001b[31m";
const DIM = "\u001b[2m";
const RESET = "\u001b[0m";
/** A chain of causes longer than this is cut, and the cut is said. */
const MAX_DEPTH = 10;
/** No more errors than this are unfolded beside the first. */
const MAX_RELATED = 20;

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

function frameLine(frame: Frame, cells: Cells): string {
  const record = frame.cell === null ? undefined : cells.get(frame.cell);
  const file = record?.label ?? (frame.cell === null ? frame.file : "an earlier cell");
  const where = `${file}, line ${frame.line}, column ${frame.column}`;
  return `${DIM}    at ${frame.functionName === "" ? where : `${frame.functionName} (${where})`}${RESET}`;
}

/** The code around the first place whose text is known. */
function firstCodeFrame(error: ThrownError, cells: Cells): string[] {
  for (const { cell, source, line, column } of error.frames) {
    const text = (cell === null ? source : cells.get(cell)?.source) ?? "";
    if (text !== "") return [codeFrame(text, { line, column })];
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
    ...(error.properties ?? []).map((property) => `${DIM}    ${property}${RESET}`),
    ...firstCodeFrame(error, cells),
    ...foldRepeats(error.frames.map((frame) => frameLine(frame, cells))),
  ];
}

/** The errors that come with an error: its causes, what it suppressed, those that it gathers. Each below its own. */
function unfold(error: ThrownError, cells: Cells, depth: number, budget: { left: number }): string[] {
  const lines = sections(error, cells);
  const related = [
    ...(error.related ?? []),
    ...(error.cause === null ? [] : [{ relation: "Caused by", error: error.cause }]),
  ];
  for (const { relation, error: other } of related) {
    if (depth === MAX_DEPTH || budget.left-- <= 0) {
      lines.push(`${DIM}… and further ${relation === "Caused by" ? "causes" : "errors"}${RESET}`);
      break;
    }
    const [first = "", ...rest] = unfold(other, cells, depth + 1, budget);
    lines.push(`${relation} ${first}`, ...rest);
  }
  return lines;
}

/** @returns the traceback of an `error` message: ANSI-coloured lines, the first one naming the error */
export const renderTraceback = (error: ThrownError, cells: Cells): string[] =>
  unfold(error, cells, 0, { left: MAX_RELATED });
