/** The compiler options of a notebook: those of the tsconfig.json beside it, or good ones; some are the kernel's to set. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { SCOPE_MODULE } from "./scope.js";

export interface ProjectFiles {
  readonly config: string;
  readonly cell: string;
  /** The same for cells with JSX in them. */
  readonly jsxCell: string;
  readonly scope: string;
  /** The user's own tsconfig.json; null when there is none. */
  readonly userConfig: string | null;
}

export function projectFiles(folder: string): ProjectFiles {
  const userConfig = join(folder, "tsconfig.json");
  return {
    config: join(folder, "__cotangent_tsconfig__.json"),
    cell: join(folder, "__cotangent_cell__.ts"),
    jsxCell: join(folder, "__cotangent_jsx_cell__.tsx"),
    scope: join(folder, `${SCOPE_MODULE}.ts`),
    userConfig: existsSync(userConfig) ? userConfig : null,
  };
}

/** The types of the kernel's own globals. */
const HOST_GLOBALS = fileURLToPath(new URL("../../types/globals.d.ts", import.meta.url));

/** What holds where the notebook has no tsconfig.json: strict where it finds mistakes, quiet where it only nags. */
const DEFAULTS = {
  target: "es2022",
  strict: true,
  // Reports of implicit `any` are left out later; with the option off, `const xs = []` could not be pushed to.
  noImplicitAny: true,
  noImplicitThis: false,
  strictPropertyInitialization: false,
  useUnknownInCatchVariables: false,
};

/** What a user's configuration may set, and gets when it does not. */
const UNLESS_SET = {
  // DOM types, because d3, Plotly and Observable Plot are written in them.
  lib: ["es2023", "esnext.disposable", "dom"],
  jsx: "preserve",
  allowJs: true,
  esModuleInterop: true,
  resolveJsonModule: true,
};

/** What a cell needs, whatever a configuration for a build says. */
const FIXED = {
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  customConditions: ["node"],
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedDeclarations: false,
  isolatedModules: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  rewriteRelativeImportExtensions: false,
  // Every name of a cell is unused until a later cell uses it.
  noUnusedLocals: false,
  noUnusedParameters: false,
  checkJs: false,
  noLib: false,
  rootDir: null,
  rootDirs: null,
  outDir: null,
  outFile: null,
  declarationDir: null,
  tsBuildInfoFile: null,
  plugins: null,
};

function packageFolder(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

const asPath = (path: string): string => path.replaceAll("\\", "/");

/** "cotangent" and its entries, for a notebook whose folder has not installed it. */
function ownPaths(folder: string): Record<string, string[]> {
  if (packageFolder("cotangent", folder) !== null) return {};
  const manifest = createRequire(import.meta.url).resolve("cotangent/package.json");
  const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as {
    exports: Record<string, string | { types?: string }>;
  };
  const paths: Record<string, string[]> = {};
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === "string" || target.types === undefined) continue;
    paths[`cotangent${entry.slice(1)}`] = [asPath(join(dirname(manifest), target.types))];
  }
  return paths;
}

/** The user's own paths; they are relative to the file that says them. */
function givenPaths(
  folder: string,
  given: Readonly<Record<string, unknown>> | null,
): Record<string, string[]> {
  const paths = (given?.["paths"] ?? {}) as Record<string, string[]>;
  const base = (given?.["pathsBasePath"] as string | undefined) ?? folder;
  const absolute = Object.entries(paths).map(([name, targets]) => [
    name,
    targets.map((target) => asPath(resolve(base, target))),
  ]);
  return Object.fromEntries(absolute) as Record<string, string[]>;
}

/**
 * The text of the project's configuration.
 *
 * @param given the options of the user's configuration, its `extends` followed; null when there is none
 */
export function projectConfig(
  folder: string,
  files: ProjectFiles,
  given: Readonly<Record<string, unknown>> | null,
): string {
  const unlessSet = Object.fromEntries(
    Object.entries(UNLESS_SET).filter(([name]) => given?.[name] === undefined),
  );
  const ownNodeTypes = packageFolder("@types/node", folder);
  const kernelsNodeTypes = dirname(createRequire(import.meta.url).resolve("@types/node/package.json"));
  const paths = { ...ownPaths(folder), ...givenPaths(folder, given) };
  return JSON.stringify({
    ...(given === null ? {} : { extends: "./tsconfig.json" }),
    compilerOptions: {
      ...(given === null ? DEFAULTS : {}),
      ...unlessSet,
      ...FIXED,
      ...(Object.keys(paths).length === 0 ? {} : { paths }),
      types: [
        ...((given?.["types"] as string[] | undefined) ?? []),
        asPath(ownNodeTypes ?? kernelsNodeTypes),
      ].filter((name, i, all) => name !== "node" && all.indexOf(name) === i),
    },
    include: [],
    files: [files.cell, files.jsxCell, files.scope, HOST_GLOBALS].map(asPath),
  });
}

/** Whether implicit `any` is reported: only where a user's own configuration asks for it. */
export function reportsImplicitAny(given: Readonly<Record<string, unknown>> | null): boolean {
  return (
    given?.["noImplicitAny"] === true || (given?.["strict"] === true && given["noImplicitAny"] !== false)
  );
}
