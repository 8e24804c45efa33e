/** Scope analysis: which declaration each name in the text means, and every value that is written to it. */
import { namesIn } from "./patterns.js";
import { type AnyNode, childrenOf, isFunction, type Of, unwrapped, walk } from "./tree.js";

/** A value written to a variable: the expression, or something that only the running program knows. */
export type Write = AnyNode | "unknown" | "text";

export interface Binding {
  readonly name: string;
  readonly writes: Write[];
}

export interface Scopes {
  /** What an identifier means; undefined is a global, or a name of another cell. */
  bindingOf(node: AnyNode): Binding | undefined;
  readonly bindings: readonly Binding[];
}

class Scope {
  readonly names = new Map<string, Binding>();
  readonly parent: Scope | null;

  constructor(parent: Scope | null) {
    this.parent = parent;
  }

  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.parent?.find(name);
  }
}

const SCOPES = new Set([
  "BlockStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "SwitchStatement",
  "CatchClause",
  "StaticBlock",
  "ClassDeclaration",
  "ClassExpression",
]);

/** `var`s below `root`, those of inner functions excepted. */
function varsBelow(root: AnyNode): string[] {
  const names: string[] = [];
  walk(root, (node) => {
    if (node !== root && (isFunction(node) || node.type === "StaticBlock")) return false;
    if (node.type === "VariableDeclaration" && node.kind === "var")
      names.push(...node.declarations.flatMap(({ id }) => namesIn(id)));
    return true;
  });
  return names;
}

function statementsOf(node: AnyNode): readonly AnyNode[] {
  if (node.type === "Program" || node.type === "BlockStatement" || node.type === "StaticBlock")
    return node.body;
  if (node.type === "SwitchStatement") return node.cases.flatMap(({ consequent }) => consequent);
  if (node.type === "ForStatement") return node.init ? [node.init] : [];
  if (node.type === "ForInStatement" || node.type === "ForOfStatement") return [node.left];
  return [];
}

const exported = (node: AnyNode): AnyNode =>
  (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration") && node.declaration
    ? node.declaration
    : node;

/** Writes of a `for (… of …)`: any value; of a `for (… in …)`: a string. */
const loopWrite = (node: AnyNode): Write => (node.type === "ForInStatement" ? "text" : "unknown");

/** @param openTop whether code outside this text may write to its top-level names, as other cells can */
export function analyseScopes(program: Of<"Program">, openTop: boolean): Scopes {
  const meaning = new Map<AnyNode, Binding>();
  const bindings: Binding[] = [];
  const pending: (() => void)[] = [];

  function declare(scope: Scope, name: string, ...writes: Write[]): void {
    let binding = scope.names.get(name);
    if (binding === undefined) {
      binding = { name, writes: [] };
      scope.names.set(name, binding);
      bindings.push(binding);
    }
    binding.writes.push(...writes);
  }

  function declareLexical(scope: Scope, node: AnyNode): void {
    for (const statement of statementsOf(node).map(exported)) {
      if (statement.type === "VariableDeclaration" && statement.kind !== "var")
        for (const name of statement.declarations.flatMap(({ id }) => namesIn(id))) declare(scope, name);
      if ((statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") && statement.id)
        declare(scope, statement.id.name, statement);
      if (statement.type === "ImportDeclaration")
        for (const { local } of statement.specifiers) declare(scope, local.name, "unknown");
      let labelled: AnyNode = statement;
      while (labelled.type === "LabeledStatement") labelled = labelled.body;
      if (labelled !== statement && labelled.type === "FunctionDeclaration" && labelled.id)
        declare(scope, labelled.id.name, labelled);
    }
  }

  /** Written when all names are known, because a function may write to a variable declared below it. */
  const write = (scope: Scope, target: AnyNode, value: Write): void => {
    pending.push(() => {
      const node = unwrapped(target);
      if (node.type === "Identifier") scope.find(node.name)?.writes.push(value);
      else for (const name of namesIn(node)) scope.find(name)?.writes.push("unknown");
    });
  };

  /** One row a kind of node that writes to variables. */
  const writers: Partial<Record<AnyNode["type"], (node: never, scope: Scope) => void>> = {
    VariableDeclarator(node: Of<"VariableDeclarator">, scope: Scope) {
      if (node.init) write(scope, node.id, node.init);
    },
    AssignmentExpression(node: Of<"AssignmentExpression">, scope: Scope) {
      // Of `x += e` the sum is certain where x and e are: x is, so far as its other writes are.
      write(scope, node.left, node.right);
    },
    ForInStatement: (node: Of<"ForInStatement">, scope: Scope) => loop(node, scope),
    ForOfStatement: (node: Of<"ForOfStatement">, scope: Scope) => loop(node, scope),
  };
  function loop(node: Of<"ForInStatement"> | Of<"ForOfStatement">, scope: Scope): void {
    const target = node.left.type === "VariableDeclaration" ? node.left.declarations[0]!.id : node.left;
    write(scope, target, loopWrite(node));
  }

  function enter(node: AnyNode, scope: Scope): Scope {
    if (isFunction(node)) {
      let outer = scope;
      if (node.type === "FunctionExpression" && node.id) {
        outer = new Scope(scope);
        declare(outer, node.id.name, node);
      }
      const inner = new Scope(outer);
      for (const name of node.params.flatMap(namesIn)) declare(inner, name, "unknown");
      if (node.type !== "ArrowFunctionExpression" && !inner.names.has("arguments"))
        declare(inner, "arguments", "unknown");
      for (const name of varsBelow(node)) declare(inner, name);
      return inner;
    }
    if (!SCOPES.has(node.type)) return scope;
    const inner = new Scope(scope);
    if (node.type === "CatchClause") for (const name of namesIn(node.param)) declare(inner, name, "unknown");
    if (node.type === "StaticBlock") for (const name of varsBelow(node)) declare(inner, name);
    if (node.type === "ClassExpression" && node.id) declare(inner, node.id.name, node);
    declareLexical(inner, node);
    return inner;
  }

  function visit(node: AnyNode, outer: Scope): void {
    const scope = enter(node, outer);
    if (node.type === "Identifier")
      pending.push(() => {
        const binding = scope.find(node.name);
        if (binding) meaning.set(node, binding);
      });
    writers[node.type]?.(node as never, scope);
    for (const child of childrenOf(node)) {
      const isName =
        (node.type === "MemberExpression" && child === node.property && !node.computed) ||
        ((node.type === "Property" ||
          node.type === "MethodDefinition" ||
          node.type === "PropertyDefinition") &&
          child === node.key &&
          !node.computed &&
          !(node.type === "Property" && node.shorthand));
      if (!isName) visit(child, scope);
    }
  }

  const top = new Scope(null);
  for (const name of varsBelow(program)) declare(top, name);
  declareLexical(top, program);
  visit(program, top);
  for (const act of pending) act();
  if (openTop) for (const binding of top.names.values()) binding.writes.push("unknown");
  walk(program, (node) => {
    if (node.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "eval")
      for (const binding of bindings) binding.writes.push("unknown");
    return true;
  });
  return { bindingOf: (node) => meaning.get(node), bindings };
}
