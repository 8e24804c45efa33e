/** "use ad": the pass that lets ordinary arithmetic be recorded. Text in, text and source map out. */
import type { Context, Shared } from "./context.js";
import { DIRECTIVE, directivesOf, isMarked } from "./directives.js";
import { type Doc, raw } from "./doc.js";
import { type Flat, flatten } from "./flatten.js";
import { inPlace } from "./in-place.js";
import { analyseKinds } from "./kinds.js";
import { chooseNames } from "./names.js";
import { type Original, prelude } from "./prelude.js";
import { assemble } from "./print.js";
import { analyseScopes } from "./scopes.js";
import { type Of, parseTree, type SourceType } from "./tree.js";

export interface InstrumentOptions {
  /** What the source is called on the tape: a file, or a cell. */
  readonly name: string;
  /** The end of the names that the pass adds, so that those of several cells do not meet. */
  readonly suffix?: string;
  readonly sourceType?: SourceType;
  /** Whether code outside this text can write to its variables, as other cells can. */
  readonly open?: boolean;
  /** What the person wrote, where that is not the text given: expressions are shown as they are there. */
  readonly original?: Original;
}

/** The code; and its decoded source map: one list of segments [column, 0, line, column] a line, all from 0. */
export type Instrumented = Flat;

/** What a text must contain to be worth parsing. */
const MENTIONED = /["']use ad["']/;

/**
 * A function that says "use ad" in its first line gets two bodies: its own, and one whose arithmetic is recorded. Which one
 * runs is asked at every call. Functions inside it are treated alike. A text whose first statement says it means all of
 * its functions, and what is computed at its top level.
 *
 * @param source JavaScript, or TypeScript whose types have been blanked
 * @returns null where there is nothing to do
 * @throws SyntaxError (acorn's) when the text is none
 */
export function instrument(
  source: string,
  { name, suffix = "", sourceType = "module", open = sourceType === "script", original }: InstrumentOptions,
): Instrumented | null {
  if (!MENTIONED.test(source)) return null;
  const { program, comments } = parseTree(source, sourceType);
  const scopes = analyseScopes(program, open);
  const names = chooseNames(program, suffix);
  const kinds = analyseKinds(program, scopes);
  const shared: Shared = {
    ...{ source, scopes, kinds, names },
    ...{ sites: new Map(), fused: new Map(), operations: 0, temporaries: 0 },
  };
  const cx: Context = { shared, ops: `${names.runtime}.ops`, frame: { temporaries: [] } };
  const directives = directivesOf(program);
  const extent = isMarked(program) ? "all" : "none";
  const at = directives.at(-1)?.end ?? (source.startsWith("#!") ? (comments[0]?.end ?? 0) : 0);
  const body: Doc = assemble(
    { ...program, start: at, end: source.length },
    (child) => inPlace(child, cx, extent),
    "is",
    program.body.slice(directives.length),
  );
  if (shared.sites.size === 0) return null;
  const needsEnd = directives.length > 0 && source[at - 1] !== ";";
  const head = [withoutUseAd(directives, at), needsEnd ? ";" : "", prelude(shared, cx.frame, name, original)];
  return flatten([head, body], source, comments);
}

/** What stands before the prelude. A directive that has been obeyed would be the value of a cell that only declares. */
function withoutUseAd(directives: readonly Of<"ExpressionStatement">[], end: number): Doc {
  const docs: Doc[] = [];
  let at = 0;
  for (const node of directives) {
    docs.push(raw(at, node.directive === DIRECTIVE ? node.start : node.end));
    at = node.end;
  }
  return [docs, raw(at, end)];
}
