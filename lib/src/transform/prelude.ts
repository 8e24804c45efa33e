/** What an instrumented text says first: where the runtime is, and which places its operations stand for. */
import type { Frame, Shared } from "./context.js";
import { lineIndex, lineStarts, type Position } from "./positions.js";
import type { Range } from "./tree.js";

/** What the person wrote. */
export interface Original {
  readonly source: string;
  /** Where a place of the text given was; null where nobody wrote it. */
  readonly place: (position: Position) => Position | null;
}

/** Start, end, line (from 1) and column (from 0) of a place, in what the person wrote. */
function spanOf({ start, end }: Range, place: (offset: number) => Position, original?: Original): number[] {
  const from = place(start);
  if (original === undefined) return [start, end, from.line, from.column];
  const found = original.place(from);
  if (found === null) return [0, 0, 1, 0];
  const starts = lineStarts(original.source);
  const offsetOf = ({ line, column }: Position): number =>
    Math.min((starts[line - 1] ?? 0) + column, original.source.length);
  const begin = offsetOf(found);
  // The end is where its last character was; a text moved as a whole keeps its length.
  const last = original.place(place(end - 1));
  const finish = last === null ? begin + (end - start) : offsetOf(last) + 1;
  return [begin, Math.max(finish, begin), found.line, found.column];
}

/** One declaration and no other statement, because a cell's value is that of its last expression statement. */
export function prelude(
  { names, sites, source, fused }: Shared,
  { temporaries }: Frame,
  name: string,
  original?: Original,
): string {
  const { runtime, base } = names;
  const place = lineIndex(source);
  const spans = [...sites.keys()].flatMap((node) => spanOf(node, place, original));
  const fields = [
    `name: ${JSON.stringify(name)}`,
    `base: ${runtime}.sites`,
    `spans: [${spans.join(",")}]`,
    `source: ${JSON.stringify(original?.source ?? source)}`,
  ];
  return [
    `const ${runtime} = globalThis[Symbol.for("cotangent.runtime")] ??= { recording: 0, sites: 0, sources: [] }, `,
    ...[...fused.values()].map((text, i) => `${names.fused}${i + 1} = ${text}, `),
    `${base} = (${runtime}.sources.push({ ${fields.join(", ")} }), (${runtime}.sites += ${sites.size}) - ${sites.size}); `,
    temporaries.length > 0 ? `let ${temporaries.join(", ")}; ` : "",
  ].join("");
}
