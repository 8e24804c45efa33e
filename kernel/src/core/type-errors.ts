/** Type errors as `tsc --pretty` prints them, in the cell's own lines. */
import type { CellRecord, Cells } from "./cells.js";
import type { CellRange, TypeDiagnostic } from "./ports.js";

const paint =
  (...codes: readonly number[]) =>
  (text: string): string =>
    `${codes.map((code) => `\u001b[${code}m`).join("")}${text}\u001b[0m`;
const cyan = paint(36);
const yellow = paint(33);
const red = paint(31);
const grey = paint(90);
const gutter = paint(7);

/** More errors than this are counted, not printed. */
const MAX_ERRORS = 10;
/** A longer stretch of code is cut in the middle. */
const MAX_LINES = 4;
/** A longer line is shown around its mark only. */
const MAX_COLUMNS = 200;

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Lines and columns from 1. */
export function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** The marked stretch, a line of squiggles under each line of it. */
function frame(
  source: string,
  { start, end }: Pick<CellRange, "start" | "end">,
  indent: string,
  mark: string,
): string[] {
  const lines = source.split("\n");
  const from = positionAt(source, start);
  const to = positionAt(source, Math.max(end, start));
  const cut = to.line - from.line >= MAX_LINES;
  const width = String(to.line).length;
  const output: string[] = [];
  for (let number = from.line; number <= to.line; number++) {
    if (cut && number === from.line + 2) {
      output.push(`${indent}${gutter("...".padStart(width))}`);
      number = to.line - 1;
      continue;
    }
    const text = (lines[number - 1] ?? "").replace(/\s+$/, "");
    const first = number === from.line ? from.column - 1 : text.length - text.trimStart().length;
    const last = number === to.line ? to.column - 1 : text.length;
    // A tab takes one place in both lines, so that the squiggles stay under their code.
    const left = Math.max(0, Math.min(first, text.length - MAX_COLUMNS));
    const cutLeft = text.length > MAX_COLUMNS ? Math.max(0, first - MAX_COLUMNS / 2) : 0;
    const begin = Math.min(left, cutLeft);
    const plain = text.slice(begin, begin + MAX_COLUMNS).replaceAll("\t", " ");
    const marked = plain.slice(first - begin, last - begin);
    const squiggles = "~".repeat(Math.max(number === from.line ? 1 : 0, columns(marked)));
    output.push(
      `${indent}${gutter(String(number).padStart(width))} ${plain}`,
      `${indent}${gutter(" ".repeat(width))} ${" ".repeat(columns(plain.slice(0, first - begin)))}${paint(Number(mark))(squiggles)}`,
    );
  }
  return output;
}

const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;

/** How many places a text takes in a terminal's line. */
function columns(text: string): number {
  let count = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) count += WIDE.test(segment) ? 2 : 1;
  return count;
}

function place(label: string, { line, column }: Position): string {
  return `${cyan(label)}:${yellow(String(line))}:${yellow(String(column))}`;
}

function one(
  diagnostic: TypeDiagnostic,
  record: CellRecord,
  cells: Cells,
  level: "error" | "warning",
): string[] {
  const { source, label } = record;
  const kind = level === "error" ? red("error") : yellow("warning");
  const lines = [
    `${place(label, positionAt(source, diagnostic.start))} - ${kind} ${grey(`TS${diagnostic.code}:`)} ${diagnostic.message}`,
    "",
    ...frame(source, diagnostic, "", level === "error" ? "31" : "33"),
    "",
  ];
  for (const { message, where } of diagnostic.related) {
    if (where === null) continue;
    const there = where.cell === null ? record : cells.get(where.cell);
    if (there === undefined) continue;
    lines.push(
      `  ${place(there.label, positionAt(there.source, where.start))}`,
      ...frame(there.source, where, "    ", "36"),
      `    ${message}`,
      "",
    );
  }
  return lines;
}

/** @returns the lines of an error's traceback, or of a warning */
export function renderTypeErrors(
  diagnostics: readonly TypeDiagnostic[],
  record: CellRecord,
  cells: Cells,
  level: "error" | "warning" = "error",
): string[] {
  const lines = diagnostics
    .slice(0, MAX_ERRORS)
    .flatMap((diagnostic) => one(diagnostic, record, cells, level));
  const count = diagnostics.length;
  if (count > MAX_ERRORS) lines.push(`… and ${count - MAX_ERRORS} more.`, "");
  lines.push(
    level === "error" ? `Found ${count} type ${count === 1 ? "error" : "errors"}; the cell did not run.` : "",
  );
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The error in one line: "TS2322: Type … (Cell 3, line 2) and 1 more error". */
export function summarise(diagnostics: readonly TypeDiagnostic[], record: CellRecord): string {
  const [first] = diagnostics;
  if (first === undefined) return "";
  const { line } = positionAt(record.source, first.start);
  const more = diagnostics.length - 1;
  const [headline = ""] = first.message.split("\n");
  return `TS${first.code}: ${headline} (${record.label}, line ${line})${
    more === 0 ? "" : ` and ${more} more ${more === 1 ? "error" : "errors"}`
  }`;
}
