/** "use ad": the pass that lets ordinary arithmetic be recorded. Text in, text and source map out. */
import type { SourceMapMappings } from "@jridgewell/sourcemap-codec";

import { flatten } from "./flatten.js";
import { analyseKinds } from "./kinds.js";
import { lineIndex } from "./positions.js";
import { Rewriter } from "./rewriter.js";
import { analyseScopes } from "./scopes.js";
import { parseTree, type SourceType } from "./tree.js";

export interface InstrumentOptions {
  /** What the source is called on the tape: a file, or a cell. */
  readonly name: string;
  /** The end of the names that the pass adds, so that those of several cells do not meet. */
  readonly suffix?: string;
  readonly sourceType?: SourceType;
  /** Whether code outside this text can write to its variables, as other cells can. */
  readonly open?: boolean;
}

export interface Instrumented {
  readonly code: string;
  /** Decoded source map: one list of segments [column, 0, line, column] a line, all from 0. */
  readonly mappings: SourceMapMappings;
}

/** What a text must contain to be worth parsing. */
const DIRECTIVE = /["']use ad["']/;

/**
 * A function that says "use ad" in its first line gets two bodies: its own, and one whose arithmetic is recorded. Which one
 * runs is asked at every call. Functions inside it are treated alike. A text whose first statement says it means all of
 * its functions.
 *
 * @param source JavaScript, or TypeScript whose types have been blanked
 * @returns null where there is nothing to do
 * @throws SyntaxError (acorn's) when the text is none
 */
export function instrument(
  source: string,
  { name, suffix = "", sourceType = "module", open = sourceType === "script" }: InstrumentOptions,
): Instrumented | null {
  if (!DIRECTIVE.test(source)) return null;
  const { program, comments } = parseTree(source, sourceType);
  const kinds = analyseKinds(program, analyseScopes(program, open));
  const rewriter = new Rewriter(source, kinds, suffix);
  const body = rewriter.program(program);
  if (rewriter.functions === 0) return null;
  return flatten([prelude(rewriter, name, source), body], source, comments);
}

/** Finds the runtime, which the library completes when it is loaded, and tells it what the sites are. */
function prelude({ spans, name: nameOf }: Rewriter, name: string, source: string): string {
  const [own, base] = [nameOf(""), nameOf("s")];
  const place = lineIndex(source);
  const rows = spans.map(({ start, end }) => {
    const { line, column } = place(start);
    return `${start},${end},${line},${column}`;
  });
  const runtime = `(globalThis[Symbol.for("cotangent.runtime")]??={recording:0,sites:0,sources:[]})`;
  const given = `name:${JSON.stringify(name)},source:${JSON.stringify(source)},spans:[${rows.join(",")}]`;
  return (
    `var ${own}=${runtime};var ${base}=${own}.sites;` +
    `${own}.sites+=${spans.length};${own}.sources.push({base:${base},${given}});`
  );
}
