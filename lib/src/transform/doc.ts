/** The text to be: pieces of the source and pieces that are new, which know the place that they stand for. */

/** A piece of the source. `line`: comments and line breaks left out. `literal`: line breaks written as `\n`. */
export interface Raw {
  readonly start: number;
  readonly end: number;
  readonly as: "is" | "line" | "literal";
}

/** New text; `at` is the place in the source that it stands for. */
export interface New {
  readonly text: string;
  readonly at: number;
}

/** A string stands for no place. */
export type Doc = string | Raw | New | readonly Doc[];

export const raw = (start: number, end: number, as: Raw["as"] = "is"): Doc =>
  start < end ? { start, end, as } : "";

export const join = (docs: readonly Doc[], separator: string): Doc =>
  docs.flatMap((doc, i) => (i === 0 ? [doc] : [separator, doc]));
