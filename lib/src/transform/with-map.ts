/** Instrumented code with its source map at its end, where Node, bundlers and browsers look for it. */
import { decode, encode, type SourceMapMappings } from "@jridgewell/sourcemap-codec";

import { composeMappings, placeIn } from "./compose.js";
import { instrument } from "./instrument.js";
import type { Original } from "./prelude.js";

/** As the comment holds it, or as a bundler hands it over. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: (string | null)[];
  readonly sourcesContent?: (string | null)[];
  readonly names: string[];
  readonly mappings: string;
}

const COMMENT = /\n?\/\/# sourceMappingURL=data:application\/json[^,\n]*,([^\n]*)\s*$/;

/** The map that a text carries, from an earlier step. */
function carried(code: string): { readonly code: string; readonly map: SourceMap | null } {
  const found = COMMENT.exec(code);
  if (found === null) return { code, map: null };
  try {
    const map = JSON.parse(Buffer.from(found[1]!, "base64").toString("utf8")) as SourceMap;
    return { code: code.slice(0, found.index), map };
  } catch {
    return { code, map: null };
  }
}

/** The file that a map came from, if the map has its text. */
function originalOf(mappings: SourceMapMappings, { sourcesContent }: SourceMap): Original | null {
  const source = sourcesContent?.[0];
  return typeof source === "string" ? { source, place: (position) => placeIn(mappings, position) } : null;
}

/**
 * @param file what the source is called on tapes and in stack traces
 * @param given the map of an earlier step, where the text does not carry it
 * @returns null where the text does not say "use ad"
 */
export function instrumentWithMap(
  source: string,
  file: string,
  given: SourceMap | null = null,
): { readonly code: string; readonly map: SourceMap } | null {
  const { code: text, map: own } = carried(source);
  const earlier = given ?? own;
  const before = earlier === null ? null : decode(earlier.mappings);
  const original = before === null ? null : originalOf(before, earlier!);
  const made = instrument(text, { name: file, ...(original && { original }) });
  if (made === null) return null;
  const mappings = before === null ? made.mappings : composeMappings(made.mappings, before);
  const origin = earlier ?? { sources: [file], sourcesContent: [text] };
  return { code: made.code, map: { version: 3, names: [], ...origin, mappings: encode(mappings) } };
}

/** The comment that holds a map. */
export const mapComment = (map: SourceMap): string =>
  `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}\n`;
