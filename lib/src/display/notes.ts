/** The small print of a picture: what is shown, and everything that is not. */
import {
  type AttentionTrace,
  axisName,
  axisNumber,
  radiusNotes,
  residualCurve,
  shortNumber,
} from "../trace/index.js";
import { elide } from "./text.js";

/** A trace may come from anyone; a picture has only so much room. */
const LONGEST_NAME = 24;
const LONGEST_REASON = 160;

/** The solve in one line: map, solver, sizes, and which iteration is shown. */
export function describeSolve(trace: AttentionTrace, frame: number): string {
  const { solver, tokens, heads, preset, frames, outcome } = trace;
  const shown = frames.iterations[frame]!;
  const result = trace.training ? "the last" : "the result";
  const which = shown === outcome.bestIteration ? result : "the last one stored";
  return [
    `preset ${elide(preset, LONGEST_NAME)}`,
    `${elide(solver.name, LONGEST_NAME)}, damping ${shortNumber(solver.damping)}, tolerance ${shortNumber(solver.tolerance)}`,
    `${count(tokens.length, "token")}, ${count(heads.length, "head")}`,
    `attention at ${axisName(trace)} ${axisNumber(trace, shown)} (${which})`,
  ].join("  ·  ");
}

export interface Drawn {
  /** Heads that are drawn. */
  readonly heads: number;
  /** Weights that are not finite. */
  readonly hatched: number;
  /** Cells on a side that one drawn cell stands for. */
  readonly block: number;
  /** Every n-th token has its label. */
  readonly every: number;
}

/** Sentences about what the picture leaves out or cannot show; none when there is nothing to say. */
export function attentionNotes(trace: AttentionTrace, { heads, hatched, block, every }: Drawn): string[] {
  const notes: string[] = [];
  notes.push(...radiusNotes(trace));
  if (residualCurve(trace).tolerance === undefined) {
    notes.push(`The solver measured another residual (${trace.solver.mode}, ${trace.solver.norm} norm).`);
  }
  if (hatched > 0)
    notes.push(`${count(hatched, "weight")} ${hatched === 1 ? "is" : "are"} NaN or infinite (hatched).`);
  if (heads < trace.heads.length) notes.push(`The first ${heads} of ${trace.heads.length} heads are drawn.`);
  if (block > 1) notes.push(`Each drawn cell is the mean of ${block} × ${block} weights.`);
  if (every > 1) notes.push(`Every ${ordinal(every)} token is labelled.`);
  for (const { what, kept, of, reason } of trace.omissions) {
    notes.push(`${kept} of ${of} ${elide(what, LONGEST_NAME)} are stored: ${elide(reason, LONGEST_REASON)}.`);
  }
  return notes;
}

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

const ordinal = (n: number): string => `${n}${n === 2 ? "nd" : n === 3 ? "rd" : "th"}`;
