/** A notebook's session with the engine: one cell after another is checked against what came before it. */
import { statSync } from "node:fs";
import { join } from "node:path";

import {
  CompletionItemKind,
  type Diagnostic,
  NodeBuilderFlags,
  type Type,
  TypeFlags,
} from "typescript/unstable/sync";
import type { SourceFile } from "typescript/unstable/ast";

import type { CellSource, Checked, Completion, RelatedPlace } from "../core/ports.js";
import { declarationsOf, type Declared } from "./declarations.js";
import { counts, toTypeDiagnostic } from "./diagnostics.js";
import { Engine, type EngineOptions } from "./engine.js";
import { projectConfig, projectFiles, reportsImplicitAny, type ProjectFiles } from "./project.js";
import { Scope, wordsIn } from "./scope.js";

/** A cell as it stands in its file. */
export interface Placed {
  readonly path: string;
  /** Where the cell's own text begins. */
  readonly from: number;
  readonly text: string;
  readonly file: SourceFile;
  readonly declarations: readonly Declared[];
  /** Where the cell's variables stand below it. */
  readonly witnesses: readonly { readonly name: string; readonly at: number }[];
}

const OPENS_BRACE = /^\s*\{/;
const ENDS_STATEMENT = /;\s*$/;
const LOOKS_LIKE_JSX = /<\/|\/>|<>/;
const IMPORTS = /\bimport\b|\bfrom\b/;
/** Cannot find a module, in several words. */
const NOT_FOUND = new Set([2307, 2732, 2792, 2882, 7016]);

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Related places in cells that ran longer ago are not shown. */
const KEPT_SOURCES = 500;

const PRINT =
  NodeBuilderFlags.NoTruncation |
  NodeBuilderFlags.AllowUniqueESSymbolType |
  NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;

export type SessionOptions = Pick<EngineOptions, "onStart" | "givenUp" | "executable">;

/** The kernel's own globals are constants, and constants are no properties of the global object. */
const HOST_NAMES: readonly Completion[] = [
  "display",
  "progress",
  "input",
  "jupyter",
  "require",
  "__dirname",
  "__filename",
].map((text) => ({
  text,
  type: "function",
}));

export class Session {
  readonly engine: Engine;
  readonly scope = new Scope();
  readonly files: ProjectFiles;
  readonly #texts = new Map<string, string>();
  #implicitAny = false;
  /** The cell that was placed last; its types can still be asked for. */
  #placed: { readonly id: number; readonly cell: Placed } | null = null;

  constructor(folder: string, options: SessionOptions) {
    this.files = projectFiles(folder);
    this.engine = new Engine({ folder, config: this.files.config, files: this.#texts, ...options });
    this.#texts.set(this.files.cell, this.scope.header(null));
    this.#texts.set(this.files.jsxCell, this.scope.header(null));
    this.#texts.set(this.files.scope, this.scope.text());
    this.#texts.set(this.files.config, projectConfig(folder, this.files, null));
    this.#folder = folder;
  }
  readonly #folder: string;

  /**
   * Read the configuration and load the project's types.
   *
   * @returns what is wrong with the user's tsconfig.json; null when nothing is
   */
  open(): string | null {
    let trouble: string | null = null;
    if (this.files.userConfig !== null) {
      this.#ownFiles.set(this.files.userConfig, changedAt(this.files.userConfig));
      try {
        const given = this.engine.parseConfig(this.files.userConfig).options;
        this.#implicitAny = reportsImplicitAny(given);
        this.#texts.set(this.files.config, projectConfig(this.#folder, this.files, given));
      } catch (error) {
        if ((error as Error).name === "EngineGone") throw error;
        trouble = (error as Error).message;
      }
    }
    this.engine.open();
    const problems = this.engine.program((program) => program.getConfigFileParsingDiagnostics());
    const own = problems.filter(({ fileName }) => fileName !== this.files.config);
    if (own[0] !== undefined) trouble = own[0].text;
    // What the first check would load lazily is loaded now.
    this.place(0, "console.log([1].map(String), new Map())");
    this.engine.diagnostics(this.files.cell);
    this.globals();
    return trouble === null ? null : `tsconfig.json: ${trouble} What it says right is used all the same.`;
  }

  check({ id, source }: CellSource): Checked {
    this.#reread();
    let cell = this.place(id, source);
    let { syntactic, semantic } = this.engine.diagnostics(cell.path);
    if (semantic.some(({ code }) => NOT_FOUND.has(code))) {
      // The package may have been installed, or the file written, since the engine looked.
      this.engine.refresh();
      cell = this.place(id, source);
      ({ syntactic, semantic } = this.engine.diagnostics(cell.path));
    }
    if (IMPORTS.test(source)) this.#noteFiles();
    const mapping = { path: cell.path, from: cell.from, source, implicitAny: this.#implicitAny };
    const found = [...syntactic, ...semantic]
      .filter((diagnostic) => counts(diagnostic, mapping))
      .sort((a, b) => a.pos - b.pos);
    return {
      diagnostics: found.map((one) =>
        toTypeDiagnostic(one, mapping, (related) => this.#inEarlierCell(related)),
      ),
    };
  }

  /** The place in an earlier cell that a related message is about; null where its text cannot be found there. */
  #inEarlierCell({ fileName, pos, end }: Diagnostic): RelatedPlace["where"] {
    if (fileName !== this.files.scope) return null;
    const place = this.scope.locate(pos);
    const at = place === null ? -1 : (this.#sources.get(place.cell)?.indexOf(place.line) ?? -1);
    if (place === null || at < 0 || place.column < 0) return null;
    return { cell: place.cell, start: at + place.column, end: at + place.column + end - pos };
  }
  /** The text of cells that have been accepted. */
  readonly #sources = new Map<number, string>();

  /** Take notice of the notebook's own files that have changed since they were read. */
  #reread(): void {
    const changed: string[] = [];
    for (const [path, at] of this.#ownFiles) {
      const now = changedAt(path);
      if (now === at) continue;
      this.#ownFiles.set(path, now);
      changed.push(path);
    }
    if (this.files.userConfig !== null && changed.includes(this.files.userConfig)) {
      this.engine.close();
      this.open();
    } else if (changed.length > 0) this.engine.touch(changed);
  }

  /** Remember which files of the notebook's folder the program has read. */
  #noteFiles(): void {
    const names = this.engine.program((program) => program.getSourceFileNames());
    for (const name of names) {
      const own = !name.includes("/node_modules/") && !this.#texts.has(name) && !name.endsWith(".d.ts");
      if (own && !this.#ownFiles.has(name)) this.#ownFiles.set(name, changedAt(name));
    }
  }
  /** Path → time of change. */
  readonly #ownFiles = new Map<string, number>();

  /** The names of the platform and of the kernel, listed once. */
  globals(): readonly Completion[] {
    if (this.#globals === null) {
      const probe = "globalThis.";
      this.engine.write(this.files.jsxCell, probe);
      const entries = this.engine.program((_program, checker) =>
        checker.getCompletionsAtPosition(this.files.jsxCell, probe.length, {}),
      )?.entries;
      const names = (entries ?? []).map(({ name, kind }) => ({
        text: name,
        type:
          kind === CompletionItemKind.Function || kind === CompletionItemKind.Method
            ? "function"
            : "variable",
      }));
      this.#globals = [...names, { text: "globalThis", type: "variable" }, ...HOST_NAMES];
    }
    return this.#globals;
  }
  #globals: readonly Completion[] | null = null;

  /** Take up what the cell declares, because it runs. */
  accept({ id, source, module }: CellSource): void {
    if (typeof module === "string") {
      this.engine.write(join(this.#folder, `${module}.ts`), source);
      // It may have been looked for, and not found.
      return this.engine.refresh();
    }
    const cell = this.#placed?.id === id ? this.#placed.cell : this.place(id, source);
    const present = this.#presence(cell);
    if (cell.declarations.length > 0) {
      this.#sources.set(id, source);
      const oldest = this.#sources.keys().next();
      if (this.#sources.size > KEPT_SOURCES && !oldest.done) this.#sources.delete(oldest.value);
    }
    if (cell.declarations.length > 0) this.scope.add(id, cell.declarations, this.#typesOf(cell));
    const narrowed = this.scope.narrow(present);
    if (narrowed || cell.declarations.length > 0) this.engine.write(this.files.scope, this.scope.text());
  }

  /** Write the cell into its file, in the reading that makes sense of it. */
  place(id: number, source: string, wanted: ReadonlySet<string> | null = wordsIn(source)): Placed {
    let cell: Placed | null = null;
    if (OPENS_BRACE.test(source) && !ENDS_STATEMENT.test(source))
      cell = this.#fitting(this.files.cell, "(", source, "\n)", wanted);
    if (cell === null && LOOKS_LIKE_JSX.test(source))
      cell = this.#fitting(this.files.jsxCell, "", source, "", wanted);
    cell ??= this.#write(this.files.cell, "", source, "", wanted);
    this.#placed = { id, cell };
    return cell;
  }

  #fitting(
    path: string,
    open: string,
    source: string,
    close: string,
    wanted: ReadonlySet<string> | null,
  ): Placed | null {
    const cell = this.#write(path, open, source, close, wanted);
    return this.engine.program((program) => program.getSyntacticDiagnostics(cell.path)).length === 0
      ? cell
      : null;
  }

  #write(
    path: string,
    open: string,
    source: string,
    close: string,
    wanted: ReadonlySet<string> | null,
  ): Placed {
    const before = wanted === null ? [] : this.scope.variables(wanted);
    const write = (header: string, names: readonly string[]): Placed => {
      const from = header.length + open.length;
      const code = header + open + source + close;
      const { text, witnesses } =
        wanted === null ? { text: code, witnesses: [] } : this.#withWitnesses(code, names);
      this.engine.write(path, text);
      const file = this.engine.sourceFile(path);
      return {
        path,
        from,
        text,
        file,
        witnesses,
        declarations: declarationsOf(file, header.length, code.length),
      };
    };
    const header = this.scope.header(wanted);
    const cell = write(header, before);
    const own = cell.declarations.flatMap(({ names }) => names);
    if (own.length === 0) return cell;
    // What the cell declares itself takes the place of what earlier cells declared.
    const better = this.scope.header(wanted, own);
    const variables = cell.declarations.flatMap((one) => (one.kind === "variables" ? one.names : []));
    if (better === header && variables.length === 0) return cell;
    return write(better, [...new Set([...before, ...variables.map(({ name }) => name)])]);
  }

  /** Below the cell its variables stand once more, so that their types at its end can be asked for. */
  #withWitnesses(
    code: string,
    names: readonly string[],
  ): { readonly text: string; readonly witnesses: Placed["witnesses"] } {
    if (names.length === 0) return { text: code, witnesses: [] };
    let text = `${code}\n;[`;
    const witnesses = names.map((name) => {
      const at = text.length;
      text += `${name},`;
      return { name, at };
    });
    return { text: `${text}];`, witnesses };
  }

  /** For the variables that may be null or undefined: whether they are certain not to be at the end of the cell. */
  #presence({ path, witnesses }: Placed): Map<string, boolean> {
    const present = new Map<string, boolean>();
    if (witnesses.length === 0) return present;
    const positions = witnesses.map(({ at }) => at);
    this.engine.program((_program, checker) => {
      const symbols = checker.getSymbolAtPosition(path, positions);
      const types = checker.getTypeAtPosition(path, positions);
      witnesses.forEach(({ name }, i) => {
        const [symbol, now] = [symbols[i], types[i]];
        const declared = symbol && checker.getTypeOfSymbol(symbol);
        if (!declared?.isUnionType() || now === undefined) return;
        const isNullable = (type: Type): boolean => checker.getNonNullableType(type)?.id !== type.id;
        if (isNullable(declared)) present.set(name, (now.flags & TypeFlags.Never) === 0 && !isNullable(now));
      });
    });
    return present;
  }

  /** The types of the variables that a cell declares, printed. */
  #typesOf({ path, file, declarations }: Placed): Map<string, string> {
    const types = new Map<string, string>();
    const names = declarations.flatMap((one) => (one.kind === "variables" ? one.names : []));
    if (names.length === 0) return types;
    this.engine.program((_program, checker) => {
      const symbols = checker.getSymbolAtPosition(
        path,
        names.map(({ at }) => at),
      );
      const known = names.flatMap(({ name }, i) => (symbols[i] ? [{ name, symbol: symbols[i] }] : []));
      const found = checker.getTypeOfSymbol(known.map(({ symbol }) => symbol));
      known.forEach(({ name }, i) => {
        const type = found[i];
        if (type) types.set(name, checker.typeToString(type, file, PRINT));
      });
    });
    return types;
  }
}
