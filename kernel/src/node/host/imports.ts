/** Imports of cells: resolved from the notebook's folder, TypeScript files included, "cotangent" always there. */
import { statSync } from "node:fs";
import { createRequire, register } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import { MessageChannel, type MessagePort } from "node:worker_threads";

import { HOST } from "../../compile/host-names.js";
import { emitSettings } from "../emit-settings.js";
import { receiveFileMaps } from "./file-maps.js";
import { type LoaderData, type ModuleCell, moduleCellUrl } from "./module-cells.js";

type Namespace = Record<string, unknown>;
type ImportOptions = { readonly with?: Record<string, string> } | undefined;
type Importer = (specifier: string, options?: ImportOptions) => Promise<Namespace>;

const OWN_LIBRARY = /^cotangent(?:\/|$)/;
const RELATIVE = /^\.{1,2}\//;

/** The file that imports of cells seem to come from. */
export const REFERRER = "__cell__.js";

/** Node 20 warns, at the first import, that the loader below is experimental. The reader of a notebook cannot act on it. */
function silenceLoaderWarning(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = ((warning: unknown, ...rest: unknown[]) => {
    if (!String(warning).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER")) emit(warning, ...rest);
  }) as typeof process.emitWarning;
}

/** A dynamic import whose referrer is a file in `folder`, so that packages are looked for from there. */
function importerFrom(folder: string): Importer {
  silenceLoaderWarning();
  return new vm.Script("(specifier, options) => import(specifier, options)", {
    filename: join(folder, REFERRER),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Importer;
}

/** "/n/a.ts" and "/n/a.js" are the module "/n/a". */
const withoutEnding = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, "");

/** A file that changed since it was first imported gets a new URL; Node keeps modules for ever under the old one. */
function freshUrl(folder: string, specifier: string, firstSeen: Map<string, number>): string {
  const path = resolve(folder, specifier);
  const url = pathToFileURL(path);
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined) return specifier;
  const first = firstSeen.get(path);
  if (first === undefined) firstSeen.set(path, changed);
  else if (first !== changed) url.searchParams.set("changed", String(changed));
  return url.href;
}

function explain(error: unknown, specifier: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ERR_MODULE_NOT_FOUND" || !(error instanceof Error)) return error;
  const missing = /Cannot find package '([^']+)'/.exec(error.message)?.[1];
  if (missing !== undefined)
    error.message = `There is no package "${missing}" for this notebook. Install it in its folder: npm install ${missing}`;
  else if (RELATIVE.test(specifier))
    error.message = `There is no module "${specifier}" beside this notebook.`;
  return error;
}

/** Names that a CommonJS module has, but that Node's static look at it did not find. */
function withDefaultsMembers(namespace: Namespace, missing: readonly string[]): Namespace {
  const inner = namespace["default"];
  if ((typeof inner !== "object" && typeof inner !== "function") || inner === null) return namespace;
  const found = missing.filter((name) => name in inner);
  if (found.length === 0) return namespace;
  return { ...namespace, ...Object.fromEntries(found.map((name) => [name, (inner as Namespace)[name]])) };
}

/** Modules that the kernel brings itself, made when they are first imported. */
type Builtins = ReadonlyMap<string, () => object>;

export function installImports(folder: string, builtins: Builtins = new Map()): void {
  const made = new Map<string, Namespace>();
  const builtin = (specifier: string): Namespace | null => {
    const make = builtins.get(specifier);
    if (make === undefined) return null;
    if (!made.has(specifier)) made.set(specifier, { ...make() });
    return made.get(specifier)!;
  };

  const importFrom = importerFrom(folder);
  const firstSeen = new Map<string, number>();
  let hooks: MessagePort | null = null;
  /** Path of a module cell without its ending → the cell's id. */
  const moduleCells = new Map<string, number>();

  /** Only files of the user's own can be TypeScript; the hooks cost a thread, so they wait for the first one. */
  function hook(): MessagePort {
    if (hooks !== null) return hooks;
    const { port1, port2 } = new MessageChannel();
    receiveFileMaps(port1);
    port1.unref();
    const data: LoaderData = { port: port2, settings: emitSettings(folder) };
    register("./loader-hooks.js", import.meta.url, { data, transferList: [port2] });
    return (hooks = port1);
  }

  function urlOf(specifier: string): string {
    const path = resolve(folder, specifier);
    const id = moduleCells.get(withoutEnding(path));
    if (id === undefined) return freshUrl(folder, specifier, firstSeen);
    return moduleCellUrl(withoutEnding(path), id);
  }

  function defineModule(name: string, id: number, code: string): void {
    const path = join(folder, name);
    moduleCells.set(path, id);
    hook().postMessage({ path, id, code } satisfies ModuleCell);
  }

  const load: Importer = async (specifier, options) => {
    const own = builtin(specifier);
    if (own !== null) return { ...own, default: own };
    try {
      if (!RELATIVE.test(specifier)) return await importFrom(specifier, options);
      hook();
      return await importFrom(urlOf(specifier), options);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ERR_MODULE_NOT_FOUND" && OWN_LIBRARY.test(specifier))
        return (await import(import.meta.resolve(specifier))) as Namespace;
      throw explain(error, specifier);
    }
  };

  const loadStatic = async (
    specifier: string,
    required: readonly string[],
    options?: ImportOptions,
  ): Promise<Namespace> => {
    let namespace = await load(specifier, options);
    const missing = required.filter((name) => !(name in namespace));
    if (missing.length > 0) namespace = withDefaultsMembers(namespace, missing);
    const absent = missing.find((name) => !(name in namespace));
    if (absent !== undefined)
      throw new SyntaxError(`The module "${specifier}" has no export named "${absent}".`);
    return namespace;
  };

  const file = join(folder, REFERRER);
  const nodes = createRequire(file);
  const require = Object.assign(
    (specifier: string): unknown => builtin(specifier) ?? nodes(specifier),
    nodes,
  );
  const meta = {
    url: pathToFileURL(file).href,
    dirname: folder,
    filename: file,
    resolve: (specifier: string) =>
      RELATIVE.test(specifier)
        ? pathToFileURL(fileURLToPath(new URL(specifier, pathToFileURL(file)))).href
        : pathToFileURL(require.resolve(specifier)).href,
  };
  const globals = {
    [HOST.dynamicImport]: load,
    [HOST.staticImport]: loadStatic,
    [HOST.importMeta]: meta,
    [HOST.defineModule]: defineModule,
    require,
    // For `export =` and for code that is pasted from a CommonJS file.
    module: { exports: {} },
    __dirname: folder,
    __filename: file,
  };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
