/** What is certain about a value before the program runs: above all, that it is not a recorded number. */
import { ARITY } from "./functions-of-math.js";
import type { Binding, Scopes, Write } from "./scopes.js";
import { type AnyNode, type Kind, type Of, walk } from "./tree.js";

/**
 * `nothing` is written nowhere yet; `function` and `floats` (a typed array, whose elements are plain) are plain, too;
 * `unknown` may be a recorded number.
 */
export type Value = "nothing" | "function" | "floats" | "plain" | "unknown";

export interface Kinds {
  of(node: AnyNode): Value;
  isPlain(node: AnyNode): boolean;
  /** Whether the node is this global, and not a variable of the same name. */
  isGlobal(node: AnyNode, name: string): boolean;
}

const join = (a: Value, b: Value): Value => {
  if (a === b || b === "nothing") return a;
  if (a === "nothing") return b;
  return a === "unknown" || b === "unknown" ? "unknown" : "plain";
};
const plainIf = (...values: readonly Value[]): Value => (values.includes("unknown") ? "unknown" : "plain");

const TYPED_ARRAY = /^(?:Float(?:16|32|64)|Int(?:8|16|32)|Uint(?:8|16|32)|Uint8Clamped)Array$/;
const CONSTANTS = new Set(["undefined", "NaN", "Infinity"]);
const COMPARES = new Set(["==", "!=", "===", "!==", "<", "<=", ">", ">=", "in", "instanceof"]);
const ALWAYS_PLAIN = new Set(["typeof", "!", "void", "delete"]);
/** Names of arrays and strings: an object that has others may well have a `length` that is recorded. */
const OF_LISTS = new Set(
  [Array, String, Float64Array].flatMap(({ prototype }) => [
    ...Object.getOwnPropertyNames(prototype),
    ...Object.getOwnPropertyNames(Object.getPrototypeOf(prototype) as object),
  ]),
);

/** Names of variables that have properties which lists do not have. */
function objectsIn(program: AnyNode): ReadonlySet<string> {
  const found = new Set<string>();
  walk(program, (node) => {
    if (node.type === "MemberExpression" && !node.computed && node.object.type === "Identifier")
      if (node.property.type === "Identifier" && !OF_LISTS.has(node.property.name))
        found.add(node.object.name);
    return true;
  });
  return found;
}

/** Whether some object in the text is given a `length`. */
function definesLength(program: AnyNode): boolean {
  let found = false;
  walk(program, (node) => {
    if (node.type === "Property" || node.type === "PropertyDefinition" || node.type === "MethodDefinition")
      found ||= node.key.type === "Identifier" && node.key.name === "length" && !node.computed;
    if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression")
      found ||= node.left.property.type === "Identifier" && node.left.property.name === "length";
    return !found;
  });
  return found;
}

export function analyseKinds(program: AnyNode, scopes: Scopes): Kinds {
  const objects = objectsIn(program);
  const lengthIsPlain = !definesLength(program);
  const known = new Map<Binding, Value>();
  const isGlobal = (node: AnyNode, name: string): boolean =>
    node.type === "Identifier" && node.name === name && scopes.bindingOf(node) === undefined;

  /** One row a kind of expression; what has no row is unknown. */
  const rows: { readonly [K in Kind]?: (node: Of<K>) => Value } = {
    Literal: () => "plain",
    TemplateLiteral: () => "plain",
    ThisExpression: () => "plain",
    ArrayExpression: () => "plain",
    ObjectExpression: () => "plain",
    MetaProperty: () => "plain",
    FunctionExpression: () => "function",
    FunctionDeclaration: () => "function",
    ArrowFunctionExpression: () => "function",
    ClassExpression: () => "function",
    ClassDeclaration: () => "function",
    NewExpression: ({ callee }) =>
      callee.type === "Identifier" && TYPED_ARRAY.test(callee.name) && isGlobal(callee, callee.name)
        ? "floats"
        : "plain",
    Identifier(node) {
      const binding = scopes.bindingOf(node);
      if (binding) return known.get(binding) ?? "nothing";
      return CONSTANTS.has(node.name) ? "plain" : "unknown";
    },
    ParenthesizedExpression: ({ expression }) => of(expression),
    SequenceExpression: ({ expressions }) => of(expressions.at(-1)!),
    ConditionalExpression: (node) => join(of(node.consequent), of(node.alternate)),
    LogicalExpression: (node) => join(of(node.left), of(node.right)),
    AssignmentExpression: (node) =>
      node.operator === "=" ? of(node.right) : plainIf(of(node.left), of(node.right)),
    UpdateExpression: ({ argument }) => plainIf(of(argument)),
    UnaryExpression: (node) => (ALWAYS_PLAIN.has(node.operator) ? "plain" : plainIf(of(node.argument))),
    BinaryExpression: (node) =>
      COMPARES.has(node.operator) ? "plain" : plainIf(of(node.left), of(node.right)),
    MemberExpression(node) {
      const { object, property } = node;
      if (node.computed) return of(object) === "floats" ? "plain" : "unknown";
      if (property.type !== "Identifier") return "unknown";
      if (isGlobal(object, "Math") || isGlobal(object, "Number"))
        return property.name === property.name.toUpperCase() ? "plain" : "function";
      const isList = object.type !== "Identifier" || !objects.has(object.name);
      return property.name === "length" && lengthIsPlain && isList ? "plain" : "unknown";
    },
    CallExpression({ callee, arguments: given }) {
      if (callee.type !== "MemberExpression" || callee.computed || !isGlobal(callee.object, "Math"))
        return "unknown";
      if (callee.property.type !== "Identifier" || !ARITY.has(callee.property.name)) return "unknown";
      return plainIf(
        ...given.map((argument) => (argument.type === "SpreadElement" ? "unknown" : of(argument))),
      );
    },
  };
  /** What has been asked before, once nothing changes any more: every operation of a long sum asks for all of its terms. */
  const answers = new Map<AnyNode, Value>();
  let isSettled = false;
  const asked = (node: AnyNode): Value =>
    (rows[node.type] as ((node: AnyNode) => Value) | undefined)?.(node) ?? "unknown";
  const of = (node: AnyNode): Value => {
    if (!isSettled) return asked(node);
    const known = answers.get(node) ?? asked(node);
    answers.set(node, known);
    return known;
  };
  const written = (value: Write): Value =>
    value === "unknown" ? "unknown" : value === "text" ? "plain" : of(value);

  // From nothing upwards until nothing changes: the least that all writes allow.
  for (let changed = true; changed;) {
    changed = false;
    for (const binding of scopes.bindings) {
      const before = known.get(binding) ?? "nothing";
      const after = binding.writes.map(written).reduce(join, before);
      if (after === before) continue;
      known.set(binding, after);
      changed = true;
    }
  }
  isSettled = true;
  return { of, isPlain: (node) => of(node) !== "unknown", isGlobal };
}
