/** Stack traces in the user's own terms: "Cell 3, line 5", without frames of Node, of the kernel and of packages. */
import { readFileSync, statSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { originalPosition, type Positions } from "../../compile/positions.js";
import type { Frame, RunnableCell } from "../../core/ports.js";
import { mapOfFile } from "./file-maps.js";
import { REFERRER } from "./imports.js";

const FRAME = /^\s+at (?:(?:async )?(.+?) \()?(?:async )?(.+?):(\d+):(\d+)\)?$/;
const CELL = /^cotangent-cell:(\d+)$/;
/** A module cell: its URL has the cell's id. */
const MODULE_CELL = /^file:[^\s]*\?cell=(\d+)$/;
const CELL_PLACE = /(?:cotangent-cell:|file:[^\s()]*\?cell=)(\d+):(\d+):(\d+)/g;
/** A frame as `installStackTraces` writes it, in a stack that has been through a copy of its error. */
const LABELLED =
  /^\s+at (?:(?:async )?(.+?) \()?(?:async )?((?:Cell \d+|[\w ]+ cell)), line (\d+), column (\d+)\)?$/;
/** Functions that V8 names for want of a name. */
const NAMELESS = /^(?:Object\.)?<anonymous>$|^eval$/;
const EVALUATED = /\(eval at |^\s+at eval at /;
/** A larger file is not shown in tracebacks. */
const MAX_SOURCE = 1 << 20;

/** The folder of this kernel's own compiled code. */
const KERNEL = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** The library's folder; found when it is first needed, because most cells do not throw. */
let library: string | undefined;
const libraryFolder = (): string => (library ??= dirname(fileURLToPath(import.meta.resolve("cotangent"))));

interface KnownCell {
  readonly label: string;
  readonly positions: Positions;
}
const cells = new Map<number, KnownCell>();
/** As many as the core keeps. */
const KEPT = 2000;

/** Stack frames of `cell` can be told from here on. */
export function rememberCell({ id, label, positions }: RunnableCell): void {
  cells.set(id, { label, positions });
  if (cells.size > KEPT) for (const oldest of cells.keys()) return void cells.delete(oldest);
}

/** @returns null for a place in code that the user did not write */
export function cellFrame(functionName: string, id: number, line: number, column: number): Frame | null {
  const positions = cells.get(id)?.positions;
  const place = positions ? originalPosition(positions, line, column) : { line, column };
  return place === null ? null : { functionName, cell: id, file: "", ...place };
}

function isInternal(file: string): boolean {
  return (
    file.startsWith("node:") ||
    file.endsWith(`${sep}${REFERRER}`) ||
    file.includes(`${sep}node_modules${sep}`) ||
    file.startsWith(KERNEL) ||
    file.startsWith(libraryFolder())
  );
}

function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  const url = new URL(file);
  url.search = "";
  return fileURLToPath(url);
}

function fileFrame(functionName: string, location: string, line: number, column: number): Frame | null {
  const path = pathOf(location);
  if (isInternal(path)) return null;
  const lines = mapOfFile(path);
  const place = lines ? originalPosition({ firstLineShift: 0, lines }, line, column) : { line, column };
  if (place === null) return null;
  const nearby = relative(process.cwd(), path);
  return { functionName, cell: null, file: nearby.startsWith("..") ? path : nearby, ...place };
}

function frameOf(line: string): Frame | null {
  // Code in a string has no place that a reader could look up; the call of `eval` is the next frame.
  if (EVALUATED.test(line)) return null;
  const labelled = LABELLED.exec(line);
  if (labelled) {
    const [, name = "", file = "", row, column] = labelled;
    return { functionName: name, cell: null, file, line: Number(row), column: Number(column) };
  }
  const [, name = "", location = "", row = "", column = ""] = FRAME.exec(line) ?? [];
  if (location === "" || location === "<anonymous>") return null;
  const functionName = NAMELESS.test(name) ? "" : name;
  const cell = (CELL.exec(location) ?? MODULE_CELL.exec(location))?.[1];
  return cell === undefined
    ? fileFrame(functionName, location, Number(row), Number(column))
    : cellFrame(functionName, Number(cell), Number(row), Number(column));
}

export const userFrames = (stack: string): Frame[] =>
  stack.split("\n").flatMap((line) => frameOf(line) ?? []);

/** The first frame with the text of its file, if it is in one. */
export function withSource([first, ...rest]: readonly Frame[]): Frame[] {
  if (first === undefined) return [];
  if (first.cell !== null) return [first, ...rest];
  try {
    if (statSync(first.file).size > MAX_SOURCE) return [first, ...rest];
    return [{ ...first, source: readFileSync(first.file, "utf8") }, ...rest];
  } catch {
    return [first, ...rest];
  }
}

/** What V8 would have written; `stack` itself is for people. */
const rawStacks = new WeakMap<object, string>();

/** The stack of an error with its frames as V8 knows them. */
export const rawStack = (error: Error): string => {
  const shown = error.stack;
  return rawStacks.get(error) ?? (typeof shown === "string" ? shown : "");
};

/** "Cell 3, line 5, column 2" for every place in a cell. */
function labelPlaces(line: string): string | null {
  let written = true;
  const text = line.replace(CELL_PLACE, (raw, id: string, row: string, column: string) => {
    const label = cells.get(Number(id))?.label;
    if (label === undefined) return raw;
    const frame = cellFrame("", Number(id), Number(row), Number(column));
    if (frame === null) written = false;
    return frame === null ? raw : `${label}, line ${frame.line}, column ${frame.column}`;
  });
  return written ? text : null;
}

function headerOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** Below the user's own frames there is only how the kernel called them. */
function withoutKernel(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => line.includes("cotangent-cell:"));
  const kernel = lines.findIndex(
    (line, i) => i > end && (line.includes(KERNEL) || line.includes("node:inspector")),
  );
  return end < 0 || kernel < 0 ? lines : lines.slice(0, end + 1);
}

/** Make `error.stack`, and so `console.log(error)`, name cells as people do. Code that sets its own formatter wins. */
export function installStackTraces(): void {
  Error.prepareStackTrace = (error, sites) => {
    const lines = sites.map((site) => `    at ${String(site)}`);
    const header = headerOf(error);
    rawStacks.set(error, [header, ...lines].join("\n"));
    return [header, ...withoutKernel(lines).flatMap((line) => labelPlaces(line) ?? [])].join("\n");
  };
}
