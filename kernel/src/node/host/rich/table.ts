/** Rows of data as a table: HTML for notebooks, aligned text for the rest. */
import { inspect } from "node:util";

import type { Json } from "../../../core/message.js";

export interface TableOptions {
  /** How many rows are shown at most (50). What is left out is said. */
  readonly limit?: number;
  /** Which columns, in which order; all when not given. */
  readonly columns?: readonly string[];
}

const LIMIT = 50;
const MOST_COLUMNS = 40;
const LONGEST_CELL = 120;

interface Grid {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** How many rows there are; null when nobody knows without reading them all. */
  readonly total: number | null;
  readonly hiddenColumns: number;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const isArrayLike = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

/** Reading a property of a user's object may run code that throws. */
function read(record: Record<string, unknown>, key: string): unknown {
  try {
    return record[key];
  } catch (error) {
    return `[${String(error)}]`;
  }
}

/** Columns by name become records. */
function* recordsOf(columns: Record<string, ArrayLike<unknown>>, length: number): Generator<Json> {
  for (let i = 0; i < length; i++)
    yield Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]]));
}

function source(data: unknown): { readonly items: Iterable<unknown>; readonly total: number | null } {
  if (data instanceof Map)
    return {
      items: Array.from(data, ([key, value]) => ({ key: key as unknown, value: value as unknown })),
      total: data.size,
    };
  if (isArrayLike(data)) return { items: data as unknown as Iterable<unknown>, total: data.length };
  if (data instanceof Set) return { items: data, total: data.size };
  if (isObject(data) && Symbol.iterator in data)
    return { items: data as unknown as Iterable<unknown>, total: null };
  if (isObject(data)) {
    const values = Object.values(data);
    if (values.length > 0 && values.every(isArrayLike)) {
      const length = Math.max(...values.map((column) => column.length));
      return { items: recordsOf(data as Record<string, ArrayLike<unknown>>, length), total: length };
    }
    const entries = Object.entries(data).map(([key, value]) => ({ key, value }));
    return { items: entries, total: entries.length };
  }
  throw new TypeError(
    "display.table takes rows: an array of objects or of arrays, a Map, any iterable, or an object of columns.",
  );
}

function gridOf(data: unknown, { limit = LIMIT, columns: wanted }: TableOptions): Grid {
  const { items, total } = source(data);
  const shown: unknown[] = [];
  let more = false;
  for (const item of items) {
    more = shown.length >= limit;
    if (more) break;
    shown.push(item);
  }
  const records = shown.map((item): Record<string, unknown> => {
    if (isArrayLike(item)) return Object.fromEntries(Array.from(item, (value, i) => [String(i), value]));
    return isObject(item) ? item : { value: item };
  });
  const all = wanted ?? [...new Set(records.flatMap((record) => Object.keys(record)))];
  const columns = all.slice(0, MOST_COLUMNS);
  return {
    columns,
    rows: records.map((record) => columns.map((column) => read(record, column))),
    total: total ?? (more ? null : shown.length),
    hiddenColumns: all.length - columns.length,
  };
}

function textOf(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  const text =
    typeof value === "string"
      ? value
      : value instanceof Date && !Number.isNaN(value.getTime())
        ? value.toISOString()
        : inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 8 });
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
}

const isNumeric = (value: unknown): boolean => typeof value === "number" || typeof value === "bigint";

/** Numbers are read by their last digit, words by their first letter. */
const alignsRight = (grid: Grid, column: number): boolean => {
  const values = grid.rows.map((row) => row[column]).filter((value) => value !== undefined && value !== null);
  return values.length > 0 && values.every(isNumeric);
};

function leftOut({ rows, total, hiddenColumns }: Grid): string {
  const count = new Intl.NumberFormat("en").format;
  const said: string[] = [];
  if (total === null) said.push(`the first ${count(rows.length)} rows; there are more`);
  else if (total > rows.length) said.push(`${count(rows.length)} of ${count(total)} rows`);
  if (hiddenColumns > 0) said.push(`${count(hiddenColumns)} more columns`);
  return said.join("; ");
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function htmlOf(grid: Grid): string {
  const align = grid.columns.map((_, i) => ` style="text-align: ${alignsRight(grid, i) ? "right" : "left"}"`);
  const head = grid.columns.map((name, i) => `<th${align[i]}>${escapeHtml(name)}</th>`).join("");
  const body = grid.rows
    .map(
      (row) =>
        `<tr>${row.map((value, i) => `<td${align[i]}>${escapeHtml(textOf(value))}</td>`).join("")}</tr>`,
    )
    .join("\n");
  const note = leftOut(grid);
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>${note && `<p><em>${note}</em></p>`}`;
}

function plainOf(grid: Grid): string {
  const cells = [
    grid.columns,
    ...grid.rows.map((row) => row.map((value) => textOf(value).replace(/\s+/g, " "))),
  ];
  const widths = grid.columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) =>
    row
      .map((text, i) => (alignsRight(grid, i) ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return [...lines, leftOut(grid)].filter((line) => line !== "").join("\n");
}

/** @throws TypeError when `data` are no rows */
export function tableBundle(data: unknown, options: TableOptions = {}): Json {
  const grid = gridOf(data, options);
  if (grid.columns.length === 0) return { "text/plain": `(no rows)` };
  return { "text/html": htmlOf(grid), "text/plain": plainOf(grid) };
}
