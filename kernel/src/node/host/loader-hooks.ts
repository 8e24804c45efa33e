/** Loader hooks for a notebook's own files: TypeScript is stripped, "cotangent" is found without an install. */
import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";

import { transformSync } from "@swc/wasm-typescript";

const TYPESCRIPT = /\.m?ts$/;
/** Endings to try, in order, when a relative import names no file that exists. */
const ENDINGS = [".ts", ".mts", ".js", ".mjs", "/index.ts"];

const isMissing = (error: unknown): boolean =>
  ["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"].includes(
    (error as NodeJS.ErrnoException).code ?? "",
  );

/** TypeScript names the file that will be emitted: "./x.js" may be "./x.ts". */
function candidates(specifier: string): string[] {
  const emitted = /^(.*)\.(m?)js$/.exec(specifier);
  return emitted ? [`${emitted[1]}.${emitted[2]}ts`] : ENDINGS.map((ending) => specifier + ending);
}

export const resolve: ResolveHook = async (specifier, context, next) => {
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
  if (protocol !== "file:" || !TYPESCRIPT.test(pathname)) return next(url, context);
  const source = await readFile(fileURLToPath(url.replace(/\?.*$/, "")), "utf8");
  return { format: "module", source: strip(source, pathname), shortCircuit: true };
};

/** Strip types in place; a file with an enum or a namespace is transformed instead, with its source map inside. */
function strip(source: string, filename: string): string {
  try {
    return transformSync(source, { mode: "strip-only", module: true, filename }).code;
  } catch (error) {
    const { code, message, startLine, startColumn } = error as {
      code?: string;
      message?: string;
      startLine?: number;
      startColumn?: number;
    };
    if (code === "UnsupportedSyntax")
      return transformSync(source, { mode: "transform", module: true, filename }).code;
    throw new SyntaxError(`${filename}, line ${startLine}, column ${(startColumn ?? 0) + 1}: ${message}`, {
      cause: error,
    });
  }
}
