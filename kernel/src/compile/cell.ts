/** A cell on its way from TypeScript to something that can be evaluated. */

import type { LineMap } from "./positions.js";

/** The name of a cell's script in stack traces. */
export const cellUrl = (id: number): string => `cotangent-cell:${id}`;

/** How a name is bound at the top level: `let`, `const`, `class` and imports; or `var` and functions. */
export type BindingKind = "lexical" | "global";

/** The names that cells have declared so far. */
export type Scope = ReadonlyMap<string, BindingKind>;

/** What one step hands to the next. */
export interface CellText {
  readonly code: string;
  /** Characters put before the first line; a column of that line is this much too large. */
  readonly firstLineShift: number;
  /** The source map where the code was emitted and not only blanked; see positions.ts. */
  readonly lines?: readonly LineMap[];
  /** What the cell declares, once that is known. */
  readonly declares: Scope;
}

/** One step of the pipeline: a pure function. */
export type Step = (cell: CellText, scope: Scope) => CellText;

/** A stretch of the text the user wrote; lines and columns from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** The cell cannot be compiled. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  readonly place: Place | null;

  constructor(message: string, place: Place | null) {
    super(message);
    this.place = place;
  }
}

/** A parser's stack is finite; Node's own would overflow as well. */
export class TooDeepError extends CompileError {
  constructor() {
    super(
      "The code is nested too deeply, or has too long an expression, to be compiled. Take it apart, or read it from a file",
      null,
    );
  }
}
