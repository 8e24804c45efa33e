/** What a tape costs in memory: of each node, and of each line of the source. */
import { isLeafObject } from "../ad/leaves.js";
import { spanOf } from "../runtime/sources.js";
import { STATEMENT } from "./kinds.js";
import type { Tape } from "./tape.js";

/** op 1, two operands 4 each, passive operand 8, value 8, site 4. */
export const BYTES_PER_NODE = 29;
/** An input of a statement: its node 4, its weight 8. */
const BYTES_PER_ARGUMENT = 12;

interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "float64" | "int32";
}

/** The tensor that a node is; null for a number. */
export function tensorOf(tape: Tape, id: number): TensorLike | null {
  const object = tape.ownObjects?.get(id);
  return object !== undefined && isLeafObject(object) && "shape" in object
    ? (object as unknown as TensorLike)
    : null;
}

const WIDTH = { float32: 4, float64: 8, int32: 4 } as const;

/** Its row in the columns, what a statement keeps of its inputs, the numbers of a tensor. */
export function bytesOf(tape: Tape, id: number): number {
  const tensor = tensorOf(tape, id);
  const kept = tensor ? tensor.shape.reduce((size, extent) => size * extent, WIDTH[tensor.dtype]) : 0;
  const args = tape.ops[id] === STATEMENT ? tape.right[id]! - tape.left[id]! : 0;
  return BYTES_PER_NODE + BYTES_PER_ARGUMENT * args + kept;
}

export interface LineBytes {
  /** A cell or a file; "" for what was not made by instrumented code, as the inputs. */
  readonly source: string;
  /** From 1; 0 where there is none. */
  readonly line: number;
  readonly nodes: number;
  readonly bytes: number;
  /** The line, without what is before and behind it. */
  readonly text: string;
}

/** By line of the source, the most expensive first. */
export function bytesByLine(tape: Tape): LineBytes[] {
  const lines = new Map<
    string,
    { source: string; line: number; nodes: number; bytes: number; text: string }
  >();
  for (let id = 0; id < tape.length; id++) {
    const span = spanOf(tape.sites[id]!);
    const [source, line] = [span?.name ?? "", span?.line ?? 0];
    const key = `${source}:${line}`;
    const own = lines.get(key) ?? { source, line, nodes: 0, bytes: 0, text: span?.lineText.trim() ?? "" };
    own.nodes++;
    own.bytes += bytesOf(tape, id);
    lines.set(key, own);
  }
  return [...lines.values()].sort((a, b) => b.bytes - a.bytes || a.line - b.line);
}

/** As a table. */
export function printLines(lines: readonly LineBytes[]): string {
  const rows = lines.map(({ source, line, nodes, bytes, text }) => [
    String(bytes),
    String(nodes),
    source === "" ? "(inputs, and what was not instrumented)" : `${source}, line ${line}`,
    text,
  ]);
  const head = ["bytes", "nodes", "where", "line"];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const print = (row: readonly string[]) =>
    row.map((cell, i) => (i < 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join("  ").trimEnd(); // prettier-ignore
  return [head, ...rows].map(print).join("\n");
}
