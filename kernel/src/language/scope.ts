/** What later cells see of earlier ones: a file of declarations, and the lines that bring their names into a cell. */
import { type Declared, type ImportStatement, type Meaning, VALUE } from "./declarations.js";

/** The module in which the declarations of earlier cells stand, and its name in the cells that use it. */
export const SCOPE_MODULE = "./__cotangent_scope__";
const SELF = `import * as $ from "${SCOPE_MODULE}";`;

/** A declaration that has been kept, in a namespace of its own: `export namespace $7 {…}`. */
interface Entry {
  readonly id: number;
  readonly text: string;
  /** The entries whose names are frozen in it. They live as long as it does. */
  readonly refs: ReadonlySet<number>;
  /** How many declarations must be inferred one from another to know its type. */
  readonly depth: number;
  readonly cell: number;
}

interface Binding {
  readonly name: string;
  readonly meaning: Meaning;
  readonly line: string;
  readonly entry: number | null;
  /** The statement that declared it, as the user wrote it. */
  readonly source: string;
  /** For variables. */
  readonly variable?: Variable;
}

interface Variable {
  readonly keyword: "let" | "const";
  readonly doc: string;
}

function variableLine(name: string, entry: number, { keyword, doc }: Variable, present: boolean): string {
  // A comment belongs to what follows only where it begins a line.
  const above = doc === "" ? "" : `\n${doc}\n`;
  const type = `typeof $.$${entry}.${name}`;
  return present
    ? `${above}${keyword} ${name}: ${type} = null! as NonNullable<${type}>;`
    : `${above}declare ${keyword} ${name}: ${type};`;
}

interface Import {
  readonly statement: ImportStatement;
  readonly locals: Set<string>;
}

export const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
export const wordsIn = (text: string): Set<string> => new Set(text.match(WORD) ?? []);

/** Types that print the same everywhere, unless a cell has taken the name. */
const COMMON = wordsIn(
  `any unknown never void undefined null true false string number boolean bigint symbol object unique readonly keyof
   infer this new abstract asserts is Array ReadonlyArray Map ReadonlyMap Set ReadonlySet WeakMap WeakSet Promise PromiseLike
   Date RegExp RegExpMatchArray RegExpExecArray Error TypeError RangeError Function Iterable Iterator IterableIterator
   AsyncIterable AsyncGenerator Generator ArrayIterator MapIterator SetIterator Record Partial Required Pick Omit
   ArrayBuffer ArrayBufferLike SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array
   Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array Buffer URL URLSearchParams AbortSignal
   AbortController`,
);

const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
/** A longer type is not worth printing and reading again for every cell. */
const LONGEST_TYPE = 4000;
const DEEPEST = 20;

