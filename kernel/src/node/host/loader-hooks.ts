/** Loader hooks for a notebook's own files: TypeScript is stripped, "cotangent" is found without an install. */
import { readFile } from "node:fs/promises";
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { receiveMessageOnPort } from "node:worker_threads";

import { CompileError } from "../../compile/cell.js";
import { emit, type Emitted, type Loader } from "../../compile/emit.js";
import { stripTypes, UnsupportedSyntaxError } from "../../compile/strip-types.js";
import { needsEmit } from "../../compile/to-javascript.js";
import { mentionsUseAd } from "../../compile/use-ad.js";
import type { FileMap } from "./file-maps.js";
import { type LoaderData, type ModuleCell, moduleCellUrl } from "./module-cells.js";

const TYPESCRIPT = /\.([mc]?ts|tsx|jsx)$/;
/** Endings to try, in order, when a relative import names no file that exists. */
const ENDINGS = [".ts", ".tsx", ".mts", ".js", ".mjs", ".jsx", "/index.ts", "/index.tsx", "/index.js"];

const isMissing = (error: unknown): boolean =>
  ["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"].includes(
    (error as NodeJS.ErrnoException).code ?? "",
  );

/** TypeScript names the file that will be emitted: "./x.js" may be "./x.ts". */
function candidates(specifier: string): string[] {
  const emitted = /^(.*)\.([mc]?)js(x?)$/.exec(specifier);
  return emitted
    ? [`${emitted[1]}.${emitted[2]}ts${emitted[3]}`, `${emitted[1]}.tsx`]
    : ENDINGS.map((ending) => specifier + ending);
}

let data: LoaderData | null = null;
const moduleCells = new Map<string, ModuleCell>();

export const initialize: InitializeHook<LoaderData> = (given) => {
  data = given;
};

/** Take what the main thread has sent; it sent it before it asked for the import. */
function takeModuleCells(): void {
  if (data === null) return;
  for (
    let next = receiveMessageOnPort(data.port);
    next !== undefined;
    next = receiveMessageOnPort(data.port)
  ) {
    const cell = next.message as ModuleCell;
    moduleCells.set(cell.path, cell);
  }
}

/** A module cell that another module imports. */
function moduleCellFor(specifier: string, parentURL: string | undefined): ModuleCell | undefined {
  takeModuleCells();
  if (moduleCells.size === 0 || !/^(?:\.{1,2}\/|file:)/.test(specifier)) return undefined;
  const { protocol, href } = new URL(specifier, parentURL);
  if (protocol !== "file:") return undefined;
  return moduleCells.get(fileURLToPath(href.replace(/\?.*$/, "")).replace(/\.[cm]?[jt]sx?$/, ""));
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const cell = moduleCellFor(specifier, context.parentURL);
  if (cell !== undefined)
    return { url: moduleCellUrl(cell.path, cell.id), format: "module", shortCircuit: true };
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (/^cotangent(?:\/|$)/.test(specifier))
      return next(specifier, { ...context, parentURL: import.meta.url });
    if (/^(?:\.{1,2}\/|file:)/.test(specifier))
      for (const candidate of candidates(specifier)) {
        try {
          return await next(candidate, context);
        } catch (again) {
          if (!isMissing(again)) throw again;
        }
      }
    throw error;
  }
};

export const load: LoadHook = async (url, context, next) => {
  const { protocol, pathname } = new URL(url);
  const [, kind = ""] = TYPESCRIPT.exec(pathname) ?? [];
  if (protocol !== "file:" || kind === "") return next(url, context);
  const cell = moduleCellFor(url, undefined);
  if (cell !== undefined && url === moduleCellUrl(cell.path, cell.id))
    return { format: "module", source: cell.code, shortCircuit: true };
  const path = fileURLToPath(url.replace(/\?.*$/, ""));
  const source = await toModule(await readFile(path, "utf8"), path, kind);
  return { format: kind === "cts" ? "commonjs" : "module", source, shortCircuit: true };
};

const LOADERS: Record<string, Loader> = { tsx: "tsx", jsx: "jsx" };

/** Types are blanked in place; what cannot be is emitted, and its source map sent to the main thread. */
async function toModule(source: string, path: string, kind: string): Promise<string> {
  try {
    const blanked = LOADERS[kind] === undefined ? blank(source) : null;
    const made: Module =
      blanked === null ? await emit(source, LOADERS[kind] ?? "ts", data?.settings ?? {}) : { code: blanked };
    const { code, lines } = mentionsUseAd(made.code) ? await recordable(made, path) : made;
    if (lines !== undefined) data?.port.postMessage({ path, lines } satisfies FileMap);
    return code;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const where = error.place ? `, line ${error.place.line}, column ${error.place.column}` : "";
    throw new SyntaxError(`${path}${where}: ${error.message}`, { cause: error });
  }
}

interface Module {
  readonly code: string;
  /** Where the lines are in the file; absent where they are the file's own. */
  readonly lines?: Emitted["lines"];
}

/** The functions that say "use ad" with their second bodies, if there are any. */
async function recordable(module: Module, path: string): Promise<Module> {
  const { composeMappings, instrument } = await import("cotangent/transform");
  const made = instrument(module.code, { name: path });
  if (made === null) return module;
  const { code, mappings } = made;
  return { code, lines: module.lines ? composeMappings(mappings, module.lines) : mappings };
}

/** @returns null where a real emit is needed */
function blank(source: string): string | null {
  try {
    const { code } = stripTypes({ code: source, firstLineShift: 0, declares: new Map() });
    return needsEmit(code, source) ? null : code;
  } catch (error) {
    if (error instanceof UnsupportedSyntaxError) return null;
    throw error;
  }
}
