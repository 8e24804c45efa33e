/** Which variables of a function are used as numbers alone, so that a recorded one can be two variables: its value, and its node. */
import { type Context, isPlain } from "../context.js";
import { nameInMath } from "../rules/members.js";
import type { Binding } from "../scopes.js";
import { type AnyNode, bare, childrenOf, type FunctionNode, type Kind, type Of } from "../tree.js";

export const ARITHMETIC = new Set(["+", "-", "*", "/", "%", "**"]);
export const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!=", "===", "!=="]);

const isWord = (node: AnyNode): boolean => {
  const inner = bare(node);
  return (inner.type === "Literal" && typeof inner.value !== "number") || inner.type === "TemplateLiteral";
};

/** `kind === "call"`: a comparison with what is no number. */
export const isWithWord = ({ left, right }: Of<"BinaryExpression">): boolean =>
  isWord(left as AnyNode) || isWord(right);

/** The children of a node that must be numbers: one row a kind of node. `candidate`: whether a name may be such a variable. */
type NumberChildren = (node: never, candidate: (node: AnyNode) => boolean, cx: Context) => readonly AnyNode[];

const rows: { readonly [K in Kind]?: NumberChildren } = {
  BinaryExpression: (node: Of<"BinaryExpression">) =>
    ARITHMETIC.has(node.operator) || (COMPARISONS.has(node.operator) && !isWithWord(node))
      ? [node.left as AnyNode, node.right]
      : [],
  UnaryExpression: ({ argument, operator }: Of<"UnaryExpression">) =>
    operator === "-" || operator === "+" || operator === "!" ? [argument] : [],
  LogicalExpression: ({ left, right }: Of<"LogicalExpression">) => [left, right],
  ConditionalExpression: ({ test, consequent, alternate }: Of<"ConditionalExpression">) => [
    test,
    consequent,
    alternate,
  ],
  CallExpression: ({ callee, arguments: given }: Of<"CallExpression">, _candidate, cx) =>
    nameInMath(callee, cx) === null ? [] : given,
  AssignmentExpression: ({ left, right, operator }: Of<"AssignmentExpression">, candidate) =>
    candidate(left) && (operator === "=" || ARITHMETIC.has(operator.slice(0, -1))) ? [left, right] : [],
  UpdateExpression: ({ argument }: Of<"UpdateExpression">) => [argument],
  VariableDeclarator: ({ id, init }: Of<"VariableDeclarator">, candidate) =>
    candidate(id) ? [id, ...(init ? [init] : [])] : [],
  ReturnStatement: ({ argument }: Of<"ReturnStatement">) => (argument ? [argument] : []),
  // Of what is returned in an array or in an object, the parts.
  ArrayExpression: ({ elements }: Of<"ArrayExpression">) => elements.filter((element) => element !== null),
  Property: ({ value }: Of<"Property">) => [value],
  IfStatement: ({ test }: Of<"IfStatement">) => [test],
  WhileStatement: ({ test }: Of<"WhileStatement">) => [test],
  ForStatement: ({ test }: Of<"ForStatement">) => (test ? [test] : []),
};

/** The variables of a `for (const x of xs)`. */
const loopVariable = (node: AnyNode): AnyNode | null =>
  node.type === "ForOfStatement" && node.left.type === "VariableDeclaration"
    ? node.left.declarations[0]!.id
    : null;

/** @returns the variables declared in the function that are nowhere anything but numbers, and may be recorded */
export function numericVariables(node: FunctionNode, cx: Context): ReadonlySet<Binding> {
  const { scopes } = cx.shared;
  const declared = new Set<Binding>();
  const add = (id: AnyNode): void => {
    const binding = id.type === "Identifier" ? scopes.bindingOf(id) : undefined;
    if (binding && !isPlain(cx, id)) declared.add(binding);
  };
  node.params.forEach(add);
  const collect = (inside: AnyNode): void => {
    if (inside.type === "VariableDeclarator") add(inside.id);
    childrenOf(inside).forEach(collect);
  };
  collect(node.body);

  const candidate = (at: AnyNode): boolean => {
    const binding = at.type === "Identifier" ? scopes.bindingOf(at) : undefined;
    return binding !== undefined && declared.has(binding);
  };
  for (let changed = true; changed;) {
    changed = false;
    const visit = (at: AnyNode, isNumber: boolean): void => {
      const inner = bare(at);
      if (inner.type === "Identifier") {
        const binding = scopes.bindingOf(inner);
        if (binding && !isNumber && declared.delete(binding)) changed = true;
        return;
      }
      const numbers = rows[inner.type]?.(inner as never, candidate, cx) ?? [];
      const own = loopVariable(inner);
      for (const child of childrenOf(inner)) {
        if (own && inner.type === "ForOfStatement" && child === inner.left) continue;
        visit(child, numbers.includes(child));
      }
    };
    if (node.body.type === "BlockStatement") visit(node.body, false);
    else visit(node.body, true);
  }
  return declared;
}
