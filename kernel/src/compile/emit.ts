/** TypeScript that is more than types, and JSX, to JavaScript: a real emit by esbuild, with its source map. */
import { decode } from "@jridgewell/sourcemap-codec";
import type { Message, TransformOptions } from "esbuild";

import { CompileError, type Place } from "./cell.js";
import type { LineMap } from "./positions.js";

export interface Emitted {
  readonly code: string;
  readonly lines: readonly LineMap[];
}

/** What a tsconfig.json may say about how code is emitted. */
export interface EmitSettings {
  readonly jsx?: string;
  readonly jsxFactory?: string;
  readonly jsxFragmentFactory?: string;
  readonly jsxImportSource?: string;
  readonly experimentalDecorators?: boolean;
  readonly useDefineForClassFields?: boolean;
}

export type Loader = "ts" | "tsx" | "jsx";

/** `/** @jsx h *\/` names a factory, which only the classic form of JSX has. */
const NAMES_FACTORY = /@jsx\s+[\w$.]+/;
const SERVICE_ENDED = /service (?:was stopped|is no longer running)/;

/** esbuild counts columns in bytes of UTF-8. */
const unitsIn = (line: string, bytes: number): number =>
  Buffer.from(line, "utf8").subarray(0, bytes).toString("utf8").length;

function toCompileError({ text, location }: Message, firstLineShift: number): CompileError {
  if (location === null) return new CompileError(text, null);
  const { line, column, length, lineText } = location;
  const shift = line === 1 ? firstLineShift : 0;
  const start = Math.max(1, unitsIn(lineText, column) + 1 - shift);
  const end = Math.max(1, unitsIn(lineText, column + length) + 1 - shift);
  const place: Place =
    end > start ? { line, column: start, endLine: line, endColumn: end } : { line, column: start };
  return new CompileError(text, place);
}

function optionsFor(source: string, loader: Loader, settings: EmitSettings): TransformOptions {
  const classic = NAMES_FACTORY.test(source);
  return {
    loader,
    target: "node20.19",
    sourcemap: "external",
    sourcesContent: false,
    treeShaking: false,
    logLevel: "silent",
    tsconfigRaw: {
      compilerOptions: {
        ...settings,
        // Without a word about it, JSX means what it means in a new project today.
        jsx: classic ? "react" : ((settings.jsx ?? "react-jsx") as "react-jsx"),
        // A name that this cell imports and does not use is for a later cell.
        verbatimModuleSyntax: true,
      },
    },
  };
}

/**
 * @param firstLineShift to be taken off the columns of the first line of an error
 * @throws CompileError on a syntax error
 */
export async function emit(
  source: string,
  loader: Loader,
  settings: EmitSettings = {},
  firstLineShift = 0,
): Promise<Emitted> {
  // Its process starts at the first cell that needs it; most notebooks never do.
  const esbuild = await import("esbuild");
  const transform = () => esbuild.transform(source, optionsFor(source, loader, settings));
  try {
    const { code, map } = await transform().catch((error: unknown) => {
      if (!SERVICE_ENDED.test(String(error))) throw error;
      void esbuild.stop();
      return transform();
    });
    return { code, lines: decode((JSON.parse(map) as { mappings: string }).mappings) };
  } catch (error) {
    const [first] = (error as { errors?: readonly Message[] }).errors ?? [];
    if (first !== undefined) throw toCompileError(first, firstLineShift);
    throw error;
  }
}
