/**
 * The text of a kernel that is being written: its lines, and the variables in scope. Every variable gets a name of its own: gpu.js
 * 2.24.1 confuses a variable with the one that it shadows.
 */
import type { AnyNode, ForStatement } from "acorn";
import { excerpt, GpuKernelError, type KernelSyntax } from "./syntax.js";

/** A value, and its tangent; null where that is 0. Both are short texts: names or numbers. */
export interface Dual {
  readonly v: string;
  readonly d: string | null;
}

/** What the outside says to a kernel's reading. */
export interface Surroundings {
  /** Value and tangent of an element of an argument. @param path the nodes of its indices, outermost first */
  element(parameter: string, index: readonly string[], path: readonly AnyNode[]): Dual;
  /** `this.thread.x`, `this.output.y`, `this.constants.n`, by their last two names; undefined where there is none. */
  property(group: string, name: string): string | undefined;
  /** In place of a loop; false: as it is written. */
  loop(node: ForStatement, writer: Writer): boolean;
  /** In place of what `return` would do. */
  result(value: Dual): readonly string[];
}

interface Variable {
  readonly name: string;
  /** Whether it has a tangent of its own, `name_d`. */
  readonly active: boolean;
}

/** A zero that the compiler does not take for an integer. */
export const ZERO = "(0.5 - 0.5)";

/** What a reader of syntax does with each kind of node. */
export type Handlers<R> = {
  readonly [T in AnyNode["type"]]?: (node: Extract<AnyNode, { type: T }>, writer: Writer) => R;
};

export class Writer {
  readonly lines: string[] = [];
  readonly syntax: KernelSyntax;
  readonly around: Surroundings;
  readonly #scopes: Map<string, Variable>[] = [new Map()];
  #count = 0;

  constructor(syntax: KernelSyntax, around: Surroundings) {
    this.syntax = syntax;
    this.around = around;
  }

  /** @throws GpuKernelError, always, with the place */
  fail(node: AnyNode, what: string): never {
    throw new GpuKernelError(
      `${this.syntax.name}: ${what}: ${excerpt(this.syntax.text.slice(node.start, node.end))}.`,
    );
  }

  /** A statement that gives an expression a name. */
  named(expression: string): string {
    const name = `v${this.#count++}`;
    this.lines.push(`const ${name} = ${expression};`);
    return name;
  }

  declare(name: string, active: boolean): Variable {
    const variable = { name: `u${this.#count++}`, active };
    this.#scopes.at(-1)!.set(name, variable);
    return variable;
  }

  /** A variable that is there already, by another name. */
  bind(name: string, text: string): void {
    this.#scopes.at(-1)!.set(name, { name: text, active: false });
  }

  lookup(name: string): Variable | undefined {
    return this.#scopes.findLast((scope) => scope.has(name))?.get(name);
  }

  /** Write with a scope of its own. */
  scoped(write: () => void): void {
    this.#scopes.push(new Map());
    write();
    this.#scopes.pop();
  }

  /** Texts for a place that cannot have statements: the names that were made for them are put back into them. */
  inline(write: () => readonly string[]): string[] {
    const before = this.lines.length;
    const texts = write();
    const made = this.lines.splice(before);
    return texts.map((text) =>
      made.reduceRight((so, line) => {
        const [, name, value] = /^const (\w+) = (.*);$/.exec(line)!;
        return so.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `(${value})`);
      }, text),
    );
  }
}
