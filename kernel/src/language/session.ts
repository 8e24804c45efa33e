/** A notebook's session with the engine: one cell after another is checked against what came before it. */
import { CompletionItemKind, NodeBuilderFlags } from "typescript/unstable/sync";
import type { SourceFile } from "typescript/unstable/ast";

import type { CellSource, Checked, Completion } from "../core/ports.js";
import { declarationsOf, type Declared } from "./declarations.js";
import { counts, toTypeDiagnostic } from "./diagnostics.js";
import { Engine } from "./engine.js";
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
}

const OPENS_BRACE = /^\s*\{/;
const ENDS_STATEMENT = /;\s*$/;
const LOOKS_LIKE_JSX = /<\/|\/>|<>/;
const PRINT =
  NodeBuilderFlags.NoTruncation |
  NodeBuilderFlags.AllowUniqueESSymbolType |
  NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;

/** The kernel's own globals are constants, and constants are no properties of the global object. */
const HOST_NAMES: readonly Completion[] = ["display", "jupyter", "require", "__dirname", "__filename"].map(
  (text) => ({
    text,
    type: "function",
  }),
);

export class Session {
  readonly engine: Engine;
  readonly scope = new Scope();
  readonly files: ProjectFiles;
  readonly #texts = new Map<string, string>();
  #implicitAny = false;
  /** The cell that was placed last; its types can still be asked for. */
  #placed: { readonly id: number; readonly cell: Placed } | null = null;

  constructor(folder: string, onStart: (pid: number | undefined) => void) {
    this.files = projectFiles(folder);
    this.engine = new Engine({ folder, config: this.files.config, files: this.#texts, onStart });
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
    this.check({ id: 0, source: "console.log([1].map(String), new Map())" });
    this.globals();
    return trouble === null ? null : `tsconfig.json: ${trouble} What it says right is used all the same.`;
  }

  check({ id, source }: CellSource): Checked {
    const cell = this.place(id, source);
    const { syntactic, semantic } = this.engine.diagnostics(cell.path);
    const mapping = { path: cell.path, from: cell.from, source, implicitAny: this.#implicitAny };
    const found = [...syntactic, ...semantic]
      .filter((diagnostic) => counts(diagnostic, mapping))
      .sort((a, b) => a.pos - b.pos);
    return { diagnostics: found.map((one) => toTypeDiagnostic(one, mapping, () => null)) };
  }

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
  accept({ id, source }: CellSource): void {
    const cell = this.#placed?.id === id ? this.#placed.cell : this.place(id, source);
    if (cell.declarations.length === 0) return;
    this.scope.add(id, cell.declarations, this.#typesOf(cell));
    this.engine.write(this.files.scope, this.scope.text());
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
    const write = (header: string): Placed => {
      const from = header.length + open.length;
      const text = header + open + source + close;
      this.engine.write(path, text);
      const file = this.engine.sourceFile(path);
      return { path, from, text, file, declarations: declarationsOf(file, header.length) };
    };
    const header = this.scope.header(wanted);
    const cell = write(header);
    const own = cell.declarations.flatMap(({ names }) => names);
    if (own.length === 0) return cell;
    // What the cell declares itself takes the place of what earlier cells declared.
    const better = this.scope.header(wanted, own);
    return better === header ? cell : write(better);
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