/** How a type was printed: text, and the entries it mentions; null where the text would not say the same elsewhere. */
function readable(type: string, bindings: ReadonlyMap<string, Binding>): Set<string> | null {
  if (type.length > LONGEST_TYPE || /[`(]Anonymous|import\(|\btypeof\b|\.\.\.(?! ?\w)/.test(type))
    return null;
  const bare = type.replace(STRING, "0");
  const used = new Set<string>();
  for (const match of bare.matchAll(WORD)) {
    const [word] = match;
    const before = bare[match.index - 1];
    const after = bare.slice(match.index + word.length, match.index + word.length + 2);
    // A property, a parameter, a method, or what follows the dot of a qualified name.
    if (before === "." || /^\??:/.test(after) || (after.startsWith("(") && word !== "new")) continue;
    if (word === "$" || bindings.has(word)) used.add(word);
    else if (!COMMON.has(word)) return null;
  }
  return used;
}

function importLine({ statement, locals }: Import): string {
  const { typeOnly, defaultName, namespaceName, named, from } = statement;
  const clauses: string[] = [];
  if (defaultName !== null && locals.has(defaultName)) clauses.push(defaultName);
  if (namespaceName !== null && locals.has(namespaceName)) clauses.push(`* as ${namespaceName}`);
  const kept = named.filter(({ local }) => locals.has(local)).map(({ text }) => text);
  if (kept.length > 0) clauses.push(`{ ${kept.join(", ")} }`);
  return `import ${typeOnly ? "type " : ""}${clauses.join(", ")} from ${from};`;
}

/** Declarations of one name that belong together: overloads, or what merges. */
interface Group {
  names: Declared["names"];
  readonly texts: string[];
  readonly sources: string[];
  readonly fixed: Set<string>;
}

/** A variable's type as the engine printed it; by name. */
export type PrintedTypes = ReadonlyMap<string, string>;

export class Scope {
  readonly #entries = new Map<number, Entry>();
  /** By meaning and name, oldest first. */
  #values = new Map<string, Binding>();
  #types = new Map<string, Binding>();
  #imports: Import[] = [];
  /** What stands at the top of the file as it is. */
  readonly #fileLines = new Map<string, string>();
  #lastId = 0;

  /** Every name that cells have declared, and imported. */
  names(): string[] {
    return [...this.#all().keys()];
  }

  /** The statement that declared a name, as the user wrote it; null for a name that no cell declared. */
  sourceOf(name: string): string | null {
    return (this.#values.get(name) ?? this.#types.get(name))?.source ?? null;
  }

  /**
   * The lines to put before a cell.
   *
   * @param wanted the names to bring in; imports come always, because a change of imports costs the engine time
   * @param own the cell's own declarations, which take the place of earlier ones
   */
  header(
    wanted: ReadonlySet<string> | null,
    own: readonly { name: string; meaning: Meaning }[] = [],
  ): string {
    const taken = new Map<string, number>();
    for (const { name, meaning } of own) taken.set(name, (taken.get(name) ?? 0) | meaning);
    const lines = [SELF];
    for (const { statement, locals } of this.#imports) {
      const left = new Set([...locals].filter((local) => !taken.has(local)));
      if (left.size > 0) lines.push(importLine({ statement, locals: left }));
    }
    for (const [text, name] of this.#fileLines)
      if (name !== "" && !taken.has(name) && (wanted === null || wanted.has(name))) lines.push(text);
    const bindings = new Set([...this.#values.values(), ...this.#types.values()]);
    for (const { name, meaning, line } of bindings)
      if ((wanted === null || wanted.has(name)) && !((taken.get(name) ?? 0) & meaning)) lines.push(line);
    return `${lines.join(" ")}\n`;
  }

  /** Where a place in the scope's own text comes from: the cell, and the line of it that stands there. */
  locate(offset: number): { readonly cell: number; readonly line: string; readonly column: number } | null {
    const text = this.text();
    const opening = text.lastIndexOf("\nexport namespace $", offset);
    const entry = this.#entries.get(
      Number(/^\nexport namespace \$(\d+) /.exec(text.slice(opening, offset + 1))?.[1]),
    );
    if (entry === undefined) return null;
    const begin = text.lastIndexOf("\n", offset - 1) + 1;
    const whole = text.slice(begin, text.indexOf("\n", offset));
    const line = whole.replace(/^export /, "");
    return { cell: entry.cell, line, column: offset - begin - (whole.length - line.length) };
  }

  /** The text of the scope's own module. */
  text(): string {
    const entries = [...this.#entries.values()].map(
      ({ id, text }) => `export namespace $${id} {\n${text}\n}`,
    );
    const ambient = [...this.#fileLines].filter(([, name]) => name === "").map(([text]) => text);
    return `${this.header(null)}${ambient.join("\n")}\n${entries.join("\n")}\n`;
  }

  /** Take up what a cell declares. */
  add(cell: number, declarations: readonly Declared[], types: PrintedTypes): void {
    const all = declarations.flatMap(({ names }) => names);
    if (all.length === 0 && !declarations.some(({ kind }) => kind === "file")) return;
    /** Before the cell's own names are bound, for what its initialisers mean. */
    const before = this.#all();
    for (const { name, meaning } of all) this.#forget(name, meaning);
    // Functions, classes and types first, because variables' types name them.
    const order = { import: 0, file: 1, verbatim: 2, variables: 3 };
    const sorted = declarations.toSorted((a, b) => order[a.kind] - order[b.kind]);
    const groups = new Map<string, Group>();
    for (const one of sorted) {
      if (one.kind === "import") {
        this.#imports.push({ statement: one.statement, locals: new Set(one.names.map(({ name }) => name)) });
      } else if (one.kind === "file") {
        this.#fileLines.set(one.text, one.names[0]?.name ?? "");
      } else if (one.kind === "verbatim") {
        // Overloads, and declarations that merge, stay together.
        const key = one.names[0]!.name;
        const group = groups.get(key) ?? {
          names: one.names,
          texts: [],
          sources: [],
          fixed: new Set<string>(),
        };
        const meaning = (group.names[0]!.meaning | one.names[0]!.meaning) as Meaning;
        group.names = [{ ...group.names[0]!, meaning }];
        group.texts.push(one.text);
        group.sources.push(one.source);
        for (const word of one.fixed) group.fixed.add(word);
        groups.set(key, group);
      }
    }
    const fresh: { id: number; fixed: ReadonlySet<string>; text: string; own: string }[] = [];
    for (const [own, { names, texts, sources, fixed }] of groups) {
      const id = ++this.#lastId;
      const { name, meaning } = names[0]!;
      this.#bind({
        name,
        meaning,
        line: `import ${name} = $.$${id}.${name};`,
        entry: id,
        source: sources.join("\n"),
      });
      fresh.push({ id, fixed, text: texts.join("\n"), own });
    }
    const after = this.#all();
    for (const { id, fixed, text, own } of fresh) {
      const frozen = this.#freeze(fixed, own === "" ? new Set() : new Set([own]), after);
      this.#entries.set(id, { id, text: `${frozen.lines}\n${text}`, refs: frozen.refs, depth: 0, cell });
    }
    for (const one of sorted) if (one.kind === "variables") this.#addVariables(cell, one, types, before);
    this.#sweep();
  }

  #addVariables(
    cell: number,
    one: Extract<Declared, { kind: "variables" }>,
    types: PrintedTypes,
    before: ReadonlyMap<string, Binding>,
  ): void {
    const keyword = one.constant ? "const" : "let";
    const bindings = this.#all();
    const printed = one.names.map(({ name }) => {
      const type = types.get(name) ?? "any";
      return { name, type, used: readable(type, bindings) };
    });
    const id = ++this.#lastId;
    let text: string;
    let refs = new Set<number>();
    let depth = 0;
    const own = new Set(one.names.map(({ name }) => name));
    const asPrinted = () => {
      const used = new Set(printed.flatMap(({ used }) => [...(used ?? [])]));
      const frozen = this.#freeze(used, own, bindings);
      refs = frozen.refs;
      for (const { type } of printed)
        for (const [, n] of type.matchAll(/\$\.\$(\d+)\./g)) refs.add(Number(n));
      return (
        frozen.lines +
        printed
          .map(
            ({ name, type, used }) => `export declare ${keyword} ${name}: ${used === null ? "any" : type};`,
          )
          .join(" ")
      );
    };
    if (one.text === null || printed.every(({ used }) => used !== null)) text = asPrinted();
    else {
      // Its type cannot be said in words, so the initialiser is kept, with every name in it as it was.
      const frozen = this.#freeze(wordsIn(one.text), own, new Map([...before, ...bindings]));
      depth = 1 + Math.max(0, ...[...frozen.refs].map((ref) => this.#entries.get(ref)?.depth ?? 0));
      if (depth > DEEPEST) {
        text = asPrinted();
        depth = 0;
      } else {
        text = frozen.lines + one.text;
        refs = frozen.refs;
      }
    }
    this.#entries.set(id, { id, text, refs, depth, cell });
    for (const { name } of one.names) {
      const variable: Variable = { keyword, doc: one.doc };
      this.#forget(name, VALUE);
      this.#bind({
        name,
        meaning: VALUE,
        line: variableLine(name, id, variable, false),
        entry: id,
        source: one.source,
        variable,
      });
    }
  }

  /** Aliases that hold names to what they mean now. */
  #freeze(
    words: ReadonlySet<string>,
    except: ReadonlySet<string>,
    bindings: ReadonlyMap<string, Binding>,
  ): { lines: string; refs: Set<number> } {
    const refs = new Set<number>();
    let lines = "";
    for (const word of words) {
      const entry = bindings.get(word)?.entry ?? null;
      if (entry === null || except.has(word)) continue;
      lines += `import ${word} = $.$${entry}.${word}; `;
      refs.add(entry);
    }
    return { lines, refs };
  }

  #all(): Map<string, Binding> {
    const all = new Map([...this.#types, ...this.#values]);
    for (const { locals } of this.#imports)
      for (const name of locals)
        if (!all.has(name)) all.set(name, { name, meaning: 3, line: "", entry: null, source: "" });
    return all;
  }

  #bind(binding: Binding): void {
    if (binding.meaning & 1) this.#values.set(binding.name, binding);
    if (binding.meaning & 2) this.#types.set(binding.name, binding);
  }

  #forget(name: string, meaning: Meaning): void {
    const value = this.#values.get(name);
    const type = this.#types.get(name);
    // A class is one binding with two meanings: both go together.
    if (value !== undefined && value.meaning & meaning) this.#values.delete(name);
    if (type !== undefined && type.meaning & meaning) this.#types.delete(name);
    for (const one of this.#imports) one.locals.delete(name);
    this.#imports = this.#imports.filter(({ locals }) => locals.size > 0);
    for (const [text, own] of this.#fileLines) if (own === name) this.#fileLines.delete(text);
  }

  /**
   * What is known of variables at the end of a cell: `let x: A | null` may be an A by now, as it would be in one file.
   *
   * @param present by name, whether the variable is neither null nor undefined
   * @returns whether anything has changed
   */
  narrow(present: ReadonlyMap<string, boolean>): boolean {
    let changed = false;
    for (const [name, isPresent] of present) {
      const binding = this.#values.get(name);
      if (binding?.variable === undefined || binding.entry === null) continue;
      const line = variableLine(name, binding.entry, binding.variable, isPresent);
      if (line === binding.line) continue;
      this.#values.set(name, { ...binding, line });
      changed = true;
    }
    return changed;
  }

  /** The variables among some words. */
  variables(words: ReadonlySet<string>): string[] {
    return [...words].filter((word) => this.#values.get(word)?.variable !== undefined);
  }

  /** Drop the entries that no name leads to any more. */
  #sweep(): void {
    const live = new Set<number>();
    const visit = (id: number | null): void => {
      if (id === null || live.has(id)) return;
      live.add(id);
      this.#entries.get(id)?.refs.forEach(visit);
    };
    for (const { entry } of [...this.#values.values(), ...this.#types.values()]) visit(entry);
    for (const id of this.#entries.keys()) if (!live.has(id)) this.#entries.delete(id);
  }
}
